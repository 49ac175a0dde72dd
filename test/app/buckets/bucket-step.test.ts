import { describeBucketStep } from '../../helpers/bucket-suite.ts';
import { startInfluxDouble } from '../../helpers/influx-double.ts';

describeBucketStep('Bucket step on a double', {}, () => startInfluxDouble());

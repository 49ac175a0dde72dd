/** Node's HTTPS, loaded at its first use: most engines and databases are reached without, and it takes 10 ms of a start. */

import process from 'node:process';

export const https = () => process.getBuiltinModule('node:https');

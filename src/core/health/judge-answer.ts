/** What an answer on a health path means for the service that gave it. */

import { readDeploymentMode } from '../mode/read-mode.ts';
import type { HealthAnswer } from './health-answer.ts';

/** `starting`: it answers and says that it is not ready yet. */
export type Wellness = 'well' | 'starting' | 'degraded' | 'unwell';

const startingWords = ['initializing', 'initialising', 'starting', 'loading', 'warming', 'warming_up'];
const degradedWords = ['degraded', 'warning', 'warn', 'partial'];
const unwellWords = ['unhealthy', 'error', 'fail', 'failed', 'down', 'critical', 'not_ready'];

/**
 * The word counts more than the status: HomeIQ's ingestion answers 200 whatever it says. A word that nobody knows is
 * no fault, and a status below 500 is an answer: Home Assistant's 401 means that it is up.
 */
export function judgeAnswer({ status, word }: Pick<HealthAnswer, 'status' | 'word'>): Wellness {
  if (word !== undefined && unwellWords.includes(word)) return 'unwell';
  if (word !== undefined && degradedWords.includes(word)) return 'degraded';
  if (word !== undefined && startingWords.includes(word)) return 'starting';
  return status >= 500 ? 'unwell' : 'well';
}

/** Which mode a service says it is of, and who says so. */
export type ToldMode =
  | { readonly kind: 'told'; readonly mode: string; readonly by: 'health' | 'environment' }
  | { readonly kind: 'unknown' };

/** The health answer's own block first; where it has none, as with most services, the container's environment. */
export function toldMode(
  answer: Pick<HealthAnswer, 'mode'> | undefined,
  environment: Readonly<Record<string, string>>,
): ToldMode {
  if (answer?.mode !== undefined) return { kind: 'told', mode: nameOf(answer.mode), by: 'health' };
  const { DEPLOYMENT_MODE: own } = environment;
  return own === undefined ? { kind: 'unknown' } : { kind: 'told', mode: nameOf(own), by: 'environment' };
}

/** `Production ` is production; a word that is no mode stays as it is. */
function nameOf(text: string): string {
  const reading = readDeploymentMode(text);
  return reading.kind === 'mode' ? reading.mode : reading.text;
}

/** Telling Home Assistant's own answers from those of others, and answers in words. */

import { cutText } from '../../core/text/sanitise.ts';
import { oneLine } from '../http/describe-unreachable.ts';
import type { HttpAnswer } from './ask.ts';

export const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;

/** What every Home Assistant says to a request without a token that it takes. */
export const isOwnRefusal = ({ status, text }: HttpAnswer): boolean =>
  status === 401 && text.trim() === '401: Unauthorized';

/** A proxy whose backend is away, or comes up. */
export const isPassing = ({ status }: HttpAnswer): boolean => status >= 502 && status <= 504;

export const isRedirect = ({ status }: HttpAnswer): boolean => status >= 300 && status < 400;

export function describeAnswer(answer: HttpAnswer): string {
  if (isRedirect(answer)) {
    return `a redirect to ${oneLine((answer.location ?? 'another address').replace(/[?#].*$/, ''))}`;
  }
  const what = answer.contentType.startsWith('text/html') ? 'a web page, ' : '';
  const said = cutText(oneLine(answer.text), 80);
  return `${what}HTTP ${answer.status}${said === '' ? '' : `: ${said}`}`;
}

/** The words of an answer that refuses: Home Assistant's own message where there is one. */
export function describeRefusal(answer: HttpAnswer): string {
  const said = fieldOf(answer.json, 'message') ?? fieldOf(answer.json, 'error_description');
  return typeof said === 'string' ? oneLine(said) : describeAnswer(answer);
}

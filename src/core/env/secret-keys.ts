/** Which values are never shown: those the template calls secret, and those that look like one. */

import type { TemplateField } from './template-field.ts';

const secretWords =
  /(?:^|_)(?:TOKEN|TOKENS|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|SECRET|SECRETS|KEY|APIKEY|CREDENTIAL|CREDENTIALS|AUTH|DSN)(?:_|$)/i;
/** `scheme://user:password@host` */
const urlWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s]*@/i;

/** By the words in its name: for keys that no template describes. */
export const looksSecret = (key: string): boolean => secretWords.test(key);

/** A template's word on a key counts; a key that it does not know is judged by its name. */
export function createSecretTest(fields: readonly TemplateField[]): (key: string) => boolean {
  const known = new Map(fields.map(({ key, isSecret }) => [key, isSecret]));
  return key => known.get(key) ?? looksSecret(key);
}

/** An address that carries a password, whatever its key is called. */
export const holdsPassword = (value: string): boolean => urlWithPassword.test(value);

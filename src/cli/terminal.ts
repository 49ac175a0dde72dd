/** Questions in a terminal, one line each. */

import process from 'node:process';
import type { InfluxdbUser } from '../app/buckets/recover-operator.ts';
import { sanitiseLine } from '../core/text/sanitise.ts';

export type Terminal = {
  readonly print: (text: string) => void;
  /** Undefined when nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** What was typed, without spaces around it; undefined when nobody can be asked. */
  readonly askText: ((question: string) => Promise<string>) | undefined;
};

/** A name and a password, which is not shown while it is typed. */
export async function askUser(suggestion: string): Promise<InfluxdbUser> {
  const { createInterface } = await import('node:readline/promises');
  const { Writable } = await import('node:stream');
  let isHidden = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!isHidden) process.stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const name = (await lines.question(`User of InfluxDB [${sanitiseLine(suggestion)}]: `)).trim();
    process.stdout.write('Password: ');
    isHidden = true;
    const password = await lines.question('');
    process.stdout.write('\n');
    return { username: name === '' ? suggestion : name, password };
  } finally {
    lines.close();
  }
}

async function askText(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await lines.question(sanitiseLine(question))).trim();
  } finally {
    lines.close();
  }
}

/** The terminal of this process, where there is one at both ends. */
export function openTerminal(print: (text: string) => void): Terminal {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return { print, ask: undefined, askText: undefined };
  return {
    print,
    ask: async question => /^y(es)?$/i.test(await askText(`${question} [y/N] `)),
    askText,
  };
}

/** The settings of both modes that concern InfluxDB: where each token is stored, read and written. */

import { parseRetention } from '../../core/buckets/retention.ts';
import { composeDocument } from '../../core/env/compose-document.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { serialiseEnv } from '../../core/env/serialise.ts';
import { parseTemplate } from '../../core/env/template.ts';
import { documentValues, type EnvValues } from '../../core/env/values.ts';
import { UserError } from '../../core/error.ts';
import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { Level } from '../../core/plan/plan.ts';
import type { Ports } from '../../ports/ports.ts';
import { storeInDocuments } from '../env/store-in-documents.ts';
import type { ModeSettings } from './observe-buckets.ts';

const secretBytes = 32;

export type ModeDocument = {
  readonly mode: Mode;
  /** What holds: `.env` while it is this mode's, else the mode's own document. Undefined: there is none. */
  readonly text: string | undefined;
  readonly values: EnvValues;
  /** `.env` is this mode's. */
  readonly isActive: boolean;
  /** The token in the mode's own document, which is kept beside `.env`. */
  readonly keptToken: string | undefined;
};

type DocumentPorts = Pick<Ports, 'files' | 'program' | 'random'>;

const valuesOf = (text: string | undefined): EnvValues =>
  text === undefined ? {} : documentValues(parseEnv(text));

const orUndefined = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** `planned` stands for the document of its mode that is not written yet. */
export async function readModeDocument(
  files: Ports['files'],
  mode: Mode,
  planned?: { readonly mode: Mode; readonly text: string },
): Promise<ModeDocument> {
  const [env, own] = await Promise.all([files.readEnv(), files.readModeEnv(mode)]);
  const isActive = valuesOf(env).DEPLOYMENT_MODE === mode;
  const text = (isActive ? env : own) ?? (planned?.mode === mode ? planned.text : undefined);
  return {
    mode,
    text,
    values: valuesOf(text),
    isActive,
    keptToken: orUndefined(valuesOf(own).INFLUXDB_TOKEN),
  };
}

export const storedToken = ({ values }: ModeDocument): string | undefined =>
  orUndefined(values.INFLUXDB_TOKEN);

/** Seconds that the settings want data to be kept, 0 for ever; undefined when they say what InfluxDB would refuse. */
export function wantedRetention({ mode, values }: ModeDocument): number | undefined {
  const said = orUndefined(values.INFLUXDB_RETENTION);
  return said === undefined ? modeFacts[mode].buckets[0]?.retentionSeconds : parseRetention(said);
}

export const describeInvalidRetention = ({ mode, values }: ModeDocument): string =>
  `INFLUXDB_RETENTION of ${mode} mode is ${JSON.stringify(values.INFLUXDB_RETENTION)}, which InfluxDB does not take.`;

/** Throws a UserError for a retention that InfluxDB does not take. */
export function settingsOf(document: ModeDocument): ModeSettings {
  const retentionSeconds = wantedRetention(document);
  if (retentionSeconds === undefined) {
    throw new UserError(describeInvalidRetention(document), {
      hint: 'At least an hour, for example 30d, 2w or 36h; 0 is for ever.',
    });
  }
  return { storedToken: storedToken(document), retentionSeconds };
}

/** The document of a mode that was never set up: the template with what both modes share. */
async function newDocument(
  { files, program, random }: DocumentPorts,
  level: Level,
  mode: Mode,
): Promise<string> {
  const [text, standIns, env] = await Promise.all([
    program.template(mode),
    program.standInValues(level, mode),
    files.readEnv(),
  ]);
  const { document } = composeDocument({
    template: { text, fields: parseTemplate(text).fields },
    sharedFrom: env === undefined ? undefined : parseEnv(env),
    isOtherActive: true,
    answers: {},
    standIns: documentValues(parseEnv(standIns)),
    machine: {},
    generate: () => random.secret(secretBytes),
  });
  return serialiseEnv(document);
}

/**
 * Sets values in the documents where the mode needs them: its own, and `.env` while that is the mode's. Everything else
 * in them stays as it is.
 */
export async function storeModeValues(
  ports: DocumentPorts,
  level: Level,
  { mode, text }: ModeDocument,
  values: EnvValues,
): Promise<void> {
  const before = text ?? (await newDocument(ports, level, mode));
  await storeInDocuments(ports.files, mode, values, before);
}

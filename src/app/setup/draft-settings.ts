/** The settings part of a draft: the env document that would be written, and what each value is and comes from. */

import { listAlternatives } from '../../core/env/alternatives.ts';
import { composeDocument } from '../../core/env/compose-document.ts';
import type { EnvDocument } from '../../core/env/env-document.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { createSecretTest, holdsPassword } from '../../core/env/secret-keys.ts';
import { serialiseEnv } from '../../core/env/serialise.ts';
import { parseTemplate, type Template } from '../../core/env/template.ts';
import { checkValue } from '../../core/env/validate.ts';
import { documentValues, setValues } from '../../core/env/values.ts';
import { type Mode, otherMode } from '../../core/mode/mode.ts';
import type { Level, SourceChoice } from '../../core/plan/plan.ts';
import { leftOutServices, onKeyValues, planServices } from '../../core/plan/plan-services.ts';
import type { RunDocuments } from '../../core/run/run-request.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { Ports } from '../../ports/ports.ts';
import { describeEdits, isSharedField, readDocuments } from '../env/read-documents.ts';
import type { Choices, EnvChange, MovedPort, SettingValue } from '../wizard/wizard-types.ts';
import type { DraftingOptions } from './drafting-options.ts';
import { describeMovedPort, findMovedPorts } from './move-ports.ts';
import { findInvalidSetting } from './refuse-unsafe.ts';
import type { ResolveStack } from './resolve-stack.ts';

export type DraftedSettings = {
  readonly settings: readonly SettingValue[];
  readonly values: Readonly<Record<string, string>>;
  readonly changes: readonly EnvChange[];
  readonly documents: RunDocuments;
  readonly stack: Stack;
  readonly notes: readonly string[];
  readonly movedPorts: readonly MovedPort[];
  readonly leftOut: readonly string[];
};

type DraftTools = {
  readonly source: SourceChoice;
  readonly generate: (key: string) => string;
  readonly resolve: ResolveStack;
};

type Values = Readonly<Record<string, string>>;

const parseIfThere = (text: string | undefined): EnvDocument | undefined =>
  text === undefined ? undefined : parseEnv(text);

/**
 * The other mode's document with the shared values of this one, as text; undefined when it is on disk so already, or
 * when there is none.
 */
async function shareWithOther(
  ports: Ports,
  template: Template,
  {
    mode,
    other,
    values,
  }: { readonly mode: Mode; readonly other: EnvDocument | undefined; readonly values: Values },
): Promise<string | undefined> {
  if (other === undefined) return undefined;
  const shared = template.fields
    .filter(isSharedField)
    .flatMap(({ key }) => (values[key] === undefined ? [] : [[key, values[key]] as const]));
  const text = serialiseEnv(setValues(other, Object.fromEntries(shared)));
  return text === (await ports.files.readModeEnv(otherMode(mode))) ? undefined : text;
}

/** What follows from the choice of the source and of the level, whatever a document says. */
function fixedValues(source: SourceChoice): Values {
  return source.kind === 'none' ? {} : { HOMEIQ_SOURCE: source.path, HOMEIQ_VERSION: source.revision };
}

function describeChanges(
  template: Template,
  before: EnvDocument | undefined,
  after: Values,
): readonly EnvChange[] {
  const old = before === undefined ? {} : documentValues(before);
  const isSecret = createSecretTest(template.fields);
  return Object.entries(after)
    .filter(([key, value]) => old[key] !== value)
    .map(([key, value]) => ({
      key,
      isSecret: isSecret(key) || holdsPassword(value),
      before: old[key],
      after: value,
    }));
}

/**
 * Compose finds `compose.yaml` and `compose.override.yaml` by itself; a level with a file of its own has to name them all,
 * the operator's last.
 */
async function composeFileValue(ports: Ports, level: Level): Promise<Values> {
  const names = Object.keys(await ports.program.stackFiles(level));
  if (names.length === 1) return {};
  const override = 'compose.override.yaml';
  const hasOverride = (await ports.files.readProgramFile(override)) !== undefined;
  return { COMPOSE_FILE: [...names, ...(hasOverride ? [override] : [])].join(':') };
}

export async function draftSettings(
  ports: Ports,
  options: DraftingOptions,
  choices: Choices,
  tools: DraftTools,
): Promise<DraftedSettings> {
  const { mode } = choices;
  const [templateText, standIns, host] = await Promise.all([
    ports.program.template(mode),
    ports.program.standInValues(options.level, mode),
    ports.host.facts(options.folder),
  ]);
  const template = parseTemplate(templateText);
  const { envText: seen, documents, activeMode, edits } = await readDocuments(ports.files, template.fields);
  const other = documents[otherMode(mode)];
  const machine: Values = {
    TZ: host.timeZone,
    ...(host.dockerGroupId === undefined ? {} : { HOMEIQ_DOCKER_GID: String(host.dockerGroupId) }),
  };
  const standInValues = documentValues(parseEnv(standIns));
  const composed = composeDocument({
    template: { text: templateText, fields: template.fields },
    current: documents[mode],
    sharedFrom: other,
    isOtherActive: activeMode !== undefined && activeMode !== mode,
    answers: { ...options.presetAnswers, ...choices.answers, ...fixedValues(tools.source) },
    standIns: standInValues,
    machine,
    generate: tools.generate,
  });
  const stack = await tools.resolve(composed.values).catch(thrown => {
    // Compose says what it could not use, but not which setting it came from.
    throw findInvalidSetting(template.fields, composed.values) ?? thrown;
  });
  const leftOut = new Set(choices.leftOut ?? leftOutServices(stack, mode, composed.values));
  const onKeys = onKeyValues(stack, mode, composed.values, leftOut);
  const starts = new Set(
    planServices(stack, mode, { ...composed.values, ...onKeys })
      .filter(({ start }) => start)
      .map(({ name }) => name),
  );
  const movedPorts = await findMovedPorts(ports, stack, starts);
  const movedValues = Object.fromEntries(
    movedPorts.flatMap(({ key, to }) => (to === undefined ? [] : [[key, String(to)]])),
  );
  const document = setValues(composed.document, {
    ...onKeys,
    ...movedValues,
    ...(await composeFileValue(ports, options.level)),
  });
  const values = documentValues(document);
  const before = documents[mode] === undefined ? {} : documentValues(documents[mode]);
  const otherEnvText = await shareWithOther(ports, template, { mode, other, values });
  return {
    settings: template.fields.map(field => {
      const { key } = field;
      const value = values[key] ?? '';
      const origin = composed.origins[key] ?? 'none';
      return {
        field,
        value,
        origin,
        problem: checkValue(field, value),
        alternatives: listAlternatives(field, value, {
          current: before[key],
          machine: machine[key],
          standIn: standInValues[key],
          generated: origin === 'generated' ? tools.generate(key) : undefined,
        }),
      };
    }),
    values,
    changes: describeChanges(template, parseIfThere(seen), values),
    documents: {
      envText: serialiseEnv(document),
      ...(otherEnvText === undefined ? {} : { otherEnvText }),
      envSeen: seen === undefined ? {} : { text: seen },
    },
    stack: await tools.resolve(values),
    notes: [
      ...describeEdits(edits, template.fields),
      ...composed.notes,
      ...movedPorts.map(describeMovedPort),
    ],
    movedPorts,
    leftOut: [...leftOut],
  };
}

/** A deployment as the wizard meets it, with effects that a test drives step by step. */

import type {
  Choices,
  Draft,
  MachineReport,
  ModeOffer,
  SettingValue,
  WizardEffects,
} from '../../src/app/wizard/wizard-types.ts';
import type { TemplateField } from '../../src/core/env/template-field.ts';
import { fitMemory } from '../../src/core/memory/memory-fit.ts';
import { type Mode, modeFacts, otherMode } from '../../src/core/mode/mode.ts';
import type { Level, Plan, PlannedService, StepId } from '../../src/core/plan/plan.ts';
import { toMemoryItems } from '../../src/core/plan/plan-services.ts';
import type { ServiceChange } from '../../src/core/plan/service-change.ts';
import type { RunEvent, RunEventBody } from '../../src/core/run/journal-event.ts';
import type { ServiceGroup } from '../../src/core/stack/stack.ts';

type Sketch = readonly [name: string, group: ServiceGroup, expectedMiB: number, limitMiB: number];

const both: readonly Sketch[] = [
  ['influxdb', 'infrastructure', 2048, 2048],
  ['openvino-service', 'ai', 512, 1536],
  ['ner-service', 'ai', 384, 1024],
  ['ml-service', 'ai', 160, 512],
  ['openai-service', 'ai', 96, 256],
  ['ai-core-service', 'ai', 128, 512],
  ['ai-automation-service', 'ai', 256, 2048],
  ['data-api', 'core', 320, 1024],
  ['admin-api', 'core', 160, 256],
  ['device-intelligence-service', 'core', 192, 512],
  ['ha-setup-service', 'core', 128, 256],
  ['health-dashboard', 'core', 96, 256],
  ['ai-automation-ui', 'core', 64, 256],
  ['log-aggregator', 'core', 64, 128],
];
const testOnly: readonly Sketch[] = [
  ['home-assistant-test', 'test', 384, 512],
  ['websocket-ingestion-test', 'test', 128, 256],
];
const productionOnly: readonly Sketch[] = [
  ['websocket-ingestion', 'core', 256, 512],
  ['data-retention', 'core', 128, 256],
  ['energy-correlator', 'core', 128, 256],
  ['weather-api', 'external', 96, 192],
  ['carbon-intensity', 'external', 96, 192],
  ['electricity-pricing', 'external', 96, 192],
  ['air-quality', 'external', 96, 192],
  ['smart-meter', 'external', 128, 192],
];

const stepTitles: readonly (readonly [StepId, string])[] = [
  ['settings', 'Settings written'],
  ['images', 'Images'],
  ['influxdb', 'InfluxDB ready'],
  ['buckets', 'Buckets and token'],
  ['home-assistant', 'Home Assistant ready'],
  ['services', 'Services'],
  ['verify', 'Verify'],
];

export function planFixture(
  mode: Mode,
  options: { readonly leftOut?: readonly string[]; readonly budgetMiB?: number; readonly level?: Level } = {},
): Plan {
  const { leftOut = [], budgetMiB = 7884, level = 'bundled' } = options;
  const sketches = [...both, ...(mode === 'test' ? testOnly : productionOnly)];
  const services: readonly PlannedService[] = sketches.map(([name, group, expectedMiB, limitMiB]) => ({
    name,
    group,
    start: !leftOut.includes(name),
    ...(leftOut.includes(name) ? { reason: 'left out by the operator' } : {}),
    expectedMiB,
    limitMiB,
  }));
  return {
    version: 1,
    mode,
    level,
    project: 'homeiq',
    folder: '/home/ada/homeiq',
    services,
    memory: fitMemory(
      services.map(service => ({
        ...service,
        reservedMiB: undefined,
        canLeaveOut: service.name !== 'influxdb',
      })),
      budgetMiB,
    ),
    source: { kind: 'none' },
    changedKeys: ['DEPLOYMENT_MODE', 'INFLUXDB_BUCKET'],
    steps: stepTitles
      .filter(([id]) => mode === 'test' || id !== 'home-assistant')
      .map(([id, title]) => ({ id, title, done: false })),
  };
}

const boundServices: Readonly<Record<string, readonly string[]>> = {
  'ai-automation-service': ['HA_TOKEN', 'HA_URL'],
  'data-api': ['DATABASE_URL', 'INFLUXDB_BUCKET', 'INFLUXDB_TOKEN'],
  'admin-api': ['INFLUXDB_BUCKET', 'INFLUXDB_TOKEN'],
  'device-intelligence-service': ['SQLITE_DATABASE_URL'],
  'ha-setup-service': [],
};

/** The plan of a switch, with what becomes of each service. */
export function switchPlanFixture(mode: Mode, options: Parameters<typeof planFixture>[1] = {}): Plan {
  const plan = planFixture(mode, options);
  const from = otherMode(mode);
  const left = planFixture(from).services;
  const wanted = new Set(plan.services.map(({ name }) => name));
  const stopped = left.filter(({ name }) => !wanted.has(name));
  const changes = plan.services.flatMap(({ name, start }): readonly ServiceChange[] => {
    if (!start) return [];
    const reasons = boundServices[name];
    if (reasons !== undefined) {
      return [{ kind: 'recreate', name, reasons: ['DEPLOYMENT_MODE', ...reasons] }];
    }
    return [{ kind: left.some(other => other.name === name) ? 'keep' : 'start', name }];
  });
  return {
    ...plan,
    from,
    changes: [
      ...stopped.map(
        ({ name }): ServiceChange => ({
          kind: 'stop',
          name,
          reason: `it belongs to ${from} only`,
        }),
      ),
      ...changes,
    ],
    onTheWay: { beforeMiB: 5120, worstMiB: 5632, afterMiB: 5632 },
    expectedMs: 41_000,
    steps: [
      { id: 'documents', title: 'Settings kept', done: false },
      { id: 'images', title: 'Images', done: false },
      { id: 'leave', title: `Leave ${from}`, done: false },
      ...plan.steps.filter(({ id }) => id !== 'images'),
    ],
  };
}

const fieldFixture = (key: string, label: string, change: Partial<TemplateField> = {}): TemplateField => ({
  key,
  section: 'General',
  label,
  help: [],
  type: 'text',
  defaultValue: '',
  scope: 'mode',
  isRequired: false,
  isSecret: false,
  isGenerated: false,
  isAdvanced: false,
  isFixed: false,
  isPlaceholder: false,
  choices: [],
  minimum: undefined,
  maximum: undefined,
  ...change,
});

const setting = (field: TemplateField, value: string, origin: SettingValue['origin']): SettingValue => ({
  field,
  value,
  origin,
  problem: undefined,
});

/** The settings of a mode, with what the operator has typed. */
export function settingsFixture(
  mode: Mode,
  answers: Readonly<Record<string, string>>,
): readonly SettingValue[] {
  const given = (field: TemplateField, value: string, origin: SettingValue['origin']): SettingValue => {
    const answer = answers[field.key];
    return answer === undefined ? setting(field, value, origin) : setting(field, answer, 'answer');
  };
  const homeAssistant: readonly SettingValue[] =
    mode === 'production'
      ? [
          given(
            fieldFixture('HA_HTTP_URL', 'Home Assistant address', {
              isRequired: true,
              type: 'url',
              help: ['The address of your Home Assistant, for example http://192.168.1.86:8123.'],
            }),
            '',
            'none',
          ),
          given(
            fieldFixture('HA_TOKEN', 'Home Assistant token', {
              isRequired: true,
              isSecret: true,
              type: 'token',
              help: ['A long-lived access token: Home Assistant, your profile, Security.'],
            }),
            '',
            'none',
          ),
          given(
            fieldFixture('WEATHER_API_KEY', 'Weather API key', {
              isSecret: true,
              type: 'token',
              help: ['From openweathermap.org. Without it weather-api does not start.'],
            }),
            '',
            'none',
          ),
        ]
      : [];
  return [
    given(fieldFixture('DEPLOYMENT_MODE', 'Mode', { isFixed: true }), mode, 'default'),
    given(
      fieldFixture('LOG_LEVEL', 'Log level', {
        type: 'choice',
        choices: ['DEBUG', 'INFO', 'WARNING', 'ERROR'],
        isAdvanced: true,
        help: ['How much the services write into their logs.'],
      }),
      'INFO',
      'default',
    ),
    ...homeAssistant,
    {
      ...given(
        fieldFixture('TZ', 'Time zone', {
          type: 'time-zone',
          scope: 'shared',
          defaultValue: 'UTC',
          help: ['Used for daily sums.'],
        }),
        'Europe/Zurich',
        'machine',
      ),
      alternatives: [{ origin: 'default', value: 'UTC' }],
    },
    given(
      fieldFixture('DASHBOARD_PORT', 'Dashboard port', { type: 'port', isAdvanced: true }),
      '3000',
      'default',
    ),
    given(
      fieldFixture('API_KEY', 'API key', { isSecret: true, isGenerated: true }),
      'k3y-k3y-k3y-k3y-k3y-9af',
      'generated',
    ),
    given(fieldFixture('INFLUXDB_TOKEN', 'InfluxDB token', { isSecret: true, isGenerated: true }), '', 'run'),
  ];
}

export function draftFixture(
  choices: Choices,
  options: {
    readonly budgetMiB?: number;
    readonly level?: Level;
    readonly activeMode?: Mode;
    readonly known?: Readonly<Record<string, string>>;
  } = {},
): Draft {
  const leftOut = choices.leftOut ?? [];
  const isSwitch = options.activeMode !== undefined && options.activeMode !== choices.mode;
  const plan = (isSwitch ? switchPlanFixture : planFixture)(choices.mode, { ...options, leftOut });
  const facts = modeFacts[choices.mode];
  return {
    plan,
    settings: settingsFixture(choices.mode, { ...options.known, ...choices.answers }),
    envChanges: [
      {
        key: 'DEPLOYMENT_MODE',
        isSecret: false,
        before: isSwitch ? options.activeMode : undefined,
        after: choices.mode,
      },
      { key: 'API_KEY', isSecret: true, before: undefined, after: 'k3y-k3y-k3y-k3y-k3y-9af' },
      { key: 'TZ', isSecret: false, before: undefined, after: 'Europe/Zurich' },
    ],
    commands: ['cd /home/ada/homeiq', `docker compose --profile ${choices.mode} up -d`],
    buckets: facts.buckets.map(bucket => ({
      name: bucket.name,
      retentionSeconds: bucket.retentionSeconds,
    })),
    notes: [],
    cloneOffer: undefined,
    movedPorts: [],
    leftOut,
    envText: `DEPLOYMENT_MODE=${choices.mode}\n`,
  };
}

/** A draft whose services of the group `ai` count as measured on this machine. */
export function measuredDraftFixture(choices: Choices, level: Level): Draft {
  const draft = draftFixture(choices, { level });
  const services = draft.plan.services.map(
    (service): PlannedService =>
      service.group === 'ai'
        ? { ...service, expectedMiB: Math.round(service.expectedMiB * 1.21), isMeasured: true }
        : service,
  );
  const memory = fitMemory(toMemoryItems(services), draft.plan.memory.budgetMiB);
  return { ...draft, plan: { ...draft.plan, services, memory } };
}

const offersFixture: readonly ModeOffer[] = [
  { mode: 'test', services: 16, expectedMiB: 5120, retentionDays: 7 },
  { mode: 'production', services: 22, expectedMiB: 5632, retentionDays: 30 },
];

export const machineFixture: MachineReport = {
  hostname: 'nuc-kitchen',
  folder: '/home/ada/homeiq',
  isNewFolder: true,
  lines: [
    { id: 'system', tone: 'good', text: 'Debian 12, x86-64, 4 cores', mend: [] },
    { id: 'memory', tone: 'good', text: 'Memory 7.7 of 8 GB, swap 1 GB', mend: [] },
    { id: 'docker', tone: 'good', text: 'Docker 28.2, Compose 5.6', mend: [] },
    { id: 'disk', tone: 'good', text: '61 GB free for data and images', mend: [] },
    {
      id: 'port-3000',
      tone: 'note',
      text: 'Port 3000 is used by grafana (container). The dashboard will move to 3010.',
      mend: ['To keep 3000, stop grafana and press r.'],
    },
    { id: 'socket', tone: 'good', text: 'You may use the Docker socket', mend: [] },
  ],
  canContinue: true,
  shouldOfferRehearsal: false,
};

export const brokenMachineFixture: MachineReport = {
  ...machineFixture,
  lines: [
    {
      id: 'docker',
      tone: 'problem',
      text: 'Docker does not answer at /var/run/docker.sock: permission denied.',
      mend: ['sudo usermod -aG docker ada', 'Log out and in again.'],
    },
    ...machineFixture.lines.slice(0, 2),
  ],
  canContinue: false,
  shouldOfferRehearsal: true,
};

const startMs = Date.parse('2026-11-02T14:00:00.000Z');

/** Journal events a second apart, numbered as a worker does. */
export const eventsFixture = (bodies: readonly RunEventBody[]): readonly RunEvent[] =>
  bodies.map((body, index) => ({
    ...body,
    v: 1,
    seq: index + 1,
    at: new Date(startMs + index * 1000).toISOString(),
  }));

export const runStartMs = startMs;

const finished = (step: StepId, summary: string, durationMs: number): RunEventBody => ({
  kind: 'step-finished',
  step,
  changed: true,
  summary,
  durationMs,
});

/** A set-up in test mode up to the middle of its services. */
export const runBodies = (plan: Plan): readonly RunEventBody[] => [
  { kind: 'run-started', runId: '20261102-140000-setup', pid: 4242, plan },
  { kind: 'step-started', step: 'settings' },
  finished('settings', '41 keys, 6 secrets', 120),
  { kind: 'step-started', step: 'images' },
  {
    kind: 'image',
    service: 'influxdb',
    image: 'influxdb:2.9',
    phase: 'pulling',
    transfer: { currentBytes: 40e6, totalBytes: 120e6 },
    allTransfer: { currentBytes: 412e6, totalBytes: 1204e6 },
  },
  finished('images', '14 here, 2 built', 22_400),
  { kind: 'step-started', step: 'influxdb' },
  { kind: 'step-detail', step: 'influxdb', text: 'waiting: connection refused' },
  finished('influxdb', '2.9.1', 2100),
  { kind: 'step-started', step: 'buckets' },
  finished('buckets', '4 buckets, 1 token, 8 probes as they should be', 1030),
  { kind: 'step-started', step: 'home-assistant' },
  finished('home-assistant', 'onboarded, token stored', 19_200),
  { kind: 'step-started', step: 'services' },
  { kind: 'service', service: 'influxdb', phase: 'healthy' },
  { kind: 'service', service: 'openvino-service', phase: 'starting', detail: 'loading models' },
  { kind: 'service', service: 'ai-automation-service', phase: 'waiting', detail: 'for ai-core-service' },
];

/** The rest of that run, to its good end. */
export const runEndBodies = (plan: Plan): readonly RunEventBody[] => [
  ...plan.services.map(
    (service): RunEventBody => ({ kind: 'service', service: service.name, phase: 'healthy' }),
  ),
  finished('services', '16 of 16 healthy', 48_000),
  { kind: 'step-started', step: 'verify' },
  finished('verify', 'a point written and read back', 900),
  {
    kind: 'run-finished',
    outcome: 'done',
    changed: true,
    summary: {
      addresses: [
        { name: 'Health dashboard', url: 'http://192.168.1.20:3000' },
        { name: 'AI automation', url: 'http://192.168.1.20:3001' },
        { name: 'Home Assistant (test)', url: 'http://192.168.1.20:8124' },
      ],
      credentials: [
        { what: 'InfluxDB admin password', file: '/home/ada/homeiq/.homeiq/secrets/influxdb-admin-password' },
        {
          what: 'Home Assistant (test) login',
          file: '/home/ada/homeiq/.homeiq/secrets/home-assistant-test-password',
        },
      ],
      leftOut: [],
      notes: [],
    },
  },
];

/** How the run fails at InfluxDB. */
export const failingBodies = (plan: Plan): readonly RunEventBody[] => [
  ...runBodies(plan).slice(0, 8),
  {
    kind: 'step-failed',
    step: 'influxdb',
    error: {
      kind: 'external',
      message: 'InfluxDB does not listen on 127.0.0.1:8086 after 60 s.',
      hint: 'Its container stops again and again: the volume belongs to another version.',
      nextSteps: [
        'Look at its log: docker logs homeiq-influxdb-1',
        'Free the volume homeiq_influxdb-data or give another folder.',
      ],
      command: 'GET http://127.0.0.1:8086/health',
      status: 'ECONNREFUSED',
      tail: 'panic: unknown shard format\nexit status 2',
      exitCode: 1,
    },
  },
  { kind: 'run-finished', outcome: 'failed', changed: true },
];

/** How the run fails at a Home Assistant that is somebody else's. */
export const strangerBodies = (plan: Plan): readonly RunEventBody[] => [
  ...runBodies(plan).slice(0, 11),
  {
    kind: 'step-failed',
    step: 'home-assistant',
    error: {
      kind: 'user',
      message: 'The test Home Assistant belongs to somebody else.',
      hint: 'Starting it afresh loses what it holds.',
      nextSteps: ['homeiq setup --mode test --yes --delete-data home-assistant-test-config'],
      deletesData: 'home-assistant-test-config',
      exitCode: 1,
    },
  },
  { kind: 'run-finished', outcome: 'failed', changed: true },
];

/** What a production document has that was set up before. */
export const knownHome = {
  HA_HTTP_URL: 'http://192.168.1.86:8123',
  HA_TOKEN: 'abcdefghijklmnopqrstuvwxyz0123456789Yw8',
};

/** A switch up to the services, one of which does not come up. */
export const failingSwitchBodies = (plan: Plan): readonly RunEventBody[] => [
  { kind: 'run-started', runId: '20261102-150000-switch', pid: 4242, plan },
  ...plan.steps
    .filter(({ id }) => id !== 'services' && id !== 'verify')
    .flatMap(({ id, title }): readonly RunEventBody[] => [
      { kind: 'step-started', step: id },
      finished(id, `${title}: as planned`, 400),
    ]),
  { kind: 'step-started', step: 'services' },
  { kind: 'service', service: 'influxdb', phase: 'healthy' },
  { kind: 'service', service: 'admin-api', phase: 'waiting', detail: 'waits for data-api' },
  { kind: 'service', service: 'data-api', phase: 'unhealthy' },
  {
    kind: 'step-failed',
    step: 'services',
    error: {
      kind: 'user',
      message: 'data-api is unhealthy; 20 of 22 services are up.',
      nextSteps: ['Look at the log: docker compose logs data-api'],
      exitCode: 1,
    },
  },
  { kind: 'run-finished', outcome: 'failed', changed: true },
];

/** The same switch, unattended: it goes back by itself. */
export const rolledBackBodies = (plan: Plan, back: Plan): readonly RunEventBody[] => [
  ...failingSwitchBodies(plan).slice(0, -1),
  { kind: 'rollback-started', plan: back },
  ...back.steps.flatMap(({ id, title }): readonly RunEventBody[] => [
    { kind: 'step-started', step: id },
    finished(id, `${title}: as before`, 400),
  ]),
  { kind: 'run-finished', outcome: 'rolled-back', changed: true },
];

export type ScriptedEffects = WizardEffects & {
  readonly calls: string[];
  /** Ends the run with what a test wants to be read from its journal. */
  readonly tell: (bodies: readonly RunEventBody[]) => void;
  readonly endJournal: () => void;
};

/** Effects without any machine: answers at once, and the journal says what the test tells. */
export function scriptedEffects(
  change: Partial<WizardEffects> & Omit<NonNullable<Parameters<typeof draftFixture>[1]>, 'level'> = {},
): ScriptedEffects {
  const { budgetMiB, activeMode, known, ...replaced } = change;
  const level = replaced.level ?? 'bundled';
  const calls: string[] = [];
  const queue: RunEvent[] = [];
  let wake: (() => void) | undefined;
  let isEnded = false;
  let seq = 0;
  async function* follow(runId: string, signal: AbortSignal): AsyncIterable<RunEvent> {
    calls.push(`follow ${runId}`);
    for (;;) {
      while (queue.length > 0) {
        const next = queue.shift();
        if (next !== undefined) yield next;
        if (next?.kind === 'run-finished') return;
      }
      if (isEnded || signal.aborted) return;
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  }
  return {
    calls,
    level,
    modeOffers: async () => offersFixture,
    checkMachine: async () => machineFixture,
    draft: async choices => {
      calls.push(`draft ${choices.mode}`);
      return draftFixture(choices, {
        level,
        ...(budgetMiB === undefined ? {} : { budgetMiB }),
        ...(activeMode === undefined ? {} : { activeMode }),
        ...(known === undefined ? {} : { known }),
      });
    },
    start: async (draft, mode) => {
      calls.push(`start ${mode} ${draft.plan.services.filter(service => service.start).length}`);
      return `run-${calls.filter(call => call.startsWith('start')).length}`;
    },
    checkHomeAssistant: async (address, token) => {
      calls.push(`check ${address} ${token === undefined ? 'without' : 'with'} token`);
      return token === undefined ? { kind: 'open' } : { kind: 'accepted', version: '2026.11.1' };
    },
    readLog: async service => {
      calls.push(`log ${service}`);
      return ['INFO starting', `ERROR ${service} cannot reach its broker`];
    },
    follow,
    stopRun: async () => {
      calls.push('stop');
    },
    ...replaced,
    tell: bodies => {
      for (const body of bodies) {
        // Each run numbers its events from 1.
        seq = body.kind === 'run-started' ? 1 : seq + 1;
        queue.push({ ...body, v: 1, seq, at: new Date(startMs + seq * 1000).toISOString() });
      }
      wake?.();
    },
    endJournal: () => {
      isEnded = true;
      wake?.();
    },
  };
}

/** The status in the situations that its screen must be good at, made by the rehearsed deployment. */

import type { MonitorOptions } from '../../../src/app/monitor/monitor.ts';
import type { StatusSessionState } from '../../../src/app/monitor/status-session.ts';
import type { StatusIntent } from '../../../src/app/monitor/status-view.ts';
import type { DoctorReport } from '../../../src/core/doctor/doctor-report.ts';
import type { EngineFacts } from '../../../src/ports/engine.ts';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';

type Deployment = Awaited<ReturnType<typeof createRehearsedDeployment>>;

type Situation = {
  readonly options?: Parameters<typeof createRehearsedDeployment>[0];
  /** How long it has been running, in milliseconds. */
  readonly afterMs?: number;
  readonly change?: Partial<MonitorOptions>;
  readonly happen?: (deployment: Deployment) => Promise<void>;
  readonly intents?: readonly StatusIntent[];
  /** After what the first ones began has come. */
  readonly later?: readonly StatusIntent[];
  readonly isReadOnly?: boolean;
  /** What the doctor finds. */
  readonly report?: DoctorReport;
};

const hourMs = 3_600_000;
const onNer: StatusIntent = { kind: 'move', by: 3 };

async function breakThings({ control, idOf, clock }: Deployment): Promise<void> {
  control.setUnhealthy(await idOf('ner-service'));
  control.crash(await idOf('data-api'), 137, { forMemory: true });
  await clock.advance(400);
}

const situations = {
  connecting: { afterMs: -1 },
  starting: { afterMs: 400 },
  healthy: {},
  production: { options: { mode: 'production', level: 'sandbox' } },
  broken: { happen: breakThings, options: { level: 'rehearsal' } },
  gone: {
    happen: async ({ control, clock }) => {
      control.setReachable(false);
      await clock.advance(1_500);
    },
  },
  stopped: {
    happen: async ({ engine, clock }) => {
      for (const { id } of await engine.containers('homeiq')) await engine.stop(id);
      await clock.advance(1_000);
    },
  },
  'wrong-mode': {
    happen: async ({ control, clock }) => {
      const id = control.create({
        name: 'homeiq-by-hand',
        project: 'homeiq',
        service: 'websocket-ingestion',
        image: 'any',
        hasHealthcheck: false,
        isOneShot: false,
        expectedMiB: 10,
        limitMiB: undefined,
        bootMs: 500,
        environment: { DEPLOYMENT_MODE: 'production' },
        labels: {},
        publishedPorts: [],
      });
      control.start(id);
      await clock.advance(1_000);
    },
  },
  box: { intents: [{ kind: 'toggle-box' }] },
  data: { intents: [{ kind: 'toggle-box' }, { kind: 'toggle-box' }] },
  /** Memory runs out, somebody was killed, and a service writes where only production may. */
  tight: {
    happen: breakThings,
    change: {
      box: {
        host: {
          machine: async () => ({
            totalMiB: 7_936,
            availableMiB: 310,
            swapTotalMiB: 1_024,
            swapFreeMiB: 40,
            swappedPages: undefined,
            load: [6.2, 4.1, 2.0],
          }),
          disk: async folder => ({
            mountPoint: folder.startsWith('/var') ? '/var' : '/',
            freeBytes: folder.startsWith('/var') ? 900 * 1024 ** 2 : 3 * 1024 ** 3,
            totalBytes: 30 * 1024 ** 3,
          }),
        },
        engine: { facts: async () => ({ dataFolder: '/var/lib/docker' }) as EngineFacts },
        folder: '/home/somebody/homeiq',
      },
      queryDataFlow: async () => ({
        pointsPerMinute: 12,
        lastPointAtMs: undefined,
        otherModePointsPerMinute: 20,
        strays: {
          writers: [{ name: 'data-api', why: 'its INFLUXDB_BUCKET is home_assistant_events' }],
          measurements: ['data_api_requests'],
        },
        homeAssistant: { kind: 'refused', text: 'it refuses the token', askedAtMs: 0 },
      }),
    },
    intents: [{ kind: 'toggle-box' }],
  },
  log: { intents: [onNer, { kind: 'toggle-log' }] },
  'full-log': { intents: [onNer, { kind: 'toggle-log' }, { kind: 'toggle-log' }] },
  'all-logs': {
    intents: [{ kind: 'log-of-all' }, { kind: 'log-level' }],
    later: [
      { kind: 'log-search' },
      { kind: 'log-edit-search', edit: { kind: 'insert', text: 'answer' } },
      { kind: 'log-keep-search' },
      { kind: 'log-find', towards: 'up' },
    ],
  },
  details: { happen: breakThings, intents: [onNer, { kind: 'toggle' }] },
  events: { happen: breakThings, intents: [{ kind: 'toggle-events' }] },
  question: { intents: [onNer, { kind: 'ask', action: 'restart' }] },
  marked: {
    intents: [
      { kind: 'move', by: 2 },
      { kind: 'mark' },
      { kind: 'mark' },
      { kind: 'move', by: 5 },
      { kind: 'mark' },
    ],
  },
  'marked-question': {
    happen: async ({ engine, idOf, clock }) => {
      await engine.stop(await idOf('data-api'));
      await clock.advance(1_000);
    },
    intents: [
      onNer,
      { kind: 'mark' },
      { kind: 'move', by: 5 },
      { kind: 'mark' },
      { kind: 'ask', action: undefined },
    ],
  },
  'read-only': { isReadOnly: true },
  doctor: {
    intents: [{ kind: 'doctor' }],
    report: {
      looks: [
        { name: 'machine', findings: [] },
        {
          name: 'settings',
          findings: [
            {
              severity: 'problem',
              text: '.env can be read by every account of this machine.',
              mends: ['chmod 600 .env'],
            },
            { severity: 'note', text: 'LOG_LEVL is not known.', mends: ['Did you mean LOG_LEVEL?'] },
          ],
        },
        { name: 'isolation', findings: [] },
        { name: 'buckets', findings: [] },
        {
          name: 'services',
          findings: [
            {
              severity: 'note',
              text: 'data-api is starting.',
              mends: ['Its log says why: homeiq logs data-api'],
            },
          ],
        },
      ],
    },
  },
  find: { intents: [{ kind: 'filter' }, { kind: 'edit-filter', edit: { kind: 'insert', text: 'api' } }] },
  'by-memory': { intents: [{ kind: 'sort' }, { kind: 'sort' }] },
  'a-hundred': {
    happen: async ({ control, clock }) => {
      for (let index = 0; index < 84; index += 1) {
        const id = control.create({
          name: `homeiq-extra-${index}`,
          project: 'homeiq',
          service: `extra-service-with-a-long-name-${index}`,
          image: 'extra',
          hasHealthcheck: index % 3 === 0,
          isOneShot: false,
          expectedMiB: 10,
          limitMiB: undefined,
          bootMs: 500,
          environment: {},
          labels: {},
          publishedPorts: [],
        });
        control.start(id);
      }
      await clock.advance(5_000);
    },
    intents: [{ kind: 'move', by: 50 }],
  },
} as const satisfies Readonly<Record<string, Situation>>;

export type SituationName = keyof typeof situations;
export const situationNames = Object.keys(situations) as readonly SituationName[];

export async function statusIn(name: SituationName): Promise<StatusSessionState> {
  const situation: Situation = situations[name];
  const deployment = await createRehearsedDeployment(situation.options);
  const { report } = situation;
  const { session } = deployment.watch(
    { ...situation.change, ...(situation.isReadOnly === true ? { act: undefined } : {}) },
    report === undefined ? {} : { diagnose: async () => report },
  );
  if (situation.afterMs === undefined) {
    await deployment.clock.advance(40_000);
    // A little later everything has been up for three hours.
    await deployment.clock.jump(3 * hourMs);
    await deployment.clock.advance(4_000);
  } else if (situation.afterMs >= 0) await deployment.clock.advance(situation.afterMs);
  await situation.happen?.(deployment);
  for (const intent of situation.intents ?? []) session.dispatch(intent);
  if ((situation.afterMs ?? 0) >= 0) await deployment.clock.advance(3_000);
  for (const intent of situation.later ?? []) session.dispatch(intent);
  const state = session.store.get();
  deployment.end();
  return state;
}

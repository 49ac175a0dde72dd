/** The operator's Home Assistant before an unattended set-up, and in a plan: asked, refused with what to give, or skipped. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import {
  type HomeAssistantStandIn,
  startHomeAssistantStandIn,
} from '../../sandbox/stand-in/home-assistant.ts';
import { createHomeAssistant } from '../../src/adapters/home-assistant/create-home-assistant.ts';
import { readArguments } from '../../src/cli/arguments.ts';
import { runPlan } from '../../src/cli/plan.ts';
import { createRehearsalPorts } from '../../src/cli/rehearsal-ports.ts';
import { createSession } from '../../src/cli/session.ts';
import { runSetup } from '../../src/cli/setup.ts';
import { exitCodes, reportError } from '../../src/core/error.ts';
import { errorLines } from '../../src/ui/plain/error.ts';
import { findMachineAddress, skipWithoutMachineAddress } from '../helpers/machine-address.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const token = 'token-of-the-operator';

/** The end of what is looked at here: the run itself is tried elsewhere. */
const begun = new Error('The run begins.');

describe('Home Assistant before an unattended set-up', { skip: skipWithoutMachineAddress() }, () => {
  let home: HomeAssistantStandIn;
  const requests: string[] = [];

  before(async () => {
    home = await startHomeAssistantStandIn({
      port: 0,
      host: findMachineAddress(),
      dataFolder: path.join(import.meta.dirname, 'nothing-is-written-here'),
      knownToken: token,
      onRequest: (method, url) => requests.push(`${method} ${url}`),
    });
  });
  after(() => home.close());

  const open = (t: TestContext, answers: Readonly<Record<string, string>>) => {
    const folder = temporaryFolder(t);
    const rehearsed = createRehearsalPorts({
      level: 'rehearsal',
      folder,
      programFolder: path.resolve(import.meta.dirname, '../..'),
      version: '0.0.0',
      environment: {},
    });
    const ports = {
      ...rehearsed,
      workerHost: { ...rehearsed.workerHost, start: () => Promise.reject(begun) },
      homeAssistant: (url: string) => createHomeAssistant({ url, requestTimeoutMs: 2000 }),
    };
    const said: string[] = [];
    const print = (text: string): void => void said.push(text);
    const session = (args: readonly string[]) => {
      const parsed = { ...readArguments(args), level: 'rehearsal' as const };
      return { parsed, session: createSession(ports, parsed, folder, {}, answers) };
    };
    return {
      folder,
      said,
      plan: async (...args: readonly string[]) => {
        const { parsed, session: made } = session(['plan', '--mode', 'production', ...args]);
        await runPlan(made, parsed, print);
      },
      /** Rejects with `begun` when nothing is refused. */
      setUp: async (...args: readonly string[]) => {
        const { parsed, session: made } = session(['setup', '--mode', 'production', '--yes', ...args]);
        return runSetup(made, parsed, print, AbortSignal.timeout(60_000));
      },
    };
  };

  /** Refused before anything is written; the lines that the operator sees. */
  const refusal = async (t: TestContext, answers: Readonly<Record<string, string>>): Promise<string> => {
    const { setUp, folder, said } = open(t, answers);
    let lines = '';
    await assert.rejects(setUp(), thrown => {
      const report = reportError(thrown);
      assert.equal(report.exitCode, exitCodes.refused);
      lines = errorLines(report).join('\n');
      return true;
    });
    assert.deepEqual([said, readdirSync(folder)], [[], []]);
    assert.ok(!lines.includes(token) && !lines.includes('another-token'));
    assert.match(lines, /the same command with --skip-home-assistant-check/);
    return lines;
  };

  it('refuses an address that is not right, with the one that is', async t => {
    const pasted = await refusal(t, { HA_HTTP_URL: `${home.url}/lovelace/0`, HA_TOKEN: token });
    assert.match(pasted, /What follows the host and port was removed/);
    assert.ok(pasted.split('\n').some(line => line.endsWith(`HOMEIQ_SET_HA_HTTP_URL=${home.url}`)));
    const bare = await refusal(t, { HA_HTTP_URL: home.url.replace('http://', ''), HA_TOKEN: token });
    assert.ok(bare.includes(`HOMEIQ_SET_HA_HTTP_URL=${home.url}`), bare);
  });

  it('refuses a token that Home Assistant refuses, and names its key', async t => {
    const lines = await refusal(t, { HA_HTTP_URL: home.url, HA_TOKEN: 'another-token' });
    assert.match(lines, /refuses this token \(401\)[\s\S]*Make a new one[\s\S]*HOMEIQ_SET_HA_TOKEN=…/);
  });

  it('refuses when one of the two is not given, and says what will not work', async t => {
    const lines = await refusal(t, { HA_HTTP_URL: home.url });
    assert.match(lines, /Home Assistant's token is not given[\s\S]*no events are recorded/);
    assert.match(lines, /HOMEIQ_SET_HA_TOKEN=…/);
  });

  it('goes on all the same when it is told to, and says what will not work', async t => {
    requests.length = 0;
    const answers = {
      HA_HTTP_URL: 'http://192.0.2.1:8123',
      HA_TOKEN: 'another-token',
      WEATHER_API_KEY: '',
    };
    const { setUp, said } = open(t, answers);
    await assert.rejects(setUp('--skip-home-assistant-check'), begun);
    const [first = ''] = said;
    assert.match(first, /^Note: Home Assistant at http:\/\/192\.0\.2\.1:8123 was not asked/);
    assert.match(first, /No events are recorded until it takes address and token/);
    assert.ok(said.includes('Note: weather-api is left out: WEATHER_API_KEY is not set.'), said.join('\n'));
    assert.deepEqual(requests, []);
  });

  it('goes on when Home Assistant takes them, and says which it is', async t => {
    const { setUp, plan, said } = open(t, { HA_HTTP_URL: home.url, HA_TOKEN: token });
    await plan();
    const accepted = `Note: ${home.url}: Home Assistant 2024.3.3, token accepted`;
    assert.ok(said.join('\n').split('\n').includes(accepted), said.join('\n'));
    said.length = 0;
    await assert.rejects(setUp(), begun);
    assert.equal(said[0], accepted);
  });

  it('is a note of a plan, which is never refused for it', async t => {
    const { plan, said, folder } = open(t, { HA_HTTP_URL: `${home.url}/lovelace`, HA_TOKEN: token });
    await plan('--json');
    const { notes } = JSON.parse(said.join('')) as { notes: readonly string[] };
    assert.match(notes[0] ?? '', /What follows the host and port was removed/);
    assert.ok(notes[0]?.includes(`Meant may be ${home.url}.`), notes[0]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is not asked at an address of the rehearsal or the sandbox', async t => {
    const { setUp, said } = open(t, {});
    await assert.rejects(setUp(), begun);
    assert.ok(!said.some(line => line.includes('not asked') || line.includes('not given')));
  });
});

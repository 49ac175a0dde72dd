import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { readAnswers } from '../../src/cli/answers.ts';
import { readArguments } from '../../src/cli/arguments.ts';
import { runEnv } from '../../src/cli/env.ts';
import { createSession } from '../../src/cli/session.ts';
import { runSetup } from '../../src/cli/setup.ts';
import { UserError } from '../../src/core/error.ts';
import { setValuesInText, valuesOfText } from '../helpers/env-text.ts';
import { rehearse } from '../helpers/rehearse.ts';

const secret = 'a-token-that-only-the-operator-knows';
const userFile = `# HomeIQ
HOME_ASSISTANT_URL=http://192.168.1.20:8123/
HOME_ASSISTANT_TOKEN=${secret}
ADMIN_PASSWORD=change-me-not
API_KEY=homeiq${'-token'}
LOG_LEVEL=DEBUG
MY_OWN="kept # as it is"
`;

async function open(t: TestContext) {
  const deployment = await rehearse(t);
  const file = path.join(deployment.folder, '.env');
  return {
    ...deployment,
    file,
    env: async () => valuesOfText(await deployment.read('.env')),
    /** `answer`: to every question, or to each. */
    run: async (args: readonly string[], answer?: boolean | ((question: string) => boolean)) => {
      const parsed = { ...readArguments(args), level: 'rehearsal' as const };
      const session = createSession(deployment.ports, parsed, deployment.folder, {}, {});
      const lines: string[] = [];
      const questions: string[] = [];
      const say = (text: string) => void lines.push(text);
      const ask = async (question: string) => {
        questions.push(question);
        return typeof answer === 'function' ? answer(question) : answer === true;
      };
      const exitCode = await runEnv(
        session,
        parsed,
        { print: say, warn: say, ask: answer === undefined ? undefined : ask },
        AbortSignal.timeout(30_000),
      );
      return { exitCode, text: lines.join('\n'), questions };
    },
  };
}

const exitsWith = (exitCode: number) => (thrown: unknown) =>
  thrown instanceof UserError && thrown.exitCode === exitCode;

describe('homeiq env import', () => {
  it('takes over what is the operator’s before the first set-up, after showing it without secrets', async t => {
    const { run, env, folder, draft } = await open(t);
    const from = path.join(folder, '..', `${path.basename(folder)}.env`);
    await writeFile(from, userFile);
    t.after(() => import('node:fs/promises').then(({ rm }) => rm(from)));
    await assert.rejects(run(['env', 'import', from]), exitsWith(2));
    const shown = await run(['env', 'import', from], false);
    assert.equal(shown.exitCode, 130);
    assert.match(shown.text, /HOME_ASSISTANT_URL is HA_HTTP_URL here/);
    assert.match(shown.text, /~ HA_TOKEN: .*\(hidden\)/);
    assert.match(shown.text, /LOG_LEVEL: INFO -> DEBUG/);
    assert.ok(!shown.text.includes(secret));
    assert.deepEqual((await run(['env', 'import', from, '--yes'])).exitCode, 0);
    const values = await env();
    assert.equal(values.DEPLOYMENT_MODE, 'production');
    assert.equal(values.HA_TOKEN, secret);
    assert.equal(values.MY_OWN, 'kept # as it is');
    assert.equal(values.API_KEY, `homeiq${'-token'}`);
    const { envChanges, settings } = await draft('production');
    assert.deepEqual(envChanges, []);
    assert.equal(settings.find(({ field }) => field.key === 'HA_TOKEN')?.value, secret);
  });

  it('makes new secrets in place of published ones only when asked', async t => {
    const { run, env, folder } = await open(t);
    const from = path.join(folder, 'users.env');
    await writeFile(from, userFile);
    const kept = await run(['env', 'import', from, '--yes', '--json']);
    assert.match(kept.text, /Kept, although HomeIQ publishes the values.*API_KEY/);
    assert.ok(!kept.text.includes(secret));
    assert.equal((await env()).API_KEY, `homeiq${'-token'}`);
    await run(['env', 'import', from, '--yes', '--replace-defaults']);
    assert.match((await env()).API_KEY ?? '', /^[\w-]{43}$/);
    const asked = await run(['env', 'import', from], true);
    assert.equal(asked.questions.length, 2);
    assert.match(asked.questions[0] ?? '', /API_KEY.*Make new ones/);
    const isImport = (question: string): boolean => !question.includes('Make new ones');
    assert.equal((await run(['env', 'import', from], isImport)).exitCode, 0);
    assert.equal((await env()).API_KEY, `homeiq${'-token'}`);
  });

  it('says what cannot be meant: values that do not fit, keys that are there twice, a dollar that Compose takes', async t => {
    const { run, folder } = await open(t);
    const from = path.join(folder, 'users.env');
    await writeFile(from, `MQTT_PASSWORD=pa$word\nLOG_LEVEL=LOUD\nMY_OWN=1\nMY_OWN=2\n`);
    const { text } = await run(['env', 'import', from], false);
    assert.match(text, /Look at it: Line 1: in MQTT_PASSWORD .* a dollar/);
    assert.match(text, /Look at it: Line 4: MY_OWN is there already/);
    assert.match(text, /Look at it: LOG_LEVEL: One of/);
    assert.ok(!text.includes('word\n') && !text.includes('pa$'));
  });

  it('takes HomeIQ’s own file without what nobody has filled in, and without its published token', async t => {
    const { run, env } = await open(t);
    const shipped = path.join(import.meta.dirname, '../fixtures/env/homeiq-as-shipped.env');
    const { exitCode, text } = await run(['env', 'import', shipped, '--yes']);
    assert.equal(exitCode, 0);
    assert.match(text, /HOME_ASSISTANT_URL is HA_HTTP_URL here/);
    assert.match(text, /HOME_ASSISTANT_TOKEN is not taken: another name of the same, or an example/);
    assert.match(text, /INFLUXDB_TOKEN is not taken: homeiq makes one/);
    const values = await env();
    assert.equal(values.HA_HTTP_URL, 'http://192.168.1.86:8123');
    assert.equal(values.ENABLE_WEATHER_API, 'true');
    assert.ok(!values.INFLUXDB_TOKEN);
  });

  it('while the other mode is set up, leaves .env to that mode', async t => {
    const { run, env, folder, setUp, read, draft } = await open(t);
    await setUp('test');
    const from = path.join(folder, 'users.env');
    await writeFile(from, userFile);
    const done = await run(['env', 'import', from, '--yes']);
    assert.equal(done.exitCode, 0);
    const values = await env();
    assert.equal(values.DEPLOYMENT_MODE, 'test');
    assert.equal(values.LOG_LEVEL, 'DEBUG');
    assert.ok(!(await read('.env')).includes(secret));
    assert.equal(valuesOfText(await read('.homeiq/modes/production.env')).HA_TOKEN, secret);
    assert.equal(
      (await draft('production')).settings.find(({ field }) => field.key === 'HA_TOKEN')?.value,
      secret,
    );
  });
});

describe('homeiq env undo', () => {
  it('puts the settings back that were replaced last, and can be undone', async t => {
    const { run, env, setUp } = await open(t);
    await setUp('test');
    await assert.rejects(run(['env', 'undo', '--yes']), exitsWith(1));
    await setUp('test', { LOG_LEVEL: 'ERROR', MQTT_PASSWORD: secret });
    const shown = await run(['env', 'undo'], false);
    assert.match(shown.text, /LOG_LEVEL: ERROR -> INFO/);
    assert.ok(!shown.text.includes(secret));
    assert.equal((await env()).LOG_LEVEL, 'ERROR');
    assert.equal((await run(['env', 'undo', '--yes'])).exitCode, 0);
    assert.equal((await env()).LOG_LEVEL, 'INFO');
    await run(['env', 'undo', '--yes']);
    assert.equal((await env()).MQTT_PASSWORD, secret);
  });

  it('puts the recorded mode back where somebody copied another file over .env', async t => {
    const { run, setUp, read, file } = await open(t);
    await setUp('test');
    const before = await read('.env');
    await writeFile(file, 'DEPLOYMENT_MODE=production\n');
    await run(['env', 'undo', '--yes']);
    assert.equal(await read('.env'), before);
  });

  it('never goes across the modes', async t => {
    const { run, setUp } = await open(t);
    await setUp('test');
    await setUp('production', { HA_HTTP_URL: 'http://192.168.1.20:8123', HA_TOKEN: secret });
    await assert.rejects(run(['env', 'undo', '--yes']), exitsWith(3));
  });
});

describe('homeiq env check and diff', () => {
  it('find nothing on what a set-up wrote but the tokens it has still to get', async t => {
    const { run, setUp, storeValue } = await open(t);
    await assert.rejects(run(['env', 'check']), exitsWith(4));
    await setUp('test');
    for (const key of ['INFLUXDB_TOKEN', 'HA_TOKEN']) await storeValue('test', key, secret);
    assert.deepEqual(await run(['env', 'check', '--json']), {
      exitCode: 0,
      questions: [],
      text: '{"mode":"test","isGood":true,"findings":[]}',
    });
    assert.equal((await run(['env', 'diff'])).exitCode, 0);
  });

  it('miss no token of a Home Assistant that is left out', async t => {
    const { run, setUp, storeValue } = await open(t);
    await setUp('test', { HOMEIQ_HOME_ASSISTANT_TEST_ON: '0' });
    assert.match((await run(['env', 'check'])).text, /INFLUXDB_TOKEN/);
    await storeValue('test', 'INFLUXDB_TOKEN', secret);
    const { exitCode, text } = await run(['env', 'check']);
    assert.deepEqual([exitCode, text], [0, 'The settings of test mode are sound.']);
  });

  it('name what is wrong, and never show a secret', async t => {
    const { run, setUp, file, folder, read } = await open(t);
    await setUp('test');
    await writeFile(
      file,
      `${setValuesInText(await read('.env'), { JWT_SECRET_KEY: 'change-me' })}LOG_LEVL=1\nLOG_LEVL=2\n`,
    );
    await chmod(file, 0o644);
    await chmod(path.join(folder, '.homeiq/modes/test.env'), 0o640);
    const { exitCode, text } = await run(['env', 'check']);
    assert.equal(exitCode, 1);
    for (const word of [
      /JWT_SECRET_KEY.*publishes/,
      /LOG_LEVL is there already/,
      /LOG_LEVL.*\n.*LOG_LEVEL\?/,
      /\.env can be read by every account/,
      /modes\/test\.env can be read by the group/,
      /chmod 600 .*modes\/test\.env/,
    ]) {
      assert.match(text, word);
    }
    const diff = await run(['env', 'diff', '--mode', 'production', '--json']);
    assert.equal(diff.exitCode, 1);
    const values = valuesOfText(await read('.env'));
    assert.ok(!diff.text.includes(values.ADMIN_PASSWORD ?? '?'));
    await writeFile(file, 'DEPLOYMENT_MODE=production\n');
    const foreign = await run(['env', 'check', '--json']);
    assert.match(foreign.text, /"kind":"foreign"/);
  });
});

it('a set-up without questions refuses a .env of another mode, and leaves it', async t => {
  const { setUp, file, ports, folder, read } = await open(t);
  await setUp('test');
  await writeFile(file, 'DEPLOYMENT_MODE=production\n');
  const parsed = { ...readArguments(['setup', '--mode', 'test', '--yes']), level: 'rehearsal' as const };
  const session = createSession(ports, parsed, folder, {}, {});
  await assert.rejects(
    runSetup(session, parsed, () => {}, AbortSignal.timeout(30_000)),
    (thrown: unknown) => exitsWith(3)(thrown) && thrown instanceof UserError && thrown.nextSteps.length === 2,
  );
  assert.equal(await read('.env'), 'DEPLOYMENT_MODE=production\n');
});

describe('answers', () => {
  it('come from a file and from the environment, which wins', async t => {
    const { ports, folder } = await open(t);
    const answers = path.join(folder, 'answers.env');
    await writeFile(answers, `HA_TOKEN=${secret}\nLOG_LEVEL=DEBUG\n`, { mode: 0o600 });
    const warnings: string[] = [];
    const read = (environment: Readonly<Record<string, string>>) =>
      readAnswers(ports, { answers, level: 'rehearsal' }, environment, text => void warnings.push(text));
    assert.deepEqual(await read({ HOMEIQ_SET_LOG_LEVEL: 'ERROR' }), { HA_TOKEN: secret, LOG_LEVEL: 'ERROR' });
    assert.deepEqual(warnings, []);
    await chmod(answers, 0o640);
    await read({});
    assert.match(warnings[0] ?? '', /The group of its owner can read .*answers\.env/);
    await assert.rejects(
      read({ HOMEIQ_SET_LOG_LEVL: 'x' }),
      (thrown: unknown) =>
        thrown instanceof UserError && thrown.exitCode === 2 && thrown.hint === 'Did you mean LOG_LEVEL?',
    );
    await writeFile(answers, 'HA_TOKN=x\n');
    await assert.rejects(read({}), /HA_TOKN/);
  });
});

describe('a value on the command line', () => {
  it('is refused with the reason, and not repeated', () => {
    for (const argv of [
      ['setup', '--set', `HA_TOKEN=${secret}`],
      ['setup', `--set=HA_TOKEN=${secret}`],
      ['setup', `--ha-token=${secret}`],
      ['setup', '--influxdb-password', secret],
      ['setup', `HA_TOKEN=${secret}`],
    ]) {
      assert.throws(
        () => readArguments(argv),
        (thrown: unknown) =>
          thrown instanceof UserError &&
          thrown.exitCode === 2 &&
          /list|arguments of a process/.test(thrown.hint ?? '') &&
          !JSON.stringify([thrown.message, thrown.hint, thrown.nextSteps]).includes(secret),
        argv.join(' '),
      );
    }
  });
});

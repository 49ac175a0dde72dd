import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setValuesInText, valuesOfText } from '../../helpers/env-text.ts';
import { rehearse } from '../../helpers/rehearse.ts';

describe('edits made by hand in .env', () => {
  it('are kept by a set-up, and those of shared keys are in the other mode too', async t => {
    const deployment = await rehearse(t);
    await deployment.setUp('test');
    await deployment.setUp('production', {
      HA_HTTP_URL: 'http://192.168.1.20:8123',
      HA_TOKEN: 'a-token-of-the-operator',
    });
    const file = path.join(deployment.folder, '.env');
    const comment = '# my own words\n';
    const edited = `${comment}${setValuesInText(await readFile(file, 'utf8'), {
      LOG_LEVEL: 'DEBUG',
      WEATHER_API_KEY: 'typed-by-hand',
      MINE: 'kept $HOME',
    })}`;
    await writeFile(file, edited);

    const draft = await deployment.draft('production');
    assert.ok(
      draft.notes.some(note => /Edited by hand.*LOG_LEVEL.*MINE/.test(note)),
      draft.notes.join('\n'),
    );
    assert.ok(!draft.notes.join().includes('typed-by-hand'));
    await deployment.setUp('production');

    const env = await readFile(file, 'utf8');
    assert.equal(env, edited);
    assert.equal(await deployment.read('.homeiq/modes/production.env'), env);
    const other = valuesOfText(await deployment.read('.homeiq/modes/test.env'));
    const had = valuesOfText(env);
    assert.equal(other.LOG_LEVEL, had.LOG_LEVEL);
    assert.notEqual(other.WEATHER_API_KEY, 'typed-by-hand');
    assert.equal(other.MINE, undefined);
    assert.equal((await deployment.setUp('production')).changed.length, 0);
  });

  it('are folded in before the other mode is set up, and come back with their mode', async t => {
    const deployment = await rehearse(t);
    await deployment.setUp('test');
    const file = path.join(deployment.folder, '.env');
    await writeFile(
      file,
      setValuesInText(await readFile(file, 'utf8'), { ENABLE_AI_AUTOMATION: 'false', LATITUDE: '52.3' }),
    );
    await deployment.setUp('production');
    assert.equal(valuesOfText(await readFile(file, 'utf8')).LATITUDE, '52.3');
    await deployment.setUp('test');
    const values = valuesOfText(await readFile(file, 'utf8'));
    assert.deepEqual([values.ENABLE_AI_AUTOMATION, values.LATITUDE], ['false', '52.3']);
  });

  it('that delete a key are told: a secret comes back as it was, an own key stays deleted', async t => {
    const deployment = await rehearse(t);
    await deployment.setUp('test');
    const file = path.join(deployment.folder, '.env');
    const before = valuesOfText(await readFile(file, 'utf8'));
    await writeFile(file, `${await readFile(file, 'utf8')}MINE=1\n`);
    await deployment.setUp('test');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^(?:MINE|JWT_SECRET_KEY|LOG_LEVEL)=.*\n/gm, ''));
    const { notes } = await deployment.draft('test');
    for (const word of [/MINE was deleted.*stays/, /JWT_SECRET_KEY.*as it was/, /LOG_LEVEL.*default/]) {
      assert.ok(
        notes.some(note => word.test(note)),
        String(word),
      );
    }
    await deployment.setUp('test');
    const values = valuesOfText(await readFile(file, 'utf8'));
    assert.equal(values.MINE, undefined);
    assert.equal(values.JWT_SECRET_KEY, before.JWT_SECRET_KEY);
    assert.equal(values.LOG_LEVEL, before.LOG_LEVEL);
  });

  it('between the plan and the run stop the run before it writes', async t => {
    const deployment = await rehearse(t);
    await deployment.setUp('test');
    const file = path.join(deployment.folder, '.env');
    const draft = await deployment.draft('test', { LOG_LEVEL: 'ERROR' });
    const edited = setValuesInText(await readFile(file, 'utf8'), { LOG_LEVEL: 'DEBUG' });
    await writeFile(file, edited);
    const run = await deployment.run(draft);
    assert.equal(run.failure?.exitCode, 3);
    assert.match(run.failure?.message ?? '', /changed after the plan/);
    assert.equal(await readFile(file, 'utf8'), edited);
    assert.ok(!(await deployment.read('.homeiq/modes/test.env')).includes('LOG_LEVEL=ERROR'));
  });
});

describe('a .env that is not this deployment’s', () => {
  for (const [name, text] of [
    ['of another mode', 'DEPLOYMENT_MODE=production\nHA_TOKEN=somebody-elses-token\n'],
    ['without a mode', 'HA_TOKEN=somebody-elses-token\n'],
  ] as const) {
    it(`${name} is not folded, and the operator is asked`, async t => {
      const deployment = await rehearse(t);
      await deployment.setUp('test');
      const own = await deployment.read('.homeiq/modes/test.env');
      await writeFile(path.join(deployment.folder, '.env'), text);
      const line = (await deployment.check()).find(({ id }) => id === 'env');
      assert.equal(line?.tone, 'problem');
      assert.equal(line?.mend.length, 2);
      const draft = await deployment.draft('test');
      assert.equal(draft.envText, own);
    });
  }
});

it('a token of the run is stored beside an edit that was made meanwhile, which stays one', async t => {
  const deployment = await rehearse(t);
  await deployment.setUp('test');
  const file = path.join(deployment.folder, '.env');
  await writeFile(file, setValuesInText(await readFile(file, 'utf8'), { LOG_LEVEL: 'DEBUG' }));
  await deployment.storeValue('test', 'INFLUXDB_TOKEN', 'the-new-token');
  const [env, own, written] = await Promise.all(
    ['.env', '.homeiq/modes/test.env', '.homeiq/modes/test.written.env'].map(async name =>
      valuesOfText(await deployment.read(name)),
    ),
  );
  assert.deepEqual(
    [env, own, written].map(values => values?.INFLUXDB_TOKEN),
    ['the-new-token', 'the-new-token', 'the-new-token'],
  );
  assert.equal(env?.LOG_LEVEL, 'DEBUG');
  assert.notEqual(written?.LOG_LEVEL, 'DEBUG');

  await writeFile(file, 'DEPLOYMENT_MODE=production\n');
  await assert.rejects(
    deployment.storeValue('test', 'INFLUXDB_TOKEN', 'a-later-token'),
    /not the document of test/,
  );
  assert.equal(await readFile(file, 'utf8'), 'DEPLOYMENT_MODE=production\n');
  assert.equal(valuesOfText(await deployment.read('.homeiq/modes/test.env')).INFLUXDB_TOKEN, 'a-later-token');
});

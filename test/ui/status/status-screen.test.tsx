import assert from 'node:assert/strict';
import process from 'node:process';
import test from 'node:test';
import type { SaveLog } from '../../../src/app/monitor/monitor.ts';
import { UserError } from '../../../src/core/error.ts';
import type { ServiceCommand } from '../../../src/core/status/service-actions.ts';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { presentStatus } from '../../../src/ui/present/status.ts';
import { lineText } from '../../../src/ui/present/tone.ts';
import { ShellView } from '../../../src/ui/tui/shell.tsx';
import { createStatusScreen } from '../../../src/ui/tui/status/status-screen.tsx';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';
import { KEYS, renderOnScreen } from '../../helpers/screen.ts';

process.env.TZ = 'UTC';

async function open(
  options: {
    readonly act?: (command: ServiceCommand) => Promise<void>;
    readonly saveLog?: SaveLog;
    readonly size?: Parameters<typeof renderOnScreen>[1];
  } = {},
) {
  const deployment = await createRehearsedDeployment();
  const commands: ServiceCommand[] = [];
  const act = async (command: ServiceCommand): Promise<void> => {
    commands.push(command);
    await options.act?.(command);
  };
  const { monitor, session } = deployment.watch({ act, saveLog: options.saveLog });
  await deployment.clock.advance(20_000);
  let quits = 0;
  let switches = 0;
  const screen = createStatusScreen({
    session,
    onQuit: () => {
      quits += 1;
    },
    onSwitch: () => {
      switches += 1;
    },
  });
  const shown = renderOnScreen(
    <ShellView screen={screen} glyphs={unicodeGlyphs} painting={{ hasStyles: true }} />,
    options.size,
  );
  await shown.waitForText('16/16 healthy');
  return {
    ...shown,
    deployment,
    monitor,
    session,
    commands,
    quits: () => quits,
    switches: () => switches,
    close: () => {
      shown.close();
      screen.dispose();
      deployment.end();
    },
  };
}

test('m asks for the other mode once, but not while something is being done here', async t => {
  let finish: () => void = () => {};
  const screen = await open({
    act: () =>
      new Promise(resolve => {
        finish = resolve;
      }),
  });
  t.after(screen.close);
  await screen.press('r');
  await screen.waitForText('do it');
  await screen.press(KEYS.enter);
  await screen.waitForText('Restarting');
  await screen.press('m');
  assert.equal(screen.switches(), 0);
  finish();
  await screen.waitForText('restarted.');
  await screen.press('m');
  await screen.press('m');
  assert.equal(screen.switches(), 1);
});

test('a crash and the recovery are seen without a key, and the screen is never cleared', async t => {
  const screen = await open();
  t.after(screen.close);
  screen.mark();
  screen.deployment.control.crash(await screen.deployment.idOf('data-api'), 1);
  await screen.deployment.clock.advance(400);
  await screen.waitForText(/data-api +restarting/);
  await screen.waitForText('data-api is restarting with exit code 1');
  await screen.deployment.clock.advance(5_000);
  await screen.waitForText('16/16 healthy');
  assert.equal(screen.clears(), 0);
  assert.equal(screen.rows().length, 24);
});

test('a restart is asked about, shown with its command, done, and told', async t => {
  const screen = await open();
  t.after(screen.close);
  await screen.press(KEYS.down, KEYS.down, 'r');
  await screen.waitForText('by hand: docker compose -p homeiq restart openvino-service');
  assert.deepEqual(screen.commands, []);
  await screen.press(KEYS.enter);
  await screen.waitForText('openvino-service restarted.');
  assert.deepEqual(screen.commands, [{ kind: 'restart', services: ['openvino-service'] }]);
});

test('an escape leaves the question without doing anything; a failure is said', async t => {
  const screen = await open({
    act: async () => {
      throw new UserError('Another run is under way.');
    },
  });
  t.after(screen.close);
  await screen.press('a');
  await screen.waitForText('What shall be done with influxdb?');
  await screen.press(KEYS.escape);
  await screen.waitForText('▾ Infrastructure');
  assert.deepEqual(screen.commands, []);
  await screen.press('x', KEYS.enter);
  await screen.waitForText('Another run is under way.');
});

test('the log of the selected service opens, follows, and changes with the selection', async t => {
  const screen = await open();
  t.after(screen.close);
  await screen.press('l');
  await screen.deployment.clock.advance(300);
  await screen.waitForText('Log of influxdb');
  await screen.waitForText(/\d\d:\d\d:\d\d [A-Z]+ /);
  await screen.press(KEYS.down, KEYS.down);
  await screen.deployment.clock.advance(300);
  await screen.waitForText('Log of openvino-service');
  await screen.press(KEYS.pageUp);
  await screen.waitForText('newer below');
  await screen.press('l');
  await screen.waitForText('f follow');
  await screen.press('l');
  await screen.until(() => !screen.has('Log of'));
});

test('the log on the whole screen: all services, search, level, times, wrap, pause, and back', async t => {
  const screen = await open();
  t.after(screen.close);
  await screen.press('L');
  await screen.deployment.clock.advance(1_200);
  await screen.waitForText('Log of all services');
  await screen.waitForText(/\d\d:\d\d:\d\d ner-service +[A-Z]+ /);
  await screen.press('/', 'm', 'i', 's', 's', 'e', 's');
  await screen.waitForText('Search misses');
  await screen.press(KEYS.enter);
  await screen.waitForText(/"misses" (\d+) of \1/);
  await screen.waitForText(/^ ❯ .*misses/m);
  await screen.waitForText('paused');
  await screen.press('n');
  await screen.until(() => !screen.has(/"misses" (\d+) of \1\b/));
  await screen.press('N');
  await screen.waitForText(/"misses" (\d+) of \1/);
  await screen.press('f', 'v', 'v');
  await screen.waitForText('warn and worse');
  await screen.until(() => !screen.has(/ INFO /) && screen.has(/ WARNING /));
  await screen.press('t', 'w');
  await screen.waitForText('UTC');
  await screen.waitForText(/\d\d:\d\d:\d\dZ /);
  await screen.waitForText('w cut');
  await screen.press('q');
  await screen.waitForText('▾ Infrastructure');
  assert.equal(screen.quits(), 0);
});

test('s saves what is held, as the level leaves it, and says where; a failure is said', async t => {
  const saved: { readonly name: string; readonly texts: readonly string[] }[] = [];
  const screen = await open({
    saveLog: async (name, lines) => {
      if (saved.length > 0) throw new UserError('The disk is full.');
      saved.push({ name, texts: lines.map(({ text }) => text) });
      return '/home/somebody/homeiq/.homeiq/logs/influxdb-20260105-120000.log';
    },
  });
  t.after(screen.close);
  await screen.press('l', 'l', 's');
  await screen.waitForText('There is nothing to save.');
  await screen.deployment.clock.advance(300);
  await screen.waitForText(/\d\d:\d\d:\d\d [A-Z]+ /);
  await screen.press('s');
  await screen.waitForText('influxdb-20260105-120000.log');
  assert.equal(saved[0]?.name, 'influxdb');
  assert.ok((saved[0]?.texts.length ?? 0) > 2);
  await screen.press('s');
  await screen.waitForText('The disk is full.');
});

test('the filter takes letters that are keys elsewhere, and what is pasted; escape shows all again', async t => {
  const screen = await open();
  t.after(screen.close);
  await screen.press('/', 'a', 'p', 'q');
  await screen.waitForText('Find apq');
  await screen.waitForText('No service has "apq"');
  await screen.waitForText('Esc goes back to all services.');
  await screen.press(KEYS.backspace, 'i');
  await screen.waitForText('data-api');
  assert.equal(screen.has('openvino-service'), false);
  await screen.press(KEYS.enter);
  await screen.waitForText('found by "api"');
  assert.equal(screen.quits(), 0);
  await screen.press(KEYS.escape);
  await screen.waitForText('openvino-service');
});

test('help lists the keys, and q leaves once', async t => {
  const screen = await open();
  t.after(screen.close);
  await screen.press('?');
  await screen.waitForText('Keys on this screen');
  await screen.press('x');
  await screen.waitForText('16/16 healthy');
  assert.deepEqual(screen.commands, []);
  await screen.press('q', 'q');
  await screen.until(() => screen.quits() === 1);
});

test('a minute of nothing new costs few bytes', async t => {
  const screen = await open();
  t.after(screen.close);
  await screen.deployment.clock.advance(120_000);
  await screen.until(() => true);
  screen.mark();
  for (let second = 0; second < 60; second += 2) {
    const before = screen.bytes();
    await screen.deployment.clock.advance(2_000);
    // Each sample is drawn by itself, as in life: some figure always changes.
    await screen.until(() => screen.bytes() > before);
  }
  const perSecond = screen.bytes() / 60;
  t.diagnostic(`${Math.round(perSecond)} bytes a second`);
  assert.equal(screen.clears(), 0);
  assert.ok(perSecond < 300, `${perSecond} bytes a second`);
});

test('a storm of two hundred sizes leaves no remains: each size that it ends with shows its frame and nothing else', async t => {
  const screen = await open();
  t.after(screen.close);
  for (const [columns, rows] of [
    [40, 12],
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const) {
    for (let index = 0; index < 50; index += 1) {
      screen.resize({ columns: 40 + ((index * 37) % 160), rows: 12 + ((index * 13) % 48) });
      await new Promise(resolve => setImmediate(resolve));
    }
    screen.resize({ columns, rows });
    const viewport = { columns, rows, glyphs: unicodeGlyphs };
    const wanted = presentStatus(screen.session.store.get(), viewport).map(each => lineText(each).trimEnd());
    await screen.until(() => JSON.stringify(screen.rows()) === JSON.stringify(wanted));
  }
});

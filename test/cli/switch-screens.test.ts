/** A whole switch by keys, in a real terminal and the rehearsal: set-up, status, review, run, status of the other mode. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Command, programEnvironment, provideBundle } from '../helpers/program.ts';
import { type Pty, startInPty } from '../helpers/pty.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const enter = '\r';
const escapeKey = '\x1b';

describe('a switch by keys', () => {
  let command: Command;
  let remove: () => Promise<void>;
  before(async () => {
    ({ command, remove } = await provideBundle('switch-screens'));
  });
  after(() => remove());

  /** From nothing to the live status in test mode. */
  async function setUpTest(terminal: Pty): Promise<void> {
    await terminal.waitForText('Ready. Everything', 60_000);
    terminal.press(enter);
    for (const step of [2, 3, 4, 5]) {
      await terminal.waitForText(`step ${step} of 6`, 30_000);
      await terminal.until(() => !terminal.has('...') && terminal.has('enter'), 30_000);
      terminal.press(enter);
    }
    await terminal.waitForText('16 of 16 services up', 120_000);
    terminal.press(enter);
    await terminal.waitForText('16/16 healthy', 60_000);
  }

  it('m on the status leads over the review to the status of the other mode, and back', async t => {
    const [file, ...leading] = command;
    const terminal = startInPty(file, [...leading, '--rehearse'], {
      columns: 120,
      rows: 40,
      folder: temporaryFolder(t),
      environment: programEnvironment({}),
    });
    t.after(terminal.close);
    await setUpTest(terminal);

    terminal.press('m');
    await terminal.waitForText('Enter switches TEST', 30_000);
    const review = terminal.text();
    assert.match(review, /TEST → PRODUCTION/);
    assert.match(review, /Stop +2: home-assistant-test, websocket-ingestion-test/);
    assert.match(review, /Keep +9: influxdb, openvino-service/);
    assert.match(review, /All for: .*DEPLOYMENT_MODE/);
    assert.match(review, /InfluxDB stays up/);
    assert.match(review, /home_assistant_events_test/);

    terminal.press(escapeKey);
    await terminal.waitForText('16/16 healthy', 30_000);
    assert.match(terminal.text(), /TEST/);

    terminal.press('m');
    await terminal.waitForText('Enter switches TEST', 30_000);
    terminal.press(enter);
    await terminal.waitForText('HomeIQ runs in PRODUCTION mode', 120_000);
    terminal.press(enter);
    await terminal.waitForText(/HomeIQ · PRODUCTION/, 60_000);
    await terminal.waitForText(/(\d+)\/\1 healthy/, 60_000);
    assert.doesNotMatch(terminal.text(), /home-assistant-test/);

    terminal.press('m');
    await terminal.waitForText('Enter switches PRODUCTION', 30_000);
    terminal.press(enter);
    await terminal.waitForText('HomeIQ runs in TEST mode', 120_000);
    terminal.press(enter);
    await terminal.waitForText('16/16 healthy', 60_000);
    terminal.press('q');
    assert.equal((await terminal.waitForExit()).exitCode, 0);
  });
});

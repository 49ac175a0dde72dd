/** The status screen of a rehearsal in a real terminal: its actions, and lending the terminal to a pager and back. */

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Command, programEnvironment, provideBundle } from '../helpers/program.ts';
import { type Pty, startInPty } from '../helpers/pty.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const enter = '\r';
const controlC = '\x03';
const down = '\x1b[B';

/** `less`; while there is a file beside it, one that hears lines from the keyboard instead. */
const pagerScript = `
[ -e "$(dirname "$0")/wants-lines" ] || exec less
echo 'says how much it hears'
count=0
while IFS= read -r line && [ "$line" != end ]; do
  count=$((count + 1))
  echo "heard $count"
done < /dev/tty
`;

describe('the status screen of a rehearsal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'homeiq-pager-'));
  let terminal: Pty;
  let command: Command;
  let remove: () => Promise<void>;

  before(async () => {
    const bundle = await provideBundle('status-actions');
    ({ command, remove } = bundle);
    const pager = join(folder, 'pager.sh');
    await writeFile(pager, pagerScript);
    const [file, ...leading] = command;
    terminal = startInPty(file, [...leading, '--rehearse'], {
      environment: { ...programEnvironment({}), PAGER: `sh ${pager}` },
    });
    await terminal.waitForText('Ready. Everything', 60_000);
    for (let step = 2; step <= 5; step += 1) {
      terminal.press(enter);
      await terminal.waitForText(`step ${step} of 6`, 30_000);
      await terminal.until(() => !terminal.has('...'), 30_000);
    }
    terminal.press(enter);
    await terminal.waitForText('enter status', 120_000);
    terminal.press(enter);
    await terminal.waitForText('16/16 healthy', 30_000);
  });
  after(async () => {
    await terminal?.close();
    await remove?.();
    await rm(folder, { recursive: true, force: true });
  });

  it('what is typed while the terminal is lent out is heard by the other program alone', async () => {
    await writeFile(join(folder, 'wants-lines'), '');
    terminal.press('p');
    await terminal.waitForText('says how much it hears');
    for (let count = 1; count <= 30; count += 1) {
      terminal.press(`line ${count}${enter}`);
      await terminal.waitForText(new RegExp(`^heard ${count}$`, 'm'));
    }
    await rm(join(folder, 'wants-lines'));
    terminal.press(`end${enter}`);
    await terminal.waitForText('16/16 healthy');
  });

  it('p opens the log in the pager; Ctrl+C there is the pager’s, and q comes back', async () => {
    terminal.press('p');
    await terminal.waitForText(/^\d{4}-\d\d-\d\d.*influxdb/m);
    await terminal.waitForText('(END)');
    assert.equal(terminal.has('16/16 healthy'), false);
    terminal.press(controlC);
    // What is typed while less hears the interruption is lost to it.
    await terminal.until(() => {
      if (!terminal.has('SUMMARY OF LESS')) terminal.press('h');
      return terminal.has('SUMMARY OF LESS');
    });
    terminal.press('q');
    await terminal.until(() => !terminal.has('SUMMARY OF LESS'));
    terminal.press('q');
    await terminal.waitForText('16/16 healthy');
    terminal.press(down);
    await terminal.waitForText('❯ ▾ AI services');
  });

  it('a shell is refused where nothing real runs, and the screen says why', async () => {
    terminal.press(down, '!');
    await terminal.waitForText('The rehearsal has no containers to open a shell in.');
  });

  it('two that are marked are stopped in one run, started again, and made anew', async () => {
    terminal.press(' ', ' ');
    await terminal.waitForText('2 marked');
    terminal.press('x');
    await terminal.waitForText('❯ 2 Stop');
    await terminal.waitForText('docker compose -p homeiq-sandbox stop openvino-service');
    terminal.press(enter);
    await terminal.waitForText('2 services stopped.', 30_000);
    await terminal.waitForText('14/16 healthy');
    await terminal.until(() => !terminal.has('marked'));
    terminal.press('g');
    await terminal.waitForText('▸ AI services');
    terminal.press('\x1b[H', down, 'u');
    await terminal.waitForText('2 of 6');
    terminal.press(enter);
    await terminal.waitForText('16/16 healthy', 30_000);
    terminal.press('c');
    await terminal.waitForText('up -d --no-deps --force-recreate');
    terminal.press(enter);
    await terminal.waitForText('6 services recreated.', 30_000);
    await terminal.waitForText('16/16 healthy', 30_000);
  });

  it('d has the doctor look, and shows it; q goes back', async () => {
    terminal.press('d');
    await terminal.waitForText(/homeiq doctor: /, 30_000);
    await terminal.waitForText(/InfluxDB: /);
    terminal.press('q');
    await terminal.waitForText('16/16 healthy');
  });

  it('read-only begins nothing: where nothing is set up it ends with 4 and says so', async t => {
    const [file, ...leading] = command;
    const empty = temporaryFolder(t);
    const nothing = startInPty(file, [...leading, '--read-only', '--dir', empty], {
      environment: programEnvironment({}),
    });
    t.after(nothing.close);
    assert.equal((await nothing.waitForExit(30_000)).exitCode, 4);
    assert.ok(nothing.has('to look at'));
  });
});

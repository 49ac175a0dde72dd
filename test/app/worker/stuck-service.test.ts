/** What is said of a service that keeps the others: each line of the end of its log as a line of its own. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { explainStuck, seeServices } from '../../../src/app/worker/service-phases.ts';
import type { StepContext } from '../../../src/app/worker/step.ts';
import { reportError } from '../../../src/core/error.ts';
import type { Container, LogLine } from '../../../src/ports/engine.ts';
import { errorLines as plainLines } from '../../../src/ui/plain/error.ts';
import { fitsViewport } from '../../../src/ui/present/compose-screen.ts';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { lineText } from '../../../src/ui/present/tone.ts';
import { presentWizard } from '../../../src/ui/present/wizard.ts';
import { makeContainer, makeService } from '../../core/status/status-fixtures.ts';
import { runStartMs } from '../../ui/wizard-fixture.ts';
import { wizardStates } from '../../ui/wizard-states.ts';

const service = makeService('data-api', 'core', 100);
const container = makeContainer('data-api', { state: 'exited', exitCode: 3 }) as Container;

async function reportOf(texts: readonly string[]) {
  const engine = {
    logs: async function* (): AsyncGenerator<LogLine> {
      for (const text of texts) yield { at: undefined, stream: 'stderr', text } as unknown as LogLine;
    },
  };
  const context = { ports: { engine }, signal: new AbortController().signal } as unknown as StepContext;
  return reportError(await explainStuck(context, seeServices([service], [container])));
}

const said = ['Traceback:', '\x1b[31mno such table\x1b[0m', '\x1b]0;x\x07half\x08 way', 'gives up'] as const;

it('stays apart from the next one at every width and in the plain rendering, with nothing a terminal acts on', async () => {
  const report = await reportOf(said);
  const failed = (await wizardStates()).get('failed');
  assert.ok(failed?.run !== undefined);
  const steps = failed.run.state.steps.map(step =>
    step.status === 'failed' ? { ...step, error: report } : step,
  );
  const state = { ...failed, run: { ...failed.run, state: { ...failed.run.state, steps } } };
  for (const [columns, rows] of [
    [40, 24],
    [80, 24],
    [120, 40],
  ] as const) {
    const viewport = { columns, rows, glyphs: unicodeGlyphs };
    const lines = presentWizard(state, viewport, { nowMs: runStartMs, comeBack: 'homeiq' });
    assert.ok(fitsViewport(lines, viewport));
    const texts = lines.map(lineText);
    const from = texts.findIndex(text => text.includes('Traceback:'));
    const shown = texts.slice(from, from + 4).map(text => text.replace(/^ *(It said)? */, ''));
    assert.deepEqual(shown, ['Traceback:', 'no such table', 'half way', 'gives up'], texts.join('\n'));
    assert.ok(
      texts.findIndex(text => text.includes('docker compose logs data-api')) < from,
      'what to do is first',
    );
    assert.doesNotMatch(texts.join('\n'), /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  }
  assert.deepEqual(
    plainLines(report).filter(text => text.startsWith('  It said: ')),
    ['Traceback:', 'no such table', 'half way', 'gives up'].map(text => `  It said: ${text}`),
  );
});

it('an empty log is said to be empty', async () => {
  assert.equal((await reportOf([])).hint, 'Its log is empty.');
});

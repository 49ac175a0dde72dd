/** The terminal rendering: draws one screen after another until one of them ends the program. */

import { type Instance, render } from 'ink';
import type { Ending, WizardState } from '../../app/wizard/wizard-state.ts';
import type { Wizard } from '../../app/wizard/wizard-store.ts';
import { type ExitCode, exitCodes } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { farewellLines } from '../present/farewell.ts';
import { chooseGlyphs } from '../present/glyphs.ts';
import { choosePainting } from './painting.ts';
import type { Shell, TuiScreen } from './screen.ts';
import { ShellView, type ShellViewProps } from './shell.tsx';
import { createWizardScreen } from './wizard/wizard-screen.tsx';

/** What is shown first. A run to attach to is a wizard that was made for it. */
export type FirstScreen =
  | { readonly kind: 'wizard'; readonly wizard: Wizard }
  | { readonly kind: 'status' }
  | {
      readonly kind: 'screen';
      readonly create: (shell: Shell, showWizard: (wizard: Wizard) => void) => TuiScreen;
    };

export type TuiOptions = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /**
   * Read for the glyphs (`TERM`, `LC_ALL`, `LC_CTYPE`, `LANG`, `HOMEIQ_ASCII`), for the colours (`NO_COLOR`, `FORCE_COLOR`)
   * and for a screen reader (`INK_SCREEN_READER`).
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly first: FirstScreen;
  /** Makes the status screen; called when it is shown. */
  readonly createStatus: (shell: Shell) => TuiScreen;
  /** Makes the wizard that changes from this mode to the other. */
  readonly createSwitch: (from: Mode) => Wizard;
  /** Makes the wizard of a rehearsal, for a machine without Docker. */
  readonly createRehearsal?: () => Promise<Wizard>;
  readonly onSizeSignal?: ShellViewProps['onSizeSignal'];
  /** Called right before the terminal is taken. */
  readonly onStart?: () => void;
  /** The command that brings the operator back to this deployment. @default 'homeiq' */
  readonly comeBack?: string;
  readonly now?: () => number;
};

type Exit = { readonly code: ExitCode; readonly farewell: readonly string[] };

/**
 * Runs the terminal rendering. Resolves with the exit code once the terminal is as it was before; the last words
 * are then on the main screen. Rejects when a view throws.
 */
export async function runTui(options: TuiOptions): Promise<ExitCode> {
  const { stdin, stdout, stderr, comeBack = 'homeiq', now = Date.now } = options;
  const glyphs = chooseGlyphs(options.environment);
  let current: TuiScreen | undefined;
  let instance: Instance | undefined;
  let isOver = false;
  let exit: Exit = { code: exitCodes.failed, farewell: [] };
  let suspend: Shell['suspend'] = work => work();
  const takeSuspend = (taken: Shell['suspend']): void => {
    suspend = taken;
  };

  const painting = choosePainting(options.environment);
  const draw = (screen: TuiScreen) => (
    <ShellView
      screen={screen}
      glyphs={glyphs}
      painting={painting}
      onSizeSignal={options.onSizeSignal}
      takeSuspend={takeSuspend}
    />
  );
  const shell: Shell = {
    show: next => {
      const previous = current;
      current = next;
      instance?.rerender(draw(next));
      previous?.dispose();
    },
    switchFrom: mode => shell.show(wizardScreen(options.createSwitch(mode))),
    exit: (code, farewell = []) => {
      exit = { code, farewell };
      isOver = true;
      current?.dispose();
      instance?.unmount();
    },
    suspend: work => suspend(work),
  };

  const wizardScreen = (wizard: Wizard): TuiScreen =>
    createWizardScreen({ wizard, comeBack, now, onEnd: (ending, state) => void endWizard(ending, state) });

  async function endWizard(ending: Ending, state: WizardState): Promise<void> {
    switch (ending.kind) {
      case 'quit':
        return shell.exit(ending.code, farewellLines(ending, state, comeBack));
      case 'left-running':
        return shell.exit(exitCodes.done, farewellLines(ending, state, comeBack));
      case 'status':
        return shell.show(options.createStatus(shell));
      case 'rehearse':
        if (options.createRehearsal === undefined) return shell.exit(exitCodes.failed);
        return shell.show(wizardScreen(await options.createRehearsal()));
    }
  }

  const createFirst = (): TuiScreen => {
    switch (options.first.kind) {
      case 'wizard':
        return wizardScreen(options.first.wizard);
      case 'status':
        return options.createStatus(shell);
      case 'screen':
        return options.first.create(shell, wizard => shell.show(wizardScreen(wizard)));
    }
  };
  const first = createFirst();
  current ??= first;
  options.onStart?.();
  instance = render(draw(current), {
    stdin,
    stdout,
    stderr,
    // The caller has seen a terminal; a `CI` in the environment must not make Ink take it for a log.
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: true,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 10,
  });
  // A first screen may have ended before there was anything to unmount.
  if (isOver) instance.unmount();
  await instance.waitUntilExit();
  for (const text of exit.farewell) stdout.write(`${sanitiseLine(text)}\n`);
  return exit.code;
}

/** The wizard as a screen of the shell: its store, its keys, and what its end leads to. */

import { useAnimation } from 'ink';
import type { Ending, WizardState } from '../../../app/wizard/wizard-state.ts';
import type { Wizard } from '../../../app/wizard/wizard-store.ts';
import { isRunOver } from '../../../core/run/reduce-run.ts';
import { isWizardTyping, wizardKeys } from '../../present/wizard-keys.ts';
import type { TuiScreen, ViewProps } from '../screen.ts';
import { useStore } from '../use-store.ts';
import { readWizardKey } from './wizard-input.ts';
import { WizardView } from './wizard-view.tsx';

export type WizardScreenOptions = {
  readonly wizard: Wizard;
  /** The command that brings the operator back here. */
  readonly comeBack: string;
  readonly now: () => number;
  /** Called once, with the state at the end. */
  readonly onEnd: (ending: Ending, state: WizardState) => void;
};

/** Only a run that is under way has a clock to draw. */
const hasClock = (state: WizardState): boolean =>
  state.run?.kind === 'following' && !isRunOver(state.run.state);

type LiveWizardProps = ViewProps & Omit<WizardScreenOptions, 'onEnd'>;

const LiveWizard = ({ wizard, comeBack, now, size, glyphs }: LiveWizardProps) => {
  const state = useStore(wizard.store);
  useAnimation({ interval: 1000, isActive: hasClock(state) });
  return <WizardView state={state} size={size} glyphs={glyphs} nowMs={now()} comeBack={comeBack} />;
};

export function createWizardScreen({ wizard, comeBack, now, onEnd }: WizardScreenOptions): TuiScreen {
  const stopWatching = wizard.store.subscribe(() => {
    const state = wizard.store.get();
    if (state.ending === undefined) return;
    stopWatching();
    onEnd(state.ending, state);
  });
  return {
    store: wizard.store,
    draw: props => <LiveWizard {...props} wizard={wizard} comeBack={comeBack} now={now} />,
    handleKey: event => {
      const intent = readWizardKey(wizard.store.get(), event);
      if (intent !== undefined) wizard.dispatch(intent);
    },
    bindings: () => wizardKeys(wizard.store.get()),
    isTyping: () => isWizardTyping(wizard.store.get()),
    dispose: () => {
      stopWatching();
      wizard.dispose();
    },
  };
}

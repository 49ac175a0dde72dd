/** The wizard on the screen. Pure: the same properties give the same frame. */

import type { WizardState } from '../../../app/wizard/wizard-state.ts';
import { presentWizard, type WizardPresentation } from '../../present/wizard.ts';
import { Lines } from '../lines.tsx';
import type { ViewProps } from '../screen.ts';

export type WizardViewProps = ViewProps & WizardPresentation & { readonly state: WizardState };

export const WizardView = ({ state, size, glyphs, nowMs, comeBack }: WizardViewProps) => (
  <Lines lines={presentWizard(state, { ...size, glyphs }, { nowMs, comeBack })} size={size} />
);

/** From keys to what they mean for the wizard, by the table of the screen that is shown. */

import type { WizardIntent, WizardState } from '../../../app/wizard/wizard-state.ts';
import { findCommand } from '../../present/key-hints.ts';
import type { WizardCommand } from '../../present/wizard-commands.ts';
import { isWizardTyping, takesText, wizardKeys } from '../../present/wizard-keys.ts';
import { readEdit } from '../edit-keys.ts';
import type { KeyEvent } from '../keys.ts';

const pageLines = 10;

function intentOf(command: WizardCommand, key: string): WizardIntent | undefined {
  switch (command) {
    case 'up':
      return { kind: 'move', by: -1 };
    case 'down':
      return { kind: 'move', by: 1 };
    case 'page-up':
      return { kind: 'move', by: -pageLines };
    case 'page-down':
      return { kind: 'move', by: pageLines };
    case 'select':
      return { kind: 'select', index: Number(key) - 1 };
    case 'help':
      return undefined;
    default:
      return { kind: command };
  }
}

/** What the key means now; undefined when it means nothing here. */
export function readWizardKey(state: WizardState, event: KeyEvent): WizardIntent | undefined {
  if (event.kind === 'paste') return takesText(state) ? event : undefined;
  const command = findCommand(wizardKeys(state), event.key);
  if (command !== undefined) return intentOf(command, event.key);
  const canTypeOver = state.settings.editing?.choice !== undefined && takesText(state);
  if (!isWizardTyping(state) && !(canTypeOver && event.text !== '')) return undefined;
  const edit = readEdit(event);
  return edit === undefined ? undefined : { kind: 'edit-text', edit };
}

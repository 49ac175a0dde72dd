/** Each type of setting in the wizard: checked while it is typed, and when its field is left. */

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { type FieldType, fieldTypes, type TemplateField } from '../../../src/core/env/template-field.ts';
import { badValues, goodValues } from '../../helpers/field-values.ts';
import { draftFixture } from '../../ui/wizard-fixture.ts';
import { clear, closeWizards, isReady, openWizard, type } from './open-wizard.ts';

afterEach(closeWizards);

const chosen: readonly FieldType[] = ['choice', 'boolean'];

/** On the settings, with the time zone turned into a field of this type, and the cursor in it. */
async function openField(change: Partial<TemplateField>) {
  const wizard = openWizard({
    draft: async choices => {
      const draft = draftFixture(choices);
      return {
        ...draft,
        settings: draft.settings.map(setting =>
          setting.field.key === 'TZ'
            ? {
                field: { ...setting.field, defaultValue: '', ...change },
                value: choices.answers.TZ ?? '',
                origin: 'none' as const,
                problem: undefined,
                alternatives: [],
              }
            : setting,
        ),
      };
    },
  });
  await wizard.reach(isReady);
  wizard.press('continue', 'continue', 'continue', 'edit');
  const editing = () => wizard.state().settings.editing;
  assert.equal(editing()?.key, 'TZ');
  return { ...wizard, editing };
}

for (const fieldType of fieldTypes.filter(each => !chosen.includes(each))) {
  test(`${fieldType}: a slip is told softly while it is typed, and keeps the field open when it is left`, async () => {
    const { state, press, reach, editing } = await openField({ type: fieldType });
    // Spaces at the ends are taken off, here and when it is left.
    for (const [value, said] of badValues[fieldType].filter(([text]) => text === text.trim())) {
      press(clear, type(value));
      assert.match(editing()?.hint ?? '', said, value);
      assert.equal(editing()?.problem, undefined, value);
      press('continue');
      assert.match(editing()?.problem ?? '', said, value);
      assert.deepEqual(state().choices.answers, {}, value);
      press({ kind: 'edit-text', edit: { kind: 'end' } }, type(' '));
      assert.equal(editing()?.problem, undefined, 'gone as soon as it is typed on');
    }
    for (const value of goodValues[fieldType]) {
      press(clear, type(value));
      assert.deepEqual([editing()?.hint, editing()?.problem], [undefined, undefined], value);
      press('continue');
      await reach(isReady);
      assert.equal(editing(), undefined, value);
      assert.equal(state().choices.answers.TZ, value);
      press('edit');
    }
  });
}

for (const [fieldType, choices, offered] of [
  ['choice', ['json', 'text'], ['json', 'text']],
  ['boolean', [], ['true', 'false']],
] as const) {
  test(`${fieldType}: one of the values it can have is chosen, and no other can be typed`, async () => {
    const { state, press, reach, editing } = await openField({ type: fieldType, choices });
    assert.deepEqual(
      editing()?.options.map(({ value }) => value),
      offered,
    );
    press(type('x'), clear);
    assert.equal(editing()?.choice, 0);
    press({ kind: 'select', index: 1 }, 'continue');
    await reach(isReady);
    assert.equal(state().choices.answers.TZ, offered[1]);
  });
}

test('bounds of a number count too, and a needed value cannot be left empty', async () => {
  const { press, editing } = await openField({ type: 'integer', minimum: 1, maximum: 9, isRequired: true });
  press(type('10'));
  assert.match(editing()?.hint ?? '', /Between 1 and 9/);
  press('continue');
  assert.match(editing()?.problem ?? '', /Between 1 and 9/);
  press(clear, 'continue');
  assert.match(editing()?.problem ?? '', /needed/);
});

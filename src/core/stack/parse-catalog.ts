/** The catalog: what the `x-homeiq` blocks of a stack say of each service. */

import { modes } from '../mode/mode.ts';
import {
  asBoolean,
  asCount,
  asOneOf,
  asOptionalText,
  asText,
  isAbsent,
  itemsOf,
  member,
  misshapen,
  type Reader,
} from './model-reader.ts';
import { type CatalogEntry, serviceGroups, serviceTypes } from './stack.ts';

const catalogVersion = 1;
/** A file that is laid over `compose.yaml` has a block of its own: of two with one name Compose 2.26 keeps the later only. */
const blockNames = ['x-homeiq', 'x-homeiq-sandbox'] as const;

export type NamedEntry = { readonly name: string; readonly entry: CatalogEntry };

const texts = (reader: Reader): readonly string[] => itemsOf(reader).map(asText);

function readNeedsIn(reader: Reader): Pick<CatalogEntry, 'needsIn'> {
  if (isAbsent(reader)) return {};
  const entries = modes.map(mode => [mode, texts(member(reader, mode))] as const);
  return { needsIn: Object.fromEntries(entries.filter(([, keys]) => keys.length > 0)) };
}

function readEntry(reader: Reader): NamedEntry {
  const optional = (key: 'needsService' | 'enabledBy' | 'onKey' | 'heldKey'): Partial<CatalogEntry> => {
    const text = asOptionalText(member(reader, key));
    return text === undefined ? {} : { [key]: text };
  };
  const web = member(reader, 'web');
  const flag = (key: 'dockerSocket' | 'standIn'): Partial<CatalogEntry> => {
    const value = member(reader, key);
    return isAbsent(value) || !asBoolean(value) ? {} : { [key]: true };
  };
  return {
    name: asText(member(reader, 'name')),
    entry: {
      group: asOneOf(member(reader, 'group'), serviceGroups),
      type: asOneOf(member(reader, 'type'), serviceTypes),
      bound: asBoolean(member(reader, 'bound')),
      database: asBoolean(member(reader, 'database')),
      expectedMiB: asCount(member(reader, 'expectedMiB')),
      needs: texts(member(reader, 'needs')),
      ...readNeedsIn(member(reader, 'needsIn')),
      ...optional('needsService'),
      ...optional('enabledBy'),
      ...optional('onKey'),
      ...optional('heldKey'),
      ...(isAbsent(web)
        ? {}
        : { web: { label: asText(member(web, 'label')), path: asText(member(web, 'path')) } }),
      ...flag('dockerSocket'),
      ...flag('standIn'),
    },
  };
}

/** The entries in the order of the files; none when the stack has no catalog. Throws a UserError for one of another shape. */
export function readCatalog(model: Reader): readonly NamedEntry[] {
  return blockNames
    .map(name => member(model, name))
    .filter(block => !isAbsent(block))
    .flatMap(block => {
      const version = member(block, 'version');
      if (version.value !== catalogVersion) throw misshapen(version.place, `${catalogVersion}`);
      return itemsOf(member(block, 'services')).map(readEntry);
    });
}

/** The catalog: what the `x-homeiq` blocks of a stack say of each service. */

import { modes } from '../mode/mode.ts';
import {
  asBoolean,
  asCount,
  asOneOf,
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

/** The name of a setting. A name that every object of JavaScript has, `constructor` for one, would be found without being set. */
function asKey(reader: Reader): string {
  const key = asText(reader);
  if (/^[A-Z][A-Z0-9_]*$/.test(key)) return key;
  throw misshapen(reader.place, 'the name of a setting');
}

const keysOf = (reader: Reader): readonly string[] => itemsOf(reader).map(asKey);

function readNeedsIn(reader: Reader): Pick<CatalogEntry, 'needsIn'> {
  if (isAbsent(reader)) return {};
  const entries = modes.map(mode => [mode, keysOf(member(reader, mode))] as const);
  return { needsIn: Object.fromEntries(entries.filter(([, keys]) => keys.length > 0)) };
}

function readEntry(reader: Reader): NamedEntry {
  const optional = (
    name: 'needsService' | 'enabledBy' | 'onKey' | 'heldKey',
    read: (value: Reader) => string,
  ): Partial<CatalogEntry> => {
    const value = member(reader, name);
    return isAbsent(value) ? {} : { [name]: read(value) };
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
      needs: keysOf(member(reader, 'needs')),
      ...readNeedsIn(member(reader, 'needsIn')),
      ...optional('needsService', asText),
      ...optional('enabledBy', asKey),
      ...optional('onKey', asKey),
      ...optional('heldKey', asKey),
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

import type { StoredItem } from '../../domain/storage/stored-value.js';
import { STAMP_ATTRIBUTE } from '../../domain/storage/stored.js';
import type { Warning } from '../contract/outcome.js';

/** Names that the new item computes: no attribute of the old record gets them (C-X02). */
const COMPUTED: ReadonlySet<string> = new Set(['PK', 'SK', 'Type', STAMP_ATTRIBUTE]);

/** In front of the name of an attribute that has a computed one's. */
const LEGACY = 'legacy_';

/**
 * The attributes of an old record as the new item carries them, on its top level, values and types unchanged. One with
 * the name of a computed attribute is renamed `legacy_<name>`, again and again until nobody has the name, and reported.
 */
export function carried(attributes: StoredItem = {}): {
  readonly attributes: StoredItem;
  readonly warnings: readonly Warning[];
} {
  const renamed = renamedIn(Object.keys(attributes));
  if (renamed.size === 0) return { attributes, warnings: [] };
  const entries = Object.entries(attributes).map(
    ([name, value]) => [renamed.get(name) ?? name, value] as const,
  );
  const warnings = [...renamed].map(([name, to]): Warning => {
    return { code: 'ATTRIBUTE_RENAMED', field: name, detail: `the name is computed; carried as ${to}` };
  });
  return { attributes: Object.fromEntries(entries), warnings };
}

/** Names among these that are computed ones → what they are carried as. */
export function renamedIn(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names);
  const renamed = new Map<string, string>();
  for (const name of names.filter((one) => COMPUTED.has(one)).sort()) {
    let free = LEGACY + name;
    while (taken.has(free)) free = LEGACY + free;
    taken.add(free);
    renamed.set(name, free);
  }
  return renamed;
}

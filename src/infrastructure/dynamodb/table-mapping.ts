import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import type { IndexDefinition, TableDefinition } from '../../migrations/contract/table.js';
import type { Environment } from '../../runner/ports/environment.js';
import { UsageError } from '../../runner/ports/errors.js';
import { AttributeNames } from './attribute-names.js';

type Names = Pick<Environment, 'suffix' | 'tables' | 'attributes'>;

/**
 * Names between the documents and one environment's store: literal table name → physical name, attribute names
 * both ways (see {@link AttributeNames} for names that an alias has taken). A table without aliases costs nothing:
 * its items are given back as they are.
 */
export class TableMapping {
  private readonly suffix: string;
  private readonly tables: ReadonlyMap<string, string>;
  private readonly names: ReadonlyMap<string, AttributeNames>;

  /**
   * `definitions` are the tables whose keys are to be checked. Throws `UsageError` (`CONFIG_INVALID`) for aliases that
   * are ambiguous or that store an attribute under the name of a key.
   */
  constructor(environment: Names, definitions: readonly TableDefinition[] = []) {
    this.suffix = environment.suffix;
    this.tables = new Map(Object.entries(environment.tables));
    this.names = new Map(
      Object.entries(environment.attributes)
        .map(([table, aliases]) => [table, new AttributeNames(table, aliases)] as const)
        .filter(([, names]) => !names.isIdentity),
    );
    for (const definition of definitions) this.checkKeys(definition);
  }

  physicalName(table: string): string {
    return this.tables.get(table) ?? table + this.suffix;
  }

  storedName(table: string, documentName: string): string {
    return this.names.get(table)?.toStored(documentName) ?? documentName;
  }

  documentName(table: string, storedName: string): string {
    return this.names.get(table)?.toDocument(storedName) ?? storedName;
  }

  /** A row or key in stored names. */
  toStored(table: string, item: StoredItem): StoredItem {
    const names = this.names.get(table);
    return names === undefined ? item : renamed(item, (name) => names.toStored(name));
  }

  /** A row or key in the document's names. */
  toDocument(table: string, item: StoredItem): StoredItem {
    const names = this.names.get(table);
    return names === undefined ? item : renamed(item, (name) => names.toDocument(name));
  }

  /** The definition as the store has it: physical name, keys and index keys in stored names. */
  storedDefinition(definition: TableDefinition): TableDefinition {
    const names = this.names.get(definition.name);
    const stored = (name: string): string => names?.toStored(name) ?? name;
    return {
      ...definition,
      ...renamedKeys(definition, stored),
      name: this.physicalName(definition.name),
      indexes: definition.indexes.map((index) => ({ ...index, ...renamedKeys(index, stored) })),
    };
  }

  private checkKeys(definition: TableDefinition): void {
    const names = this.names.get(definition.name);
    const keys = [definition, ...definition.indexes].flatMap((keyed) =>
      keyed.sortKey === undefined ? [keyed.partitionKey] : [keyed.partitionKey, keyed.sortKey],
    );
    const hidden = keys.find((key) => names?.hides(key) === true);
    if (hidden === undefined) return;
    throw new UsageError(
      'CONFIG_INVALID',
      `An attribute alias of ${definition.name} stores another attribute under the name of the key ${hidden}.`,
      'Correct `attributes` in the environment file.',
    );
  }
}

function renamed(item: StoredItem, rename: (name: string) => string): StoredItem {
  return Object.fromEntries(Object.keys(item).map((name) => [rename(name), item[name] as StoredValue]));
}

function renamedKeys(
  keys: Pick<IndexDefinition, 'partitionKey' | 'sortKey'>,
  rename: (name: string) => string,
): Pick<IndexDefinition, 'partitionKey' | 'sortKey'> {
  const partitionKey = rename(keys.partitionKey);
  return keys.sortKey === undefined ? { partitionKey } : { partitionKey, sortKey: rename(keys.sortKey) };
}

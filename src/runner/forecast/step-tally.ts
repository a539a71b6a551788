import type { StoredItem } from '../../domain/storage/stored-value.js';
import { textOf } from '../../domain/storage/stored-value.js';
import type { Decision } from '../../migrations/contract/outcome.js';
import type { IndexDefinition, TableDefinition } from '../../migrations/contract/table.js';
import { KeyTally, Largest, SizeTally } from './tallies.js';
import { isIn, readUnits, writeUnits } from './units.js';

interface IndexTally {
  readonly definition: IndexDefinition;
  rows: number;
  units: number;
  readonly keys: KeyTally;
}

/** What the rows of one table take. */
export class TableTally {
  readonly sizes = new SizeTally();
  readonly indexes: readonly IndexTally[];
  tableUnits = 0;
  /** rows whose key is taken, and the units of reading those */
  existing = 0;
  existingReadUnits = 0;

  constructor(readonly definition: TableDefinition) {
    this.indexes = definition.indexes.map((index) => ({
      definition: index,
      rows: 0,
      units: 0,
      keys: new KeyTally(),
    }));
  }

  /**
   * A row whose key is taken costs the refused insert (the table's units, none of an index) and a look at what is
   * there.
   */
  add(row: StoredItem, bytes: number, exists: boolean): void {
    const units = writeUnits(bytes);
    this.sizes.add(bytes);
    this.tableUnits += units;
    if (exists) {
      this.existing += 1;
      this.existingReadUnits += readUnits(bytes);
      return;
    }
    for (const index of this.indexes) {
      if (!isIn(index.definition, row)) continue;
      index.rows += 1;
      index.units += units;
      index.keys.add(textOf(row[index.definition.partitionKey]) ?? '', units);
    }
  }
}

/** What was seen of a step's records and of the rows that they yield; in bounded memory, however many there are. */
export class StepTally {
  readonly records = new SizeTally();
  readonly largestRecords = new Largest();
  readonly largestRows = new Largest();
  readonly outcomes = { migrated: 0, skipped: 0, quarantined: 0 };
  readonly reasons = new Map<string, number>();
  readonly tables = new Map<string, TableTally>();
  readonly companions = new Map<string, TableTally>();
  rows = 0;
  private rowsSquared = 0;

  constructor(private readonly definitions: ReadonlyMap<string, TableDefinition>) {}

  addRecord(source: string, bytes: number, decision: Decision): void {
    this.records.add(bytes);
    this.largestRecords.add(source, bytes);
    if (decision.kind === 'rows') {
      this.outcomes.migrated += 1;
      this.rows += decision.rows.length;
      this.rowsSquared += decision.rows.length ** 2;
      return;
    }
    this.outcomes[decision.kind] += 1;
    if (decision.kind !== 'quarantined') return;
    const { reason } = decision.problem;
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  /** `row`: with its stamp. */
  addRow(table: string, row: StoredItem, facts: RowFacts): void {
    this.tally(this.tables, table).add(row, facts.bytes, facts.exists);
    this.largestRows.add(`${table}#${facts.key}`, facts.bytes);
  }

  addCompanion(table: string, row: StoredItem, facts: RowFacts): void {
    this.tally(this.companions, table).add(row, facts.bytes, facts.exists);
    this.largestRows.add(`${table}#${facts.key}`, facts.bytes);
  }

  /** Standard deviation of the rows of a record. */
  get rowsDeviation(): number {
    const { count } = this.records;
    if (count === 0) return 0;
    return Math.sqrt(Math.max(0, this.rowsSquared / count - (this.rows / count) ** 2));
  }

  private tally(tallies: Map<string, TableTally>, table: string): TableTally {
    const known = tallies.get(table);
    if (known !== undefined) return known;
    const definition = this.definitions.get(table);
    if (definition === undefined) throw new RangeError(`the plan has no table ${table}`);
    const tally = new TableTally(definition);
    tallies.set(table, tally);
    return tally;
  }
}

interface RowFacts {
  readonly key: string;
  readonly bytes: number;
  readonly exists: boolean;
}

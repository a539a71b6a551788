import type { ConformanceSubject, TableRows } from '../../src/conformance/index.js';
import { RestoreError } from '../../src/domain/errors.js';
import type { AggregateMapper, Stored } from '../../src/domain/storage/stored.js';
import { stampOf, withStamp } from '../../src/domain/storage/stored.js';
import { textOf, type StoredItem, type StoredValue } from '../../src/domain/storage/stored-value.js';
import type { MigrationPlan } from '../../src/migrations/contract/migration-plan.js';
import type {
  CompanionRow,
  IMigrationStep,
  RecordPlanner,
  StepContext,
} from '../../src/migrations/contract/migration-step.js';
import type { Decision } from '../../src/migrations/contract/outcome.js';
import type { TableDefinition } from '../../src/migrations/contract/table.js';

/**
 * Crates become lots in holds; a hold that nobody has entered is added under its name. A sound plan, each part of which
 * a test can put another one in the place of.
 */
export const CRATES_TABLES: readonly TableDefinition[] = [
  { name: 'crates', role: 'source', partitionKey: 'id', indexes: [] },
  { name: 'holds', role: 'lookup', partitionKey: 'id', indexes: [], insertable: true },
  { name: 'lots', role: 'target', partitionKey: 'id', indexes: [] },
];

/** A lot is its row. */
export class LotMapper implements AggregateMapper<StoredItem> {
  readonly table = 'lots';

  toItem({ aggregate, envelope }: Stored<StoredItem>): StoredItem {
    const row = { ...aggregate, ...envelope.otherAttributes };
    return envelope.stamp === undefined ? row : withStamp(row, envelope.stamp);
  }

  fromItem({ _migration, ...row }: StoredItem): Stored<StoredItem> {
    if (textOf(row['id']) === undefined) throw new RestoreError('Lot', 'id', 'absent');
    const stamp = _migration === undefined ? undefined : stampOf({ _migration });
    return { aggregate: row, envelope: stamp === undefined ? {} : { stamp } };
  }
}

/** What is known of the table of holds. */
export interface Holds {
  /** hold → `known`, or the id of the first crate that needs it */
  readonly needed: Map<string, string>;
  /** hold → how many crates go there */
  readonly crates: Map<string, number>;
}

export class CratesPlanner implements RecordPlanner {
  readonly needed = new Map<string, string>();
  readonly crates = new Map<string, number>();

  constructor(readonly known: ReadonlySet<string>) {}

  survey(record: StoredItem): void {
    const hold = textOf(record['hold']);
    if (hold === undefined || isBroken(record)) return;
    this.crates.set(hold, (this.crates.get(hold) ?? 0) + 1);
    const [id, first] = [idOf(record), this.needed.get(hold)];
    if (!this.known.has(hold) && (first === undefined || id < first)) this.needed.set(hold, id);
  }

  async *companions(): AsyncIterable<CompanionRow> {
    await Promise.resolve();
    for (const [hold, crate] of this.needed)
      yield { table: 'holds', item: { id: { S: hold } }, source: `crates#${crate}` };
  }

  plan(record: StoredItem): Decision {
    if (isBroken(record)) return { kind: 'skipped', rule: 'broken', warnings: [] };
    const hold = textOf(record['hold']);
    const detail = 'the crate goes nowhere';
    if (hold === undefined)
      return {
        kind: 'quarantined',
        problem: { reason: 'HOLD_MISSING', field: 'hold', detail },
        warnings: [],
      };
    return {
      kind: 'rows',
      rows: [{ table: 'lots', item: this.lot(record, hold) }],
      anchored: false,
      warnings: [],
    };
  }

  lot(record: StoredItem, hold: string): StoredItem {
    const weight = record['weight'];
    return {
      id: { S: idOf(record) },
      hold: { S: hold },
      inHold: { N: String(this.crates.get(hold) ?? 0) },
      ...(weight === undefined ? {} : { weight }),
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class CratesStep implements IMigrationStep {
  readonly name = 'crates';
  readonly title = 'Crates become lots';
  readonly phase = { number: 1, title: 'Stowage' };
  readonly source = 'crates';
  readonly sourceKey = 'id';
  readonly companionTables: readonly string[] = ['holds'];
  readonly requires = [];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(mapper: AggregateMapper<StoredItem> = new LotMapper()) {
    this.mappers = new Map([['lots', mapper]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    return new CratesPlanner(await idsIn(context, 'holds'));
  }
}

export async function idsIn(
  { reader }: Pick<StepContext, 'reader'>,
  table: string,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { items } of reader.scan(table)) for (const row of items) ids.add(idOf(row));
  return ids;
}

export function idOf(row: StoredItem): string {
  return textOf(row['id']) ?? '';
}

function isBroken({ broken }: StoredItem): boolean {
  return broken !== undefined && 'BOOL' in broken && broken.BOOL;
}

const HOLDS = ['fore', 'main', 'aft'];

/** Twenty crates: one is broken, one goes nowhere, one has no weight; one hold is entered already. */
const TABLES: TableRows = {
  crates: Array.from({ length: 20 }, (_, n) => crate(n, n === 3 ? { broken: { BOOL: true } } : {})).map(
    (row, n) => (n === 5 ? without(row, 'hold') : n === 7 ? without(row, 'weight') : row),
  ),
  holds: [{ id: { S: 'main' } }],
  lots: [{ id: { S: 'own' }, hold: { S: 'main' }, note: { S: 'not of a crate' } }],
};

function crate(n: number, more: StoredItem = {}): StoredItem {
  return { id: { S: `crate-${n}` }, hold: { S: HOLDS[n % 3] ?? '' }, weight: { N: `${n + 1}.5` }, ...more };
}

/** The same crates later: some weigh more, one has found its hold, two are new and go to a new hold, one is gone. */
function later({ crates = [], ...others }: TableRows): TableRows {
  const weighed = crates.map((row, n) => (n % 4 === 0 ? { ...row, weight: { N: '99' } } : row));
  const found = weighed.map((row, n) => (n === 5 ? { ...row, hold: { S: 'aft' } } : row));
  const added = [20, 21].map((n) => crate(n, { hold: { S: 'deck' } }));
  return { ...others, crates: [...found.slice(0, -1), ...added] };
}

function without(row: StoredItem, name: string): StoredItem {
  return Object.fromEntries(Object.entries<StoredValue>(row).filter(([attribute]) => attribute !== name));
}

/** A subject with a step of one's own making. */
export function cratesSubject(step: () => IMigrationStep = () => new CratesStep()): ConformanceSubject {
  return { plan: () => cratesPlan(step()), tables: TABLES, change: later };
}

function cratesPlan(step: IMigrationStep): MigrationPlan {
  return {
    name: 'crates',
    title: 'Crates into lots',
    steps: [step],
    tables: CRATES_TABLES,
    acceptable: new Map(),
  };
}

import type { ConformanceSubject, TableRows } from '../../../src/conformance/index.js';
import { RestoreError } from '../../../src/domain/errors.js';
import type { AggregateMapper, Stored } from '../../../src/domain/storage/stored.js';
import { stampOf, withStamp } from '../../../src/domain/storage/stored.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import {
  sourceName,
  type CompanionRow,
  type ExpectedCompanion,
  type IMigrationStep,
  type RecordPlanner,
  type RowFault,
  type StepContext,
} from '../../../src/migrations/contract/migration-step.js';
import type { Decision } from '../../../src/migrations/contract/outcome.js';
import { rowKey } from '../../../src/migrations/contract/row-key.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';

const PIERS: TableDefinition = {
  ...{ name: 'piers', role: 'lookup', partitionKey: 'port', sortKey: 'pier' },
  ...{ indexes: [], insertable: true },
};

/**
 * Every table has a composite key: entries of a port's log (ship, arrival) become calls (port, call), one for each leg;
 * a pier (port, pier) that nobody has entered is added.
 */
export const MOORINGS_TABLES: readonly TableDefinition[] = [
  { name: 'port-log', role: 'source', partitionKey: 'ship', sortKey: 'arrival', indexes: [] },
  PIERS,
  {
    ...{ name: 'calls', role: 'target', partitionKey: 'port', sortKey: 'call' },
    indexes: [{ name: 'ship-index', partitionKey: 'ship', sortKey: 'call' }],
  },
];

const PIER_KEY = rowKey(PIERS);
const SOURCE = { source: 'port-log', sourceKey: 'ship', sourceSortKey: 'arrival' } as const;

/** A call is its row. */
class CallMapper implements AggregateMapper<StoredItem> {
  readonly table = 'calls';

  toItem({ aggregate, envelope }: Stored<StoredItem>): StoredItem {
    return envelope.stamp === undefined ? aggregate : withStamp(aggregate, envelope.stamp);
  }

  fromItem({ _migration, ...row }: StoredItem): Stored<StoredItem> {
    if (textOf(row['call']) === undefined) throw new RestoreError('Call', 'call', 'absent');
    const stamp = _migration === undefined ? undefined : stampOf({ _migration });
    return { aggregate: row, envelope: stamp === undefined ? {} : { stamp } };
  }
}

class MooringsPlanner implements RecordPlanner {
  /** key text of a pier that has to be added → the pier, and the first entry that needs it */
  private readonly needed = new Map<string, CompanionRow>();

  constructor(private readonly known: ReadonlySet<string>) {}

  survey(record: StoredItem): void {
    const item = pierOf(record);
    if (item === undefined || isVoid(record)) return;
    const [key, source] = [PIER_KEY.text(item), sourceName(SOURCE, record)];
    const first = this.needed.get(key);
    if (this.known.has(key) || (first !== undefined && first.source <= source)) return;
    this.needed.set(key, { table: 'piers', item, source });
  }

  async *companions(): AsyncIterable<CompanionRow> {
    await Promise.resolve();
    yield* this.needed.values();
  }

  plan(record: StoredItem): Decision {
    if (isVoid(record)) return { kind: 'skipped', rule: 'void', warnings: [] };
    const pier = pierOf(record);
    const detail = 'the ship lay nowhere';
    if (pier === undefined)
      return {
        kind: 'quarantined',
        problem: { reason: 'PIER_MISSING', field: 'pier', detail },
        warnings: [],
      };
    const [ship, arrival] = [textOf(record['ship']) ?? '', textOf(record['arrival']) ?? ''];
    const { tons = { N: '0' } } = record;
    const rows = Array.from({ length: legsOf(record) }, (_, leg) => ({
      table: 'calls',
      item: { ...pier, call: { S: `${arrival}/${ship}/${leg + 1}` }, ship: { S: ship }, tons },
    }));
    return { kind: 'rows', rows, anchored: false, warnings: [] };
  }

  expectedCompanion({ port, pier }: StoredItem): ExpectedCompanion | undefined {
    if (port === undefined || pier === undefined) return undefined;
    return { item: { port, pier }, identity: ['port', 'pier'] };
  }

  audit(_table: string, row: StoredItem): RowFault | undefined {
    const missing = PIER_KEY.text(row);
    if (this.known.has(missing)) return undefined;
    return { kind: 'orphan', field: 'pier', missing, detail: 'there is no such pier' };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class MooringsStep implements IMigrationStep {
  readonly name = 'moorings';
  readonly title = 'Entries of the log become calls';
  readonly phase = { number: 1, title: 'Moorings' };
  readonly source = SOURCE.source;
  readonly sourceKey = SOURCE.sourceKey;
  readonly sourceSortKey: string = SOURCE.sourceSortKey;
  readonly companionTables = ['piers'];
  readonly requires = [];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>> = new Map([['calls', new CallMapper()]]);

  async prepare({ reader }: StepContext): Promise<RecordPlanner> {
    const known = new Set<string>();
    for await (const { items } of reader.scan('piers', { attributes: ['pier', 'port'] }))
      for (const row of items) known.add(PIER_KEY.text(row));
    return new MooringsPlanner(known);
  }
}

export function mooringsPlan(step: IMigrationStep = new MooringsStep()): MigrationPlan {
  return {
    ...{ name: 'moorings', title: 'A log of moorings into calls', tables: MOORINGS_TABLES },
    ...{ steps: [step], acceptable: new Map() },
  };
}

function pierOf({ port, pier }: StoredItem): StoredItem | undefined {
  return port === undefined || pier === undefined ? undefined : { port, pier };
}

function isVoid(record: StoredItem): boolean {
  return record['void'] !== undefined;
}

function legsOf({ legs }: StoredItem): number {
  return legs !== undefined && 'N' in legs ? Number(legs.N) : 1;
}

export function entry(ship: string, arrival: string, more: StoredItem = {}): StoredItem {
  const place = { port: { S: 'Kiel' }, pier: { S: 'north' } };
  return { ship: { S: ship }, arrival: { S: arrival }, ...place, tons: { N: '5' }, ...more };
}

/**
 * Ships and arrivals share parts, and two pairs of keys read the same where their parts are only strung together. One entry
 * is void, one has no pier, one has three legs; a pier of one name stands in two ports, and one of them is entered.
 */
export const MOORINGS: TableRows = {
  'port-log': [
    entry('Ariel', '1'),
    entry('Ariel', '2', { tons: { N: '7' } }),
    entry('Boreas', '1', { legs: { N: '3' } }),
    entry('Boreas', '2', { port: { S: 'Riga' } }),
    entry('a|b', 'c', { pier: { S: 'x|y' }, port: { S: 'z' } }),
    entry('a', 'b|c', { pier: { S: 'x' }, port: { S: 'y|z' } }),
    entry('a\\', 'b#c', { port: { S: 'a\\' }, pier: { S: '|' } }),
    entry('Ceres', '1', { void: { BOOL: true } }),
    without(entry('Ceres', '2'), 'pier'),
    ...Array.from({ length: 12 }, (_, n) =>
      entry(`Delos ${n % 3}`, `${n}`, { port: { S: `port ${n % 4}` } }),
    ),
  ],
  piers: [{ port: { S: 'Kiel' }, pier: { S: 'north' }, length: { N: '120' } }],
  calls: [{ port: { S: 'Kiel' }, call: { S: 'own' }, ship: { S: 'Ariel' } }],
};

/** Later: some ships were measured again, the missing pier is known, two entries came in, one is gone. */
export function later({ 'port-log': log = [], ...others }: TableRows): TableRows {
  const measured = log.map((row, n) => (n % 3 === 0 ? { ...row, tons: { N: '9' } } : row));
  const mended = measured.map((row) => (row['pier'] === undefined ? { ...row, pier: { S: 'south' } } : row));
  const added = [entry('Ariel', '3'), entry('Eos', '1', { port: { S: 'Oslo' } })];
  return { ...others, 'port-log': [...mended.slice(0, -1), ...added] };
}

export function mooringsSubject(step: () => IMigrationStep = () => new MooringsStep()): ConformanceSubject {
  return { plan: () => mooringsPlan(step()), tables: MOORINGS, change: later };
}

export function without(row: StoredItem, name: string): StoredItem {
  return Object.fromEntries(Object.entries(row).filter(([attribute]) => attribute !== name));
}

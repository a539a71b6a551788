import type { Row } from '../meter/write-units.js';
import { built } from './built.js';
import { targetOf, TABLES, type Kind } from './tables.js';

/** The new model's repositories, as far as the bench calls them. */
interface Mapper {
  fromItem(row: Row): unknown;
  toItem(stored: unknown): Row;
}
type RecordClass = new () => object;

const RECORDS: Readonly<Record<Kind, readonly [file: string, name: string]>> = {
  links: ['goal-kpi-link', 'GoalKpiLinkRecord'],
  milestones: ['kpi-milestone', 'KpiMilestoneRecord'],
  actuals: ['kpi-actual', 'KpiActualRecord'],
  readings: ['kpi-reading', 'KpiReadingRecord'],
};

/**
 * What nobody can leave out who moves records through the domain's own model, of the built runner: reads a record as the
 * old model knows it, makes an aggregate and its row, takes the row's digest. No look-ups, no decisions, no comparison.
 */
export class Model {
  private constructor(
    private readonly readers: ReadonlyMap<string, (record: Row) => void>,
    private readonly mappers: ReadonlyMap<string, Mapper>,
    private readonly digest: (row: Row) => string,
  ) {}

  static async load(): Promise<Model> {
    const { readLegacyRecord } = await built<{ readLegacyRecord: (type: RecordClass, record: Row) => void }>(
      'domain/legacy/read-legacy-record',
    );
    const { contentDigest } = await built<{ contentDigest: (row: Row) => string }>(
      'domain/storage/canonical-digest',
    );
    const readers = new Map<string, (record: Row) => void>();
    for (const [kind, [file, name]] of Object.entries(RECORDS)) {
      const type = (await built<Readonly<Record<string, RecordClass>>>(`domain/kpi/legacy/${file}.record`))[
        name
      ];
      if (type === undefined) throw new Error(`the runner has no ${name}`);
      readers.set(TABLES[kind as Kind], (record) => readLegacyRecord(type, record));
    }
    const { KpiDataMapper } = await built<{ KpiDataMapper: new () => Mapper }>(
      'infrastructure/persistence/kpi/kpi-data.mapper',
    );
    const { KpiLinkMapper } = await built<{ KpiLinkMapper: new () => Mapper }>(
      'infrastructure/persistence/kpi/kpi-link.mapper',
    );
    const mappers = new Map<string, Mapper>([
      [targetOf('links'), new KpiLinkMapper()],
      [targetOf('readings'), new KpiDataMapper()],
    ]);
    return new Model(readers, mappers, contentDigest);
  }

  /** A row of any table; gives back what the repository stores of it, where there is one. */
  pass(table: string, row: Row): Row {
    this.readers.get(table)?.(row);
    const mapper = this.mappers.get(table);
    if (mapper === undefined) return row;
    const made = mapper.toItem(mapper.fromItem(row));
    this.digest(made);
    return made;
  }
}

import { v5 } from 'uuid';
import { textOf, type CompanionRow, type LookupIndex, type StepContext } from 'waybill/plan';
import { TABLES } from './parcels.tables.js';

/** The namespace of the ids that are derived here. It never changes: it is part of ids that are stored. */
const NAMESPACE = '7a0c6f3e-52d4-4c1b-9a86-0d1f5be2c947';

/**
 * Old slips name their depot, new consignments refer to it. A depot that nobody has entered is added under an id that
 * follows from its name.
 */
export class Depots {
  private constructor(
    /** name → id of those that are entered */
    private readonly known: LookupIndex,
    /** name → source of the slip that asks for it, of several the one that sorts first */
    private readonly missing: LookupIndex,
  ) {}

  static async read({ reader, indexes, signal }: StepContext): Promise<Depots> {
    const known = indexes.create('depots');
    for await (const { items } of reader.scan(TABLES.depots, signal === undefined ? {} : { signal })) {
      for (const row of items) {
        const [id, name] = [textOf(row['id']) ?? '', textOf(row['name']) ?? ''];
        const other = known.get(name);
        if (other === undefined || id < other) await known.put(name, id);
      }
    }
    return new Depots(known, indexes.create('missing-depots'));
  }

  /** Tells that a slip needs this depot. Which slip comes first makes no difference. */
  async need(name: string, source: string): Promise<void> {
    if (this.known.get(name) !== undefined) return;
    const first = this.missing.get(name);
    if (first === undefined || source < first) await this.missing.put(name, source);
  }

  idOf(name: string): string {
    return this.known.get(name) ?? v5(name, NAMESPACE);
  }

  async *rows(): AsyncIterable<CompanionRow> {
    for await (const [name, source] of this.missing.entries())
      yield { table: TABLES.depots, item: { id: { S: this.idOf(name) }, name: { S: name } }, source };
  }

  async close(): Promise<void> {
    await Promise.all([this.known.close(), this.missing.close()]);
  }
}

import { textOf } from '../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../migrations/contract/lookup-index.js';
import type { RowFault } from '../../migrations/contract/migration-step.js';
import type { FindingCollector } from './finding-collector.js';
import { rowName, type ActualRow } from './row-sides.js';

interface StoredFault extends RowFault {
  readonly table: string;
  readonly key: string;
  readonly source: string;
  /** key text of the row that this one refers to */
  readonly referred: string;
}

/** Orphans, breaches of the tenant chain and duplicates among stamped rows, kept in bounded memory until they are reported. */
export class RowFaults {
  constructor(private readonly index: LookupIndex) {}

  async add(row: ActualRow, fault: RowFault): Promise<void> {
    const { table, key, stamp } = row;
    const referred = fault.missing ?? textOf(row.item[fault.field]) ?? '';
    const stored: StoredFault = { ...fault, table, key, source: stamp?.source ?? '', referred };
    await this.index.put(rowName(row), JSON.stringify(stored));
  }

  isOrphan(row: { readonly table: string; readonly key: string }): boolean {
    const text = this.index.get(rowName(row));
    return text !== undefined && (JSON.parse(text) as StoredFault).kind === 'orphan';
  }

  /** Key texts of the rows that orphans refer to. */
  async referred(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for await (const { kind, referred } of this.all()) if (kind === 'orphan') ids.add(referred);
    return ids;
  }

  /**
   * Orphans but for those that miss a row of `told`, and tenant breaches and duplicates of rows that no finding names
   * yet, none of rows that are `excused` by name. Gives back how many tenant breaches there are: they are `different` findings with a check of their own.
   */
  async report(
    step: string,
    findings: FindingCollector,
    { told, excused }: { readonly told: ReadonlySet<string>; readonly excused: ReadonlySet<string> },
  ): Promise<number> {
    let breaches = 0;
    for await (const { kind, field, detail, table, key, source, referred } of this.all()) {
      const orphan = kind === 'orphan';
      if (excused.has(rowName({ table, key }))) continue;
      if (orphan ? told.has(referred) : findings.names({ table, key })) continue;
      const before = findings.count('different');
      await findings.add({ kind: orphan ? 'orphan' : 'different', step, table, key, field, detail }, source);
      if (kind === 'tenant') breaches += findings.count('different') - before;
    }
    return breaches;
  }

  private async *all(): AsyncIterable<StoredFault> {
    for await (const [, text] of this.index.entries()) yield JSON.parse(text) as StoredFault;
  }
}

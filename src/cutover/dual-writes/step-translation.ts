import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { withStamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { DUAL_WRITE_RUN, type DualWriteRules } from '../../migrations/contract/dual-write-rules.js';
import { MemoryIndexes } from '../../migrations/contract/memory-indexes.js';
import { sourceName, type RecordPlanner } from '../../migrations/contract/migration-step.js';
import type { Decision } from '../../migrations/contract/outcome.js';
import { rowKey, rowKeys, type RowKey, type RowKeys } from '../../migrations/contract/row-key.js';
import type { TwoModels } from './two-models.js';
import { viewOf } from './small-view.js';

/** What a record is in the new model. */
export type Translated =
  /** the row without a stamp, and its digest */
  | { readonly kind: 'row'; readonly item: StoredItem; readonly digest: string }
  /** it has no row there */
  | { readonly kind: 'none' }
  /** the plan would set it aside for this reason */
  | { readonly kind: 'untranslatable'; readonly reason: string; readonly field?: string };

/** Rounds in which the rows that a new one collides with are looked up; each finds another one. */
const MAX_ROUNDS = 100;

/**
 * Decides on single records by the step's own planner (one translation, one assigner of numbers, P-X29, P-X31): it is
 * given the record, its neighbours, the stored row, whose choices stay what they are, and rows that it collides with.
 */
export class StepTranslation {
  readonly sourceKey: RowKey;
  private readonly keys: RowKeys;

  constructor(
    readonly rules: DualWriteRules,
    private readonly models: Pick<TwoModels, 'fault'>,
    private readonly now: () => Date,
  ) {
    this.keys = rowKeys([rules.legacy, rules.current]);
    this.sourceKey = rowKey(rules.legacy);
  }

  /** How a record is named in stamps and discrepancies. */
  nameOf(record: StoredItem): string {
    return sourceName(this.rules.step, record);
  }

  /** What these states of one record are, beside the row that stands in the new table. */
  async of<const R extends readonly StoredItem[]>(
    records: R,
    stored?: StoredItem,
  ): Promise<{ readonly [P in keyof R]: Translated }> {
    const [first] = records;
    const startedAt = this.now().toISOString();
    const neighbours = first === undefined ? [] : ((await this.rules.neighbours?.(first)) ?? []);
    const translated: Translated[] = [];
    for (const record of records)
      translated.push(await this.translated(record, { neighbours, stored, startedAt }));
    return translated as { readonly [P in keyof R]: Translated };
  }

  private async translated(record: StoredItem, surroundings: Surroundings): Promise<Translated> {
    const { stored } = surroundings;
    const rivals = new Map<string, StoredItem>();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const decision = await this.decision(record, surroundings, [...rivals.values()]);
      const translated = this.read(decision, record);
      // what a stored row has chosen stays, whoever else has it
      if (translated.kind !== 'row' || stored !== undefined) return translated;
      const known = rivals.size;
      const key = this.keys(this.rules.current.name);
      for (const row of (await this.rules.rivals?.(record, translated.item)) ?? [])
        rivals.set(key.text(row), row);
      if (rivals.size === known) return translated;
    }
    return { kind: 'untranslatable', reason: 'TOO_MANY_RIVALS' };
  }

  private async decision(
    record: StoredItem,
    { neighbours, stored, startedAt }: Surroundings,
    rivals: readonly StoredItem[],
  ): Promise<Decision> {
    const { step, legacy, current } = this.rules;
    const tables = new Map([
      [legacy.name, [record, ...neighbours]],
      [current.name, stored === undefined ? rivals : [stored, ...rivals]],
    ]);
    const planner: RecordPlanner = await step.prepare({
      reader: viewOf(tables, this.keys),
      indexes: new MemoryIndexes(),
      segments: 1,
      startedAt,
      check: () => undefined,
    });
    try {
      for (const one of [record, ...neighbours]) await planner.survey?.(one);
      return planner.plan(record);
    } finally {
      await planner.close();
    }
  }

  /** Throws `TypeError` where the rules do not fit the step: a bug of the plan's. */
  private read(decision: Decision, record: StoredItem): Translated {
    if (decision.kind === 'skipped') return { kind: 'none' };
    if (decision.kind === 'quarantined') return untranslatable(decision.problem);
    const { current } = this.rules;
    const [row, ...others] = decision.rows;
    const key = this.keys(current.name);
    const expected = key.text(this.rules.rowKey(this.sourceKey.of(record)));
    if (row?.table !== current.name || others.length > 0 || key.text(row.item) !== expected)
      throw new TypeError(`records of ${this.rules.step.name} have not one row each under the key expected`);
    const digest = contentDigest(row.item);
    const stamp = { source: this.nameOf(record), run: DUAL_WRITE_RUN, digest };
    const fault = this.models.fault(current.name, withStamp(row.item, stamp));
    return fault === undefined ? { kind: 'row', item: row.item, digest } : untranslatable(fault);
  }
}

interface Surroundings {
  readonly neighbours: readonly StoredItem[];
  readonly stored: StoredItem | undefined;
  readonly startedAt: string;
}

function untranslatable(problem: { readonly reason: string; readonly field?: string }): Translated {
  const { reason, field } = problem;
  return { kind: 'untranslatable', reason, ...(field !== undefined && { field }) };
}

import { stampOf } from '../../domain/storage/stored.js';
import { contentDigest } from '../../domain/storage/canonical-digest.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { DUAL_WRITE_RUN } from '../../migrations/contract/dual-write-rules.js';
import type { IMigrationStep, RecordPlanner } from '../../migrations/contract/migration-step.js';
import { sourceName, sourceRecordKey } from '../../migrations/contract/migration-step.js';
import type { Decision, Outcome, PlannedRow } from '../../migrations/contract/outcome.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';
import { recordOutcome, type RowOutcome } from './counters.js';
import { decide, WRITE_REJECTED, type Check } from './guarded-planner.js';
import {
  checkedRow,
  UNANNOUNCED,
  type Announcements,
  type PendingRow,
  type RowSettlement,
  type SettledRow,
} from './row-settlement.js';

/** A source record with what became of it and of its rows. */
export interface SettledRecord {
  readonly record: StoredItem;
  readonly source: string;
  readonly outcome: Outcome;
  readonly decision: Decision;
  readonly rows: readonly SettledRow[];
}

interface Work {
  record: StoredItem;
  readonly source: string;
  decision: Decision;
  readonly settled: SettledRow[];
  /** planned again around a stored anchor: what is planned now has none, and all of it is still to be written */
  unanchored: boolean;
}

type RowsDecision = Extract<Decision, { kind: 'rows' }>;

/** Settles pages of source records: plans each, writes the rows, and tells the outcome of every record. */
export class PageSettlement {
  constructor(
    private readonly step: IMigrationStep,
    private readonly planner: RecordPlanner,
    private readonly check: Check,
    private readonly rows: RowSettlement,
    private readonly run: string,
    private readonly keys: RowKeys,
    private readonly reader: Pick<RecordReader, 'get'>,
  ) {}

  /** `announcements`: of the slice that the records belong to. */
  async settle(
    records: readonly StoredItem[],
    announcements: Announcements = UNANNOUNCED,
  ): Promise<SettledRecord[]> {
    const work = records.map((record): Work => {
      return {
        record,
        source: sourceName(this.step, record),
        decision: this.decide(record),
        settled: [],
        unanchored: false,
      };
    });
    // An anchored record's first row may turn out to be pinned by an earlier run; its other rows wait for that.
    await this.write(
      work,
      announcements,
      ({ rows, anchored }) => (anchored ? rows.slice(0, 1) : rows),
      (one, row, found) => this.revised(one, row, found),
    );
    await this.write(work, announcements, ({ rows, anchored }, one) =>
      one.unanchored ? rows : anchored ? rows.slice(1) : [],
    );
    return work.map((one) => this.summary(one));
  }

  private decide(record: StoredItem): Decision {
    return decide(this.step, this.planner, this.check, record);
  }

  private async write(
    work: readonly Work[],
    announcements: Announcements,
    choose: (decision: RowsDecision, one: Work) => readonly PlannedRow[],
    revise?: (one: Work, row: PendingRow, found: StoredItem) => Promise<PendingRow | undefined>,
  ): Promise<void> {
    const owners: Work[] = [];
    const pending: PendingRow[] = [];
    for (const one of work) {
      if (one.decision.kind !== 'rows') continue;
      for (const row of choose(one.decision, one)) {
        owners.push(one);
        pending.push(checkedRow(row, this.keys(row.table), one.source, this.run));
      }
    }
    if (pending.length === 0) return;
    const ownerOf = new Map(pending.map((row, index) => [row, owners[index]]));
    const settled = await this.rows.settle(pending, {
      announcements,
      revise: async (row, found) => {
        const owner = ownerOf.get(row);
        return owner === undefined || revise === undefined ? row : revise(owner, row, found);
      },
    });
    settled.forEach((row, index) => owners[index]?.settled.push(row));
  }

  /** The row that is wanted now that the stored one is known; undefined: the stored one is to stand. */
  private async revised(one: Work, row: PendingRow, found: StoredItem): Promise<PendingRow | undefined> {
    const pinned = await this.pinned(one, row, found);
    const stamp = stampOf(found);
    if (pinned === undefined || stamp?.run !== DUAL_WRITE_RUN || stamp.source !== one.source) return pinned;
    return stamp.digest === pinned.digest ? pinned : this.readAgain(one, pinned);
  }

  /**
   * The application has written this row with its record, maybe after the page was read. What is read after the row is not
   * older than it; should either change after that, the row is no longer the image that it would be replaced by.
   */
  private async readAgain(one: Work, row: PendingRow): Promise<PendingRow | undefined> {
    const source = sourceRecordKey(this.step, one.source);
    const [record] = source === undefined ? [] : await this.reader.get(this.step.source, [source]);
    if (record === undefined) return undefined;
    one.record = record;
    one.decision = this.decide(record);
    if (one.decision.kind !== 'rows') return undefined;
    const key = this.keys(row.table);
    const isMeant = ({ table, item }: PlannedRow): boolean =>
      table === row.table && key.text(item) === row.keyText;
    const wanted = one.decision.rows.find(isMeant);
    return wanted && checkedRow(wanted, key, one.source, this.run);
  }

  /**
   * Plans an anchored record again where the stored anchor row pins another choice than today's look-ups would
   * make, before the two are compared: otherwise the pinned row would be taken for outdated and replaced.
   */
  private async pinned(one: Work, row: PendingRow, found: StoredItem): Promise<PendingRow | undefined> {
    if (one.decision.kind !== 'rows' || !one.decision.anchored || this.planner.pin === undefined) return row;
    const stamp = stampOf(found);
    if (stamp?.source !== one.source) return row;
    const edited = contentDigest(found) === stamp.digest ? undefined : { record: one.record };
    if (await this.planner.pin(found, edited)) one.decision = this.decide(one.record);
    if (one.decision.kind !== 'rows') return undefined;
    const [anchor] = one.decision.rows;
    one.unanchored = !one.decision.anchored;
    if (one.unanchored || anchor === undefined) return undefined;
    return checkedRow(anchor, this.keys(anchor.table), one.source, this.run);
  }

  private summary(one: Work): SettledRecord {
    const { record, source, decision, settled } = one;
    if (decision.kind !== 'rows') return { record, source, decision, rows: [], outcome: decision.kind };
    const outcome = recordOutcome(settled.map((row): RowOutcome => row.outcome));
    if (outcome !== 'quarantined') return { record, source, decision, rows: settled, outcome };
    const rejected = settled.find((row) => row.outcome === 'rejected');
    const problem = { reason: WRITE_REJECTED, detail: rejected?.detail ?? 'the store rejected a row' };
    return {
      record,
      source,
      outcome,
      rows: settled,
      decision: { kind: 'quarantined', problem, warnings: decision.warnings },
    };
  }
}

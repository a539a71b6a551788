import { sameRow } from '../../domain/storage/canonical-digest.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import {
  sourceName,
  type CompanionRow,
  type IMigrationStep,
  type RecordPlanner,
} from '../../migrations/contract/migration-step.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import { survey } from '../../runner/engine/guarded-planner.js';
import { checkWith } from '../../runner/engine/step-runner.js';
import type { RecordSink } from '../../runner/ports/record-sink.js';
import { differingAttributes } from '../trial/differences.js';
import { MemoryIndexes } from '../../migrations/contract/memory-indexes.js';
import { copyOf, OwnCopies } from '../trial/own-copies.js';
import { ReorderedReader } from '../trial/reordered-reader.js';
import { SEGMENTS } from '../trial/surroundings.js';
import type { Decided } from './decision-difference.js';

/** As long as any run id. */
const ANY_RUN = '00000000T000000Z-000000';

/** A planner of a step, with an eye on what it does to the records that it is given. */
export class WatchedPlanner {
  /** records that it has changed */
  readonly mutations = new Set<string>();

  private constructor(
    private readonly step: IMigrationStep,
    private readonly planner: RecordPlanner,
  ) {}

  static async prepare(
    step: IMigrationStep,
    reader: RecordReader,
    { sink }: { readonly sink: RecordSink },
  ): Promise<WatchedPlanner> {
    const context = {
      reader: new OwnCopies(reader),
      indexes: new MemoryIndexes(reader instanceof ReorderedReader),
      segments: SEGMENTS,
      check: checkWith(sink, ANY_RUN),
    };
    return new WatchedPlanner(step, await step.prepare(context));
  }

  async survey(records: readonly StoredItem[]): Promise<void> {
    for (const record of records) await this.unchanged(record, (copy) => survey(this.planner, copy));
  }

  async companions(): Promise<CompanionRow[]> {
    const rows: CompanionRow[] = [];
    if (this.planner.companions === undefined) return rows;
    for await (const row of this.planner.companions()) rows.push(row);
    return rows;
  }

  plan(record: StoredItem): Promise<Decided> {
    return this.unchanged(record, (copy) => this.decided(copy));
  }

  close(): Promise<void> {
    return this.planner.close();
  }

  private decided(record: StoredItem): Decided {
    try {
      return this.planner.plan(record);
    } catch (error) {
      return { kind: 'threw', error: error instanceof Error ? error.name : typeof error };
    }
  }

  private async unchanged<T>(record: StoredItem, work: (copy: StoredItem) => Promise<T> | T): Promise<T> {
    const copy = copyOf(record);
    const done = await work(copy);
    if (!sameRow(record, copy)) {
      const names = differingAttributes(record, copy).join(', ');
      this.mutations.add(`record ${sourceName(this.step, record)}: the plan changes it (${names})`);
    }
    return done;
  }
}

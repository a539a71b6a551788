import { sourceRecordKey } from '../../migrations/contract/migration-step.js';
import type { Conduct } from '../phases/phase.js';
import { stateOf } from './row-image.js';
import type { RowChange, Tombstone } from './two-models.js';
import { readRecord, readRow, type WriteSurroundings } from './write-surroundings.js';

/** What a sweep has found; whole numbers. */
export interface Swept {
  readonly tombstones: number;
  /** rows of removed records that had come back and are gone again */
  readonly removed: number;
  /** rows of removed records that somebody has changed or made anew in the new model; they stay */
  readonly kept: number;
}

/**
 * Removes what a backfill has brought back: it may have read a record before it was removed and written its row after that
 * (P-X28). Asks for every tombstone whether a row stands under its record's key, and removes it where nobody has touched it
 * and no record is there. Safe to repeat, beside writers, and after a crash at any point.
 */
export class Sweep {
  constructor(
    private readonly surroundings: WriteSurroundings,
    private readonly isJoint: boolean,
  ) {}

  async sweep({ truth }: Pick<Conduct, 'truth'>): Promise<Swept> {
    const swept = { tombstones: 0, removed: 0, kept: 0 };
    for await (const tombstone of this.surroundings.models.tombstones()) {
      swept.tombstones += 1;
      const result = await this.one(tombstone, truth);
      if (result !== undefined) swept[result] += 1;
    }
    return swept;
  }

  /** Undefined: no row, or one that is somebody's affair. */
  private async one(
    { source, at }: Tombstone,
    truth: Conduct['truth'],
  ): Promise<'removed' | 'kept' | undefined> {
    const { models, translation } = this.surroundings;
    const { rules } = translation;
    const key = sourceRecordKey(rules.step, source);
    if (key === undefined) return undefined;
    const { open } = await models.notes(source);
    const record = await readRecord(this.surroundings, key);
    const row = await readRow(this.surroundings, key);
    // what is open is for `reconcile`; a record that is there is right as long as the legacy model is
    if (row === undefined || open !== undefined || (record !== undefined && truth === 'legacy'))
      return undefined;
    if (stateOf(row, source) !== 'own') return 'kept';
    const changes: RowChange[] = [{ kind: 'remove', table: rules.current.name, image: row }];
    if (this.isJoint && record === undefined) changes.push({ kind: 'absent', table: rules.legacy.name, key });
    return (await models.commit(changes, [{ kind: 'buried', source, at }])) ? 'removed' : undefined;
  }
}

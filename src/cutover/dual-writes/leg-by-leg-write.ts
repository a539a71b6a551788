import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Conduct } from '../phases/phase.js';
import { StoreError } from '../../runner/ports/errors.js';
import type { Discrepancy, DiscrepancyReason } from './discrepancies.js';
import { buried, rowChanges } from './joint-write.js';
import { contended } from './refusals.js';
import type { NoteChange } from './two-models.js';
import type { RowLeg, Transition, WriteRequest } from './write-proposal.js';
import { withImages, type DualWriteResult } from './write-result.js';
import { discrepancyOf, readRecord, readRow, type WriteSurroundings } from './write-surroundings.js';

/** A discrepancy that was noted before anything was written. */
interface Intent extends Discrepancy {
  /** there was one before, which is not ours to close, nor to give another reason: its writer may be at work */
  readonly standing: boolean;
  /** on the monotonic clock */
  readonly notedAt: number;
}

/**
 * Both models where no transaction reaches both: first the intent is noted, then the model that is right is written,
 * then the other one. Whatever ends the process, either nothing was written or the intent stands open. The note's version
 * is what concurrent writers and `reconcile` go by: the new model is only written together with it, so that who was
 * overtaken writes nothing.
 */
export class LegByLegWrite {
  constructor(private readonly surroundings: WriteSurroundings) {}

  async write(request: WriteRequest, key: StoredItem, conduct: Conduct): Promise<DualWriteResult> {
    const { proposals } = this.surroundings;
    const first = await this.look(request, key, conduct);
    // what can't be is refused before anything is noted
    await proposals.rowLeg(first.transition, first.row, conduct);
    const intent = await this.noted(first.transition, conduct);
    const transition = await this.truthLeg(request, key, conduct, intent);
    const { after } = transition;
    try {
      const { row, open } = await (conduct.truth === 'legacy'
        ? this.rowSecond(transition, conduct, intent)
        : this.recordSecond(transition, conduct, intent));
      const result = open === undefined ? { written: 'both' as const } : partial(open);
      return withImages(result, after, row);
    } catch {
      const reason = await this.failed(transition, intent);
      return withImages(partial(reason), after, undefined);
    }
  }

  private async look(request: WriteRequest, key: StoredItem, conduct: Conduct) {
    const [record, row] = await Promise.all([
      readRecord(this.surroundings, key),
      readRow(this.surroundings, key),
    ]);
    return {
      transition: this.surroundings.proposals.transition(request, { record, row }, conduct),
      record,
      row,
    };
  }

  /** A tombstone comes with the intent: from here on nobody brings the record back (P-X28). */
  private async noted(transition: Transition, { truth }: Conduct): Promise<Intent> {
    const { models, attempts, now, clock } = this.surroundings;
    const notedAt = clock();
    const tombstone = transition.write === 'remove' ? buried(transition, now) : [];
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const { open } = await models.notes(transition.source);
      const discrepancy = discrepancyOf(this.surroundings, transition, 'UNDER_WAY', truth);
      const over = open === undefined ? 'nothing' : { version: open.version };
      if (await models.commit([], [{ kind: 'open', discrepancy, over }, ...tombstone]))
        return { ...discrepancy, standing: open !== undefined, notedAt };
    }
    throw contended(transition.source);
  }

  /** Throws what went wrong. The intent stays where it is not known whether anything was written. */
  private async truthLeg(
    request: WriteRequest,
    key: StoredItem,
    conduct: Conduct,
    intent: Intent,
  ): Promise<Transition> {
    const { models, proposals, attempts, clock, grace } = this.surroundings;
    try {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const { transition, record, row } = await this.look(request, key, conduct);
        // who was paused must not write when nobody reckons with it any more
        if (clock() - intent.notedAt > grace / 2) break;
        if (conduct.truth === 'legacy') {
          if (await models.commit([proposals.recordChange(transition, record)], [])) return transition;
          continue;
        }
        const held: NoteChange = { kind: 'held', source: intent.source, version: intent.version };
        const leg = await proposals.rowLeg(transition, row, conduct);
        if (await models.commit(rowChanges(leg), [held, ...uncovered(transition)])) return transition;
      }
      throw contended(intent.source);
    } catch (error) {
      if (!(error instanceof StoreError)) await this.withdrawn(intent, request.write);
      throw error;
    }
  }

  /** The row that stands then, or why it does not. */
  private async rowSecond(
    transition: Transition,
    conduct: Conduct,
    intent: Intent,
  ): Promise<{ row?: StoredItem | undefined; open?: DiscrepancyReason }> {
    const { models, proposals, attempts } = this.surroundings;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const row = await readRow(this.surroundings, transition.key);
      const leg: RowLeg = await proposals.rowLeg(transition, row, conduct);
      if (await models.commit(rowChanges(leg), [...this.ended(transition, leg, intent)]))
        return 'open' in leg ? { row, open: leg.open } : { row: leg.row };
      const { open } = await models.notes(intent.source);
      if (open?.version === intent.version) continue;
      if (open === undefined) await this.reopened(transition, conduct);
      return { row, open: 'UNDER_WAY' };
    }
    throw contended(intent.source);
  }

  /** The record becomes what the row is by then: others may have changed it since. */
  private async recordSecond(
    reached: Transition,
    conduct: Conduct,
    intent: Intent,
  ): Promise<{ row?: StoredItem | undefined; open?: DiscrepancyReason }> {
    const { models, proposals, attempts, translation } = this.surroundings;
    const { source, version, standing } = intent;
    const { write, key } = reached;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const row = await readRow(this.surroundings, key);
      const record = await readRecord(this.surroundings, key);
      const wanted = row === undefined ? {} : { after: translation.rules.recordOf(row) };
      const change = proposals.recordChange({ write, source, key, ...wanted }, record);
      if (!(await models.commit([change], []))) continue;
      const note: NoteChange = { kind: standing ? 'held' : 'close', source, version };
      if (await models.commit([], [note])) return { row };
      await this.reopened(reached, conduct);
      return { row, open: 'UNDER_WAY' };
    }
    throw contended(source);
  }

  private ended(transition: Transition, leg: RowLeg, intent: Intent): readonly NoteChange[] {
    const { source, version, standing, truth } = intent;
    if ('open' in leg && !standing) {
      const discrepancy = discrepancyOf(this.surroundings, transition, leg.open, truth);
      return [{ kind: 'open', discrepancy, over: { version } }, ...uncovered(transition)];
    }
    return [{ kind: standing ? 'held' : 'close', source, version }, ...uncovered(transition)];
  }

  /** Who wrote meanwhile may have thought the work done, and what was written here may be out of date. */
  private async reopened(transition: Transition, { truth }: Conduct): Promise<void> {
    const discrepancy = discrepancyOf(this.surroundings, transition, 'UNDER_WAY', truth);
    await this.surroundings.models.commit([], [{ kind: 'open', discrepancy, over: 'any' }]);
  }

  private async failed(transition: Transition, intent: Intent): Promise<DiscrepancyReason> {
    const reason = 'SECOND_LEG_FAILED';
    if (intent.standing) return reason;
    const discrepancy = discrepancyOf(this.surroundings, transition, reason, intent.truth);
    const over = { version: intent.version };
    await this.surroundings.models.commit([], [{ kind: 'open', discrepancy, over }]).catch(() => false);
    return reason;
  }

  /** Best effort: an intent that stays is worked off by `reconcile`. */
  private async withdrawn(
    { source, version, standing }: Intent,
    write: WriteRequest['write'],
  ): Promise<void> {
    const tombstone: NoteChange[] = write === 'remove' ? [{ kind: 'unbury', source }] : [];
    const note: NoteChange = { kind: standing ? 'held' : 'close', source, version };
    await this.surroundings.models.commit([], [note, ...tombstone]).catch(() => false);
  }
}

function uncovered(transition: Transition): readonly NoteChange[] {
  return transition.write === 'create' ? [{ kind: 'unbury', source: transition.source }] : [];
}

function partial(reason: DiscrepancyReason): { written: 'partial'; reason: DiscrepancyReason } {
  return { written: 'partial', reason };
}

import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Conduct } from '../phases/phase.js';
import { contended } from './refusals.js';
import type { NoteChange, RowChange } from './two-models.js';
import type { RowLeg, Transition, WriteRequest } from './write-proposal.js';
import { withImages, type DualWriteResult } from './write-result.js';
import { discrepancyOf, readRecord, readRow, type WriteSurroundings } from './write-surroundings.js';

/**
 * Writes what the phase says in one transaction: one model, or both with what is to be noted (E-X16, E-X17, P-X26). All or
 * nothing; who comes second begins anew with what is there then.
 */
export class JointWrite {
  constructor(private readonly surroundings: WriteSurroundings) {}

  async write(request: WriteRequest, key: StoredItem, conduct: Conduct): Promise<DualWriteResult> {
    const { models, proposals, attempts, translation } = this.surroundings;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const [record, row] = await Promise.all([
        conduct.writes === 'new' ? undefined : readRecord(this.surroundings, key),
        conduct.writes === 'legacy' ? undefined : readRow(this.surroundings, key),
      ]);
      const transition = proposals.transition(request, { record, row }, conduct);
      const legs: RowChange[] = [];
      if (conduct.writes !== 'new') legs.push(proposals.recordChange(transition, record));
      const leg = conduct.writes === 'legacy' ? undefined : await proposals.rowLeg(transition, row, conduct);
      const notes = leg === undefined ? [] : this.notes(transition, leg, conduct);
      if (leg !== undefined) legs.push(...rowChanges(leg));
      if (await models.commit(legs, notes)) return resultOf(transition, leg, row, conduct);
    }
    throw contended(translation.nameOf(key));
  }

  private notes(transition: Transition, leg: RowLeg, { truth }: Conduct): NoteChange[] {
    const { source, write } = transition;
    if ('open' in leg) {
      const discrepancy = discrepancyOf(this.surroundings, transition, leg.open, truth);
      return [{ kind: 'open', discrepancy, over: 'any' }, ...buried(transition, this.surroundings.now)];
    }
    if (write === 'update') return [];
    return [{ kind: 'close', source }, ...buried(transition, this.surroundings.now)];
  }
}

/** A record that is removed leaves a tombstone, one that is created takes it away (P-X28). */
export function buried({ write, source }: Transition, now: () => Date): NoteChange[] {
  if (write === 'remove') return [{ kind: 'bury', source, at: now().toISOString() }];
  return write === 'create' ? [{ kind: 'unbury', source }] : [];
}

export function rowChanges(leg: RowLeg): readonly RowChange[] {
  if ('change' in leg) return [leg.change];
  return leg.hold === undefined ? [] : [leg.hold];
}

function resultOf(
  { after }: Transition,
  leg: RowLeg | undefined,
  row: StoredItem | undefined,
  { writes }: Conduct,
): DualWriteResult {
  const record = writes === 'new' ? undefined : after;
  if (leg === undefined || 'change' in leg) return withImages({ written: writes }, record, leg?.row);
  return withImages({ written: 'partial', reason: leg.open }, record, row);
}

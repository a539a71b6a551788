import { sameRow } from '../../domain/storage/canonical-digest.js';
import { stampOf } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { sourceRecordKey } from '../../migrations/contract/migration-step.js';
import type { Discrepancy, DiscrepancyReason } from './discrepancies.js';
import { contended } from './refusals.js';
import { stamped, stateOf } from './row-image.js';
import type { NoteChange, RowChange } from './two-models.js';
import { discrepancyOf, readRecord, readRow, type WriteSurroundings } from './write-surroundings.js';

/**
 * What became of a discrepancy:
 * - `none`: nothing was open;
 * - `consistent`: the models agreed already, and it is closed;
 * - `repaired`: one was changed so that they agree, and it is closed;
 * - anything else: the reason for which it stays open.
 */
export type Reconciled = 'none' | 'consistent' | 'repaired' | DiscrepancyReason;

interface Look {
  readonly open: Discrepancy;
  readonly buried: boolean;
  readonly key: StoredItem;
  readonly record: StoredItem | undefined;
  readonly row: StoredItem | undefined;
}

/** What is to be done: changes of rows, or a reason for which nothing can be done. */
type Repair = { readonly rows: readonly RowChange[] } | { readonly stays: DiscrepancyReason };

/**
 * Works discrepancies off by key: reads the note, then the model that is right, then the other one, and changes that only
 * while the note is the one that was read. So order, repetition, several at a time and a crash at any point do no harm.
 * A row that was edited in the new model is never overwritten, a record that was removed never comes back.
 */
export class Reconciler {
  /** `isJoint`: both models can be had in one transaction */
  constructor(
    private readonly surroundings: WriteSurroundings,
    private readonly isJoint: boolean,
  ) {}

  /** `source`: as in discrepancies and stamps. Throws `StoreError`, and `RefusedError` where others kept writing. */
  async reconcile(source: string): Promise<Reconciled> {
    for (let attempt = 0; attempt < this.surroundings.attempts; attempt += 1) {
      const look = await this.look(source);
      if (look === undefined) return 'none';
      if (this.mayBeUnderWay(look.open)) return 'UNDER_WAY';
      const repair = await (look.open.truth === 'legacy' ? this.byRecord(look) : this.byRow(look));
      const done =
        'stays' in repair ? await this.left(look, repair.stays) : await this.repaired(look, repair.rows);
      if (!done) continue;
      return 'stays' in repair ? repair.stays : repair.rows.length === 0 ? 'consistent' : 'repaired';
    }
    throw contended(source);
  }

  /** Closes a discrepancy by decision, e.g. a conflict that somebody has looked at. False: there is none. */
  async dismiss(source: string): Promise<boolean> {
    const { open } = await this.surroundings.models.notes(source);
    if (open === undefined) return false;
    return this.surroundings.models.commit([], [{ kind: 'close', source, version: open.version }]);
  }

  /** The note is read before anything else: who writes later changes it. */
  private async look(source: string): Promise<Look | undefined> {
    const { models, translation } = this.surroundings;
    const { open, buried } = await models.notes(source);
    if (open === undefined) return undefined;
    const key = sourceRecordKey(translation.rules.step, source);
    if (key === undefined) throw new TypeError(`${source} names no record of ${translation.rules.step.name}`);
    const record = await readRecord(this.surroundings, key);
    const row = await readRow(this.surroundings, key);
    return { open, buried: buried !== undefined, key, record, row };
  }

  /** The legacy model is right. */
  private async byRecord({ open: { source }, buried, record, row }: Look): Promise<Repair> {
    const { translation } = this.surroundings;
    const table = translation.rules.current.name;
    const state = row === undefined ? undefined : stateOf(row, source);
    const gone = (isRemovable: boolean): Repair => {
      if (row === undefined) return { rows: [] };
      return isRemovable ? { rows: [{ kind: 'remove', table, image: row }] } : { stays: 'CONFLICT' };
    };
    // whoever removed the record meant its row as well, edits or not
    if (record === undefined) return gone(state === 'own' || (buried && state === 'edited'));
    const [now] = await translation.of([record], row);
    if (now.kind === 'untranslatable') return { stays: 'UNTRANSLATABLE' };
    if (now.kind === 'none') return gone(state === 'own');
    const item = stamped(now, source);
    if (row === undefined) return { rows: [{ kind: 'insert', table, item }] };
    if (state !== 'foreign' && stampOf(row)?.digest === now.digest) return { rows: [] };
    return state === 'own' ? { rows: [{ kind: 'replace', table, item, image: row }] } : { stays: 'CONFLICT' };
  }

  /** The new model is right. */
  private async byRow(look: Look): Promise<Repair> {
    const { buried, record, row } = look;
    const { rules } = this.surroundings.translation;
    if (row === undefined) {
      // a row that never was is not one that was removed
      if (!buried) return this.byRecord(look);
      return {
        rows: record === undefined ? [] : [{ kind: 'remove', table: rules.legacy.name, image: record }],
      };
    }
    const table = rules.legacy.name;
    const item = rules.recordOf(row);
    if (record === undefined) return { rows: [{ kind: 'insert', table, item }] };
    return { rows: sameRow(item, record) ? [] : [{ kind: 'replace', table, item, image: record }] };
  }

  private async repaired(look: Look, changes: readonly RowChange[]): Promise<boolean> {
    const { models, translation } = this.surroundings;
    const { source, version } = look.open;
    const notes: NoteChange[] = [{ kind: 'close', source, version }];
    const isGone = (look.open.truth === 'legacy' ? look.record : look.row) === undefined;
    if (look.buried && !isGone) notes.push({ kind: 'unbury', source });
    const legacy = translation.rules.legacy.name;
    if (this.isJoint) return models.commit([...changes, ...this.others(look, changes)], notes);
    if (!changes.some(({ table }) => table === legacy)) return models.commit(changes, notes);
    if (!(await models.commit(changes, []))) return false;
    if (await models.commit([], notes)) return true;
    // who wrote meanwhile may have thought the work done, and what was written here may be out of date
    const discrepancy = discrepancyOf(this.surroundings, look.open, 'UNDER_WAY', look.open.truth);
    await models.commit([], [{ kind: 'open', discrepancy, over: 'any' }]);
    return false;
  }

  /** What was read and is not changed has to be so still. */
  private others({ key, record, row }: Look, changes: readonly RowChange[]): RowChange[] {
    const { rules } = this.surroundings.translation;
    const { legacy, current } = rules;
    const images = [
      { table: legacy.name, key, image: record },
      { table: current.name, key: rules.rowKey(key), image: row },
    ];
    return images
      .filter(({ table }) => !changes.some((change) => change.table === table))
      .map(({ table, key: absent, image }) =>
        image === undefined ? { kind: 'absent', table, key: absent } : { kind: 'still', table, image },
      );
  }

  /** A write in legs may still reach the model that is right, and nobody would know of it once this is closed. */
  private mayBeUnderWay({ reason, at }: Discrepancy): boolean {
    const { now, grace } = this.surroundings;
    return reason === 'UNDER_WAY' && now().getTime() - Date.parse(at) < grace;
  }

  /** It stays open for this reason. */
  private async left({ open }: Look, reason: DiscrepancyReason): Promise<boolean> {
    if (open.reason === reason) return true;
    const discrepancy = discrepancyOf(this.surroundings, open, reason, open.truth);
    const over = { version: open.version };
    return this.surroundings.models.commit([], [{ kind: 'open', discrepancy, over }]);
  }
}

import { own, type StoredItem } from '../../domain/storage/stored-value.js';
import type { Conduct } from '../phases/phase.js';
import type { DiscrepancyReason, DualWriteKind } from './discrepancies.js';
import { keyPatched, recordExists, recordInvalid, recordMissing } from './refusals.js';
import { changedRow, patchedRow, stamped, stateOf } from './row-image.js';
import type { StepTranslation, Translated } from './step-translation.js';
import type { RowChange, TwoModels } from './two-models.js';

/** What is to be changed of a record, in the attributes of the legacy model. */
export interface RecordPatch {
  readonly set?: StoredItem;
  readonly remove?: readonly string[];
}

export type WriteRequest =
  | { readonly write: 'create'; readonly record: StoredItem }
  | { readonly write: 'update'; readonly key: StoredItem; readonly patch: RecordPatch }
  | { readonly write: 'remove'; readonly key: StoredItem };

/** The record and its row, as read. */
export interface Images {
  readonly record?: StoredItem | undefined;
  readonly row?: StoredItem | undefined;
}

/** A record before and after a write; absent: it is not there. */
export interface Transition {
  readonly write: DualWriteKind;
  readonly source: string;
  readonly key: StoredItem;
  readonly before?: StoredItem;
  readonly after?: StoredItem;
}

/** What is to happen to the row: a change of it, or a discrepancy instead, where `hold` has to be so. */
export type RowLeg =
  | { readonly change: RowChange; readonly row?: StoredItem }
  | { readonly open: DiscrepancyReason; readonly hold?: RowChange };

type TranslatedRow = Extract<Translated, { kind: 'row' }>;

/** Decides what a write changes in either model. Writes nothing; throws `RefusedError` for what can't be. */
export class WriteProposals {
  constructor(
    private readonly translation: StepTranslation,
    private readonly models: Pick<TwoModels, 'fault'>,
  ) {}

  transition(request: WriteRequest, images: Images, { writes, truth }: Conduct): Transition {
    const { sourceKey, rules } = this.translation;
    const { write } = request;
    const key = sourceKey.of(write === 'create' ? request.record : request.key);
    const source = this.translation.nameOf(key);
    if (write === 'create') {
      if (images.record !== undefined) throw recordExists(source, rules.legacy.name);
      return this.checked({ write, source, key, after: request.record }, writes);
    }
    // what is right is what a change goes on from: the other model may not have been told of the one before
    const isOfRow = images.row !== undefined && truth === 'new';
    const before = isOfRow ? rules.recordOf(images.row) : images.record;
    if (before === undefined) throw recordMissing(source);
    if (write === 'remove') return { write, source, key, before };
    const after = patched(before, request.patch, sourceKey.names, source);
    return this.checked({ write, source, key, before, after }, writes);
  }

  recordChange({ key, after }: Transition, image: StoredItem | undefined): RowChange {
    const table = this.translation.rules.legacy.name;
    if (after === undefined)
      return image === undefined ? { kind: 'absent', table, key } : { kind: 'remove', table, image };
    if (image === undefined) return { kind: 'insert', table, item: after };
    return { kind: 'replace', table, item: after, image };
  }

  async rowLeg(transition: Transition, row: StoredItem | undefined, conduct: Conduct): Promise<RowLeg> {
    const { before, after, source, key } = transition;
    const { rules } = this.translation;
    const table = rules.current.name;
    const absent: RowChange = { kind: 'absent', table, key: rules.rowKey(key) };
    if (after === undefined)
      return { change: row === undefined ? absent : { kind: 'remove', table, image: row } };
    const [now, then] = await this.translation.of(before === undefined ? [after] : [after, before], row);
    if (now.kind === 'row') return this.written(transition, { now, then }, row, conduct);
    // a model that is right has to take every change; one that follows is put right later
    if (conduct.truth === 'new') throw recordInvalid(source, now.kind === 'none' ? NO_ROW : now);
    if (now.kind === 'untranslatable') return { open: 'UNTRANSLATABLE' };
    if (row === undefined) return { change: absent };
    if (stateOf(row, source) !== 'own') return { open: 'CONFLICT' };
    return { change: { kind: 'remove', table, image: row } };
  }

  private written(
    { write, source, key }: Transition,
    { now, then }: { readonly now: TranslatedRow; readonly then: Translated | undefined },
    row: StoredItem | undefined,
    { writes, truth }: Conduct,
  ): RowLeg {
    const { rules } = this.translation;
    const table = rules.current.name;
    const whole = writes === 'new' ? now.item : stamped(now, source);
    if (row === undefined) {
      if (write !== 'create' && truth === 'legacy')
        return { open: 'NOT_BACKFILLED', hold: { kind: 'absent', table, key: rules.rowKey(key) } };
      return { change: { kind: 'insert', table, item: whole }, row: whole };
    }
    const state = stateOf(row, source);
    const replaced = (item: StoredItem): RowLeg => {
      const fault = this.models.fault(table, item);
      if (fault !== undefined) throw recordInvalid(source, fault);
      return { change: { kind: 'replace', table, item, image: row }, row: item };
    };
    if (write === 'create') {
      // what a removed record has left behind, or a run that still knew it
      if (state === 'own' && truth === 'legacy') return replaced(whole);
      throw recordExists(source, table);
    }
    if (then?.kind === 'row') {
      if (writes === 'new') return replaced(patchedRow(row, then, now, state === 'foreign'));
      return replaced(changedRow(row, then, now, source));
    }
    if (state === 'own' && writes !== 'new') return replaced(whole);
    if (truth === 'new') throw recordInvalid(source, then?.kind === 'untranslatable' ? then : NO_ROW);
    return { open: 'CONFLICT' };
  }

  private checked(transition: Transition, writes: Conduct['writes']): Transition {
    const { after, source } = transition;
    if (writes === 'new' || after === undefined) return transition;
    const fault = this.models.fault(this.translation.rules.legacy.name, after);
    if (fault !== undefined) throw recordInvalid(source, fault);
    return transition;
  }
}

const NO_ROW = { reason: 'the plan has no row for it' };

function patched(
  before: StoredItem,
  { set = {}, remove = [] }: RecordPatch,
  keys: readonly string[],
  source: string,
): StoredItem {
  const wrong = [...Object.keys(set), ...remove].find((name) => keys.includes(name));
  const both = remove.find((name) => own(set, name) !== undefined);
  const name = wrong ?? both;
  if (name !== undefined) throw keyPatched(source, name);
  const removed = new Set(remove);
  const kept = Object.entries(before).filter(([each]) => !removed.has(each));
  return Object.fromEntries([...kept, ...Object.entries(set)]);
}

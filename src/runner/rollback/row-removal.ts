import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import { rowKey, type RowKey } from '../../migrations/contract/row-key.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type { RecordSink } from '../ports/record-sink.js';
import { ownershipOf, type RollbackScope } from './row-ownership.js';

/** Why a row of ours stays: changed before we came, needed by others, changed under our hands, or too wide for a safe delete. */
export type KeptReason = 'EDITED' | 'IN_USE' | 'CHANGED_MEANWHILE' | 'TOO_WIDE';

export type Fate =
  | { readonly kind: 'removed' }
  | { readonly kind: 'kept'; readonly reason: KeptReason; readonly detail: string };

export const EDITED: Fate = {
  kind: 'kept',
  reason: 'EDITED',
  detail: 'the row was changed after the migration wrote it',
};

const CHANGED_MEANWHILE: Fate = {
  kind: 'kept',
  reason: 'CHANGED_MEANWHILE',
  detail: 'the row changed while it was to be removed',
};

/** A row may change and change back between our looks at it; after so many it is kept. */
const MAX_LOOKS = 4;

/** Removes rows of one table, each only as the image that was just read. */
export class RowRemoval {
  private readonly key: RowKey;

  constructor(
    private readonly reader: RecordReader,
    private readonly sink: RecordSink,
    private readonly scope: RollbackScope,
    private readonly table: TableDefinition,
  ) {
    this.key = rowKey(table);
  }

  /** for lists, logs and announcements */
  keyText(row: StoredItem): string {
    return this.key.text(row);
  }

  /** `image`: a row of ours as it was just read. */
  async remove(image: StoredItem): Promise<Fate> {
    let current = image;
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      const result = await this.sink.remove(this.table.name, current);
      if (result.kind === 'removed') return result;
      if (result.kind === 'unguardable') return { kind: 'kept', reason: 'TOO_WIDE', detail: result.detail };
      const [found] = await this.reader.get(this.table.name, [this.key.of(current)]);
      // by us, where the answer to a delete was lost and the client sent it again
      if (found === undefined) return { kind: 'removed' };
      if (ownershipOf(found, this.scope) !== 'ours') return CHANGED_MEANWHILE;
      current = found;
    }
    return CHANGED_MEANWHILE;
  }
}

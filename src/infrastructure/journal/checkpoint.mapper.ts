import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { SegmentCheckpoint } from '../../runner/ports/journal.js';
import { fromAttributes, toAttributes } from '../dynamodb/attribute-values.js';
import { checkpointKey } from './journal-layout.js';
import type { JournalItem } from './journal-table.js';
import { recordItem, recordOf } from './record-item.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * A checkpoint as one item (ADR 0013): the cursor as the store's own values, so that it goes back to the store as it
 * came; announcements compressed, about 18 bytes each, so that 10,000 of them leave more than half of an item free.
 */
export async function toCheckpointItem(checkpoint: SegmentCheckpoint): Promise<JournalItem> {
  const { cursor, announced, ...record } = checkpoint;
  return {
    ...recordItem(checkpointKey(record.run, record.step, record.segment), record),
    ...(cursor !== undefined && { cursor: { M: toAttributes(cursor) } }),
    ...(announced.length > 0 && { announced: { B: await compress(JSON.stringify(announced)) } }),
  };
}

/** The checkpoint that {@link toCheckpointItem} was given. */
export async function fromCheckpointItem(item: JournalItem): Promise<SegmentCheckpoint> {
  const record = recordOf(item) as Omit<SegmentCheckpoint, 'cursor' | 'announced'>;
  const [cursor, announced] = [item['cursor']?.M, item['announced']?.B];
  return {
    ...record,
    ...(cursor !== undefined && { cursor: fromAttributes(cursor) }),
    announced:
      announced === undefined ? [] : (JSON.parse((await decompress(announced)).toString()) as string[]),
  };
}

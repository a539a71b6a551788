import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';

export interface ParallelScanOptions extends Pick<
  ScanOptions,
  'attributes' | 'signal' | 'storedOnly' | 'exceptStampsOf'
> {
  /** where a segment goes on, or that nothing of it is left; omitted: every segment from its start */
  readonly from?: (segment: number) => Cursor | 'done' | undefined;
}

/**
 * Streams a whole table through `handle` in parallel segments, page by page; memory is bounded by one page a segment.
 * The first failure stops the other segments at their next page and is thrown when all have come to rest, so that
 * nothing of it goes on behind the caller's back.
 */
export async function parallelScan(
  reader: RecordReader,
  table: string,
  segments: number,
  handle: (page: Page, segment: number) => Promise<void>,
  options: ParallelScanOptions = {},
): Promise<void> {
  const { from: start, ...scanOptions } = options;
  const failures: unknown[] = [];
  const segment = async (index: number): Promise<void> => {
    const from = start?.(index);
    if (from === 'done') return;
    const part = { ...scanOptions, segment: { index, total: segments } };
    try {
      for await (const page of reader.scan(table, from === undefined ? part : { ...part, from })) {
        if (failures.length > 0) return;
        options.signal?.throwIfAborted();
        await handle(page, index);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: segments }, (_, index) => segment(index)));
  if (failures.length > 0) throw failures[0];
}

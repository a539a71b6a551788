import type { Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';

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
  options: Pick<ScanOptions, 'attributes' | 'signal'> = {},
): Promise<void> {
  const failures: unknown[] = [];
  const segment = async (index: number): Promise<void> => {
    try {
      for await (const page of reader.scan(table, { ...options, segment: { index, total: segments } })) {
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

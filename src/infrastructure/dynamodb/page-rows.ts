import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import { CautiousMeans } from '../rate/cautious-means.js';

/**
 * Memory that a page's rows shall take (ADR 0029). Where many scans go on at once, 20 to 40 pages are on their way from one
 * place to the next: with pages of 1,000 rows, whatever their size, a validation of 100,000 records took 60 MB more.
 */
const PAGE_BYTES = { alone: 1536 * 1024, amongMany: 384 * 1024 };

/** Rows of a page where nothing is known of them yet. */
const FIRST_ROWS = { whole: 500, part: 2_000 };

/** What a row or a value takes beside its text: an object, and the header of a string. */
const OBJECT_BYTES = 64;

/** Rows of a page that are looked at. */
const SAMPLES = 8;

/** The rows of a scan. */
interface RowsOfScan {
  readonly table: string;
  /** undefined: whole rows */
  readonly attributes?: readonly string[] | undefined;
  readonly amongMany?: boolean | undefined;
}

/** How many rows of a scan make a page, learnt from the pages before. DynamoDB takes no limit in bytes below 1 MB. */
export class PageRows {
  private readonly means = new CautiousMeans();

  /** `most`: rows that no page has more of. */
  constructor(private readonly most: number) {}

  of(rows: RowsOfScan): number {
    const mean = this.means.of(nameOf(rows));
    const part = (rows.attributes ?? []).length > 0;
    // what is read in part is looked up, side by side with other tables
    const bytes = PAGE_BYTES[part || rows.amongMany === true ? 'amongMany' : 'alone'];
    const wanted = mean === undefined ? FIRST_ROWS[part ? 'part' : 'whole'] : Math.round(bytes / mean);
    return Math.max(1, Math.min(this.most, wanted));
  }

  learn(rows: RowsOfScan, items: readonly StoredItem[]): void {
    const step = Math.max(1, Math.floor(items.length / SAMPLES));
    const seen = items.filter((_, index) => index % step === 0).map(rowBytes);
    if (seen.length > 0) this.means.learn(nameOf(rows), seen.reduce((sum, one) => sum + one) / seen.length);
  }
}

function nameOf({ table, attributes = [] }: RowsOfScan): string {
  return [table, ...attributes].join('\0');
}

function rowBytes(item: StoredItem): number {
  return Object.values(item).reduce((sum, value) => sum + valueBytes(value), OBJECT_BYTES);
}

/**
 * In memory, and not as DynamoDB counts (`itemBytes`), by which a list of short values is a twentieth of it. Of names there is
 * one copy for all rows.
 */
function valueBytes(value: StoredValue): number {
  if ('S' in value) return OBJECT_BYTES + value.S.length;
  if ('N' in value) return OBJECT_BYTES + value.N.length;
  if ('B' in value) return OBJECT_BYTES + value.B.length;
  if ('M' in value) return OBJECT_BYTES + rowBytes(value.M);
  if ('L' in value) return value.L.reduce((sum, element) => sum + valueBytes(element), OBJECT_BYTES);
  const elements: readonly { readonly length: number }[] =
    'SS' in value ? value.SS : 'NS' in value ? value.NS : 'BS' in value ? value.BS : [];
  return elements.reduce((sum, { length }) => sum + OBJECT_BYTES + length, OBJECT_BYTES);
}

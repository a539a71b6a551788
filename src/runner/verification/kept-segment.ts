import type { Page } from '../../migrations/contract/record-reader.js';
import type { PageSpool } from './page-spool.js';

/** What a segment is read with. */
export interface SegmentSource {
  /** unique in the spool */
  readonly name: string;
  readonly spool: PageSpool;
  /** asked once, when the first one wants pages */
  pages(): AsyncIterable<Page>;
  /** Lets so many work at once as memory permits. */
  permitted<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * A segment of a table that is read once, however many want its pages and whenever they come. Reading goes on at the
 * store's pace, not at that of those who work on the pages.
 */
export class KeptSegment {
  /** pages in the spool */
  private count = 0;
  /** the page behind those, while it is on its way there */
  private current: Page | undefined;
  private state: 'new' | 'reading' | 'ended' = 'new';
  private failure: { readonly error: unknown } | undefined;
  private work: Promise<void> = Promise.resolve();
  private waiting: ((page: Page | undefined) => void)[] = [];

  constructor(private readonly source: SegmentSource) {}

  async *pages(): AsyncGenerator<Page> {
    if (this.state === 'new') {
      this.state = 'reading';
      this.work = this.read();
    }
    for (let number = 0; ; number += 1) {
      if (number < this.count) {
        yield await this.source.spool.get(this.name(number));
        continue;
      }
      const page = (number === this.count ? this.current : undefined) ?? (await this.coming());
      if (page === undefined) return;
      yield page;
    }
  }

  /** Resolves when nothing is being read any more; never rejects. */
  settled(): Promise<void> {
    return this.work;
  }

  private async read(): Promise<void> {
    const { source } = this;
    const iterator = source.pages()[Symbol.asyncIterator]();
    try {
      for (let ended = false; !ended;) {
        ended = await source.permitted(async () => {
          const next = await iterator.next();
          if (next.done === true) return true;
          // whoever waits has it at once, and in the order in which the store answers
          this.current = next.value;
          this.tell(next.value);
          await source.spool.put(this.name(this.count), next.value);
          this.current = undefined;
          this.count += 1;
          return false;
        });
      }
    } catch (error) {
      this.failure = { error };
    }
    this.state = 'ended';
    this.tell(undefined);
  }

  /** The page that is read next; undefined when there is none. Throws what ended the reading. */
  private async coming(): Promise<Page | undefined> {
    const page =
      this.state === 'ended'
        ? undefined
        : await new Promise<Page | undefined>((resolve) => this.waiting.push(resolve));
    if (page === undefined && this.failure !== undefined) throw this.failure.error;
    return page;
  }

  private tell(page: Page | undefined): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve(page);
  }

  private name(number: number): string {
    return `${this.source.name}\0${number}`;
  }
}

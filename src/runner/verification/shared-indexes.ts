import type { LookupIndex, LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { SharedLookups } from '../../migrations/contract/migration-step.js';

interface Group {
  readonly indexes: readonly LookupIndex[];
  readonly filled: Promise<void>;
}

/** Look-ups that the steps of one verification have in common: each is built once, and all are closed at its end. */
export class SharedIndexes implements SharedLookups {
  private readonly groups = new Map<string, Group>();

  constructor(private readonly indexes: LookupIndexes) {}

  async filled(
    names: readonly string[],
    fill: (indexes: readonly LookupIndex[]) => Promise<void>,
  ): Promise<readonly LookupIndex[]> {
    const { indexes, filled } = this.group(names, fill);
    await filled;
    return indexes.map((base, position) => {
      const name = `own-${names[position] ?? ''}`;
      return new LayeredIndex(base, () => this.indexes.create(name));
    });
  }

  /** After those who hold a part of it have closed theirs. Closes what could not be filled, too. */
  async close(): Promise<void> {
    const groups = [...this.groups.values()];
    await Promise.allSettled(groups.map(({ filled }) => filled));
    await Promise.all(groups.flatMap(({ indexes }) => indexes.map((index) => index.close())));
  }

  private group(names: readonly string[], fill: (indexes: readonly LookupIndex[]) => Promise<void>): Group {
    const name = names.join('\0');
    const known = this.groups.get(name);
    if (known !== undefined) return known;
    const indexes = names.map((one) => this.indexes.create(one));
    const group = { indexes, filled: fill(indexes) };
    this.groups.set(name, group);
    return group;
  }
}

/** An index of one's own on top of one that others read, too: what is put into it changes nothing for them. */
class LayeredIndex implements LookupIndex {
  private own: LookupIndex | undefined;
  private added = 0;

  constructor(
    private readonly base: LookupIndex,
    private readonly create: () => LookupIndex,
  ) {}

  get size(): number {
    return this.base.size + this.added;
  }

  async put(key: string, value: string): Promise<void> {
    if (this.get(key) === undefined) this.added += 1;
    this.own ??= this.create();
    await this.own.put(key, value);
  }

  get(key: string): string | undefined {
    return this.own?.get(key) ?? this.base.get(key);
  }

  async *entries(): AsyncIterable<readonly [key: string, value: string]> {
    for await (const entry of this.base.entries()) if (this.own?.get(entry[0]) === undefined) yield entry;
    if (this.own !== undefined) yield* this.own.entries();
  }

  async close(): Promise<void> {
    const { own } = this;
    this.own = undefined;
    await own?.close();
  }
}

import { RestoreError } from '../../../domain/errors.js';
import type { AggregateMapper, StorageEnvelope, Stored } from '../../../domain/storage/stored.js';
import { STAMP_ATTRIBUTE, stampOf, isPlainStamp, stampedAs } from '../../../domain/storage/stored.js';
import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';
import { textOf } from '../../../domain/storage/stored-value.js';

/** The attributes that every item of the table is found and told apart by. */
export interface CoreKeys {
  readonly PK: string;
  readonly SK: string;
  readonly Type: string;
}

/**
 * Maps one kind of item of CoreTable. What the aggregate does not know travels in `otherAttributes`, on the row's top
 * level: computed attributes are written last and win over anything that bears their names (C-X02). Loses nothing of a
 * row that is structurally right; a stamp with more in it than its three parts travels along as it is.
 */
export abstract class CoreTableMapper<A> implements AggregateMapper<A> {
  readonly table = 'CoreTable';

  protected constructor(protected readonly type: string) {}

  /** Keys of an aggregate's row. */
  protected abstract keys(aggregate: A): Pick<CoreKeys, 'PK' | 'SK'>;

  /** The aggregate's own attributes. */
  protected abstract attributes(aggregate: A): StoredItem;

  /** Throws RestoreError. */
  protected abstract restore(item: StoredItem): A;

  toItem({ aggregate, envelope }: Stored<A>): StoredItem {
    const { PK, SK } = this.keys(aggregate);
    const item = {
      ...envelope.otherAttributes,
      ...this.attributes(aggregate),
      ...{ PK: { S: PK }, SK: { S: SK }, Type: { S: this.type } },
    };
    return stampedAs(item, envelope);
  }

  fromItem(item: StoredItem): Stored<A> {
    if (textOf(item['Type']) !== this.type)
      throw new RestoreError(this.type, 'Type', 'another one than its keys ask for');
    const aggregate = this.restore(item);
    const own: ReadonlySet<string> = new Set([
      'PK',
      'SK',
      'Type',
      ...Object.keys(this.attributes(aggregate)),
    ]);
    const stamp = stampOf(item);
    const others = Object.entries(item).filter(([name, value]) => isOther(name, value, own));
    const envelope: StorageEnvelope = {
      ...(others.length > 0 && { otherAttributes: Object.fromEntries(others) }),
      ...(stamp !== undefined && { stamp }),
    };
    return { aggregate, envelope };
  }

  /** What follows the prefix in a key. Throws RestoreError where it is another key or nothing follows. */
  protected idIn(item: StoredItem, key: 'PK' | 'SK', prefix: string): string {
    const text = textOf(item[key]) ?? '';
    if (text.startsWith(prefix) && text.length > prefix.length) return text.slice(prefix.length);
    throw new RestoreError(this.type, key, `expected ${prefix} and an id`);
  }

  /** Throws RestoreError where the sort key is another one. */
  protected requireSortKey(item: StoredItem, expected: string): void {
    if (textOf(item['SK']) !== expected) throw new RestoreError(this.type, 'SK', `expected ${expected}`);
  }

  /** Throws RestoreError where it is absent or no text. */
  protected text(item: StoredItem, name: string): string {
    const text = textOf(item[name]);
    if (text === undefined) throw new RestoreError(this.type, name, 'absent, or no text');
    return text;
  }
}

function isOther(name: string, value: StoredValue, own: ReadonlySet<string>): boolean {
  if (own.has(name)) return false;
  return name !== STAMP_ATTRIBUTE || !isPlainStamp(value);
}

import { STAMP_ATTRIBUTE, stampOf, isPlainStamp, stampedAs } from '../../../domain/storage/stored.js';
import { LEGACY_ATTRIBUTES, type AggregateMapper, type Stored } from '../../../domain/storage/stored.js';
import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';
import { RestoreError } from '../../../domain/errors.js';
import type { Field } from '../../../domain/values/structure.js';
import { isBlank } from '../../../domain/values/white-space.js';
import { decode, encode } from '../mapping/row-codec.js';

/** An aggregate's class as far as mapping goes. */
interface Restorable<State, A> {
  readonly fields: readonly Field[];
  restore(state: State): A;
}

/**
 * Maps what belongs to a company; fields are attributes of the same names. Loses nothing of a row that is structurally
 * right: what the model does not know travels in `otherAttributes`, on the row's top level, and so does an optional
 * attribute of another type than the model's. A stamp with more in it than its three parts travels along as it is.
 */
export abstract class EntityMapper<
  State extends object,
  A extends { state(): State },
> implements AggregateMapper<A> {
  protected constructor(
    readonly table: string,
    private readonly aggregate: string,
    private readonly type: Restorable<State, A>,
  ) {}

  toItem({ aggregate, envelope }: Stored<A>): StoredItem {
    const state = aggregate.state() as Readonly<Record<string, unknown>>;
    const item: Record<string, StoredValue> = { ...envelope.otherAttributes };
    for (const field of this.type.fields) {
      const value = state[field.name];
      if (value !== undefined) item[field.name] = encode(field, value);
    }
    if (envelope.legacyAttributes !== undefined) item[LEGACY_ATTRIBUTES] = { M: envelope.legacyAttributes };
    return stampedAs(item, envelope);
  }

  fromItem(item: StoredItem): Stored<A> {
    const state: Record<string, unknown> = {};
    for (const field of this.type.fields) state[field.name] = this.read(field, item[field.name]);
    const [legacy, stamp] = [item[LEGACY_ATTRIBUTES], stampOf(item)];
    const others = Object.entries(item).filter(([name, value]) => this.isOther(name, value, state));
    return {
      aggregate: this.type.restore(state as State),
      envelope: {
        ...(legacy !== undefined && 'M' in legacy && { legacyAttributes: legacy.M }),
        ...(others.length > 0 && { otherAttributes: Object.fromEntries(others) }),
        ...(stamp !== undefined && { stamp }),
      },
    };
  }

  /** Throws RestoreError for a required attribute of another type. */
  private read(field: Field, value: StoredValue | undefined): unknown {
    try {
      const decoded = decode(this.aggregate, field, value);
      // a blank one is no key: it leads nowhere, and is kept
      return field.kind === 'key' && !field.required && typeof decoded === 'string' && isBlank(decoded)
        ? undefined
        : decoded;
    } catch (error) {
      if (field.required || !(error instanceof RestoreError)) throw error;
      return undefined;
    }
  }

  private isOther(name: string, value: StoredValue, state: Readonly<Record<string, unknown>>): boolean {
    if (this.type.fields.some((field) => field.name === name)) return state[name] === undefined;
    if (name === LEGACY_ATTRIBUTES) return !('M' in value);
    return name !== STAMP_ATTRIBUTE || !isPlainStamp(value);
  }
}

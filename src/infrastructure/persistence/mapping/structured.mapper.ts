import type { AggregateMapper, StorageEnvelope, Stored } from '../../../domain/storage/stored.js';
import {
  LEGACY_ATTRIBUTES,
  STAMP_ATTRIBUTE,
  stampOf,
  isPlainStamp,
  stampedAs,
} from '../../../domain/storage/stored.js';
import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';
import type { Field } from '../../../domain/values/structure.js';
import { decode, encode } from './row-codec.js';

/** An aggregate's class as far as mapping goes. */
interface Restorable<State, A> {
  readonly fields: readonly Field[];
  restore(state: State): A;
}

const TENANT: Field = { name: 'tenantId', kind: 'key', required: false };

/**
 * Maps an aggregate whose fields are attributes of the same names. Loses nothing of a row that is structurally
 * right: what it does not know, NULLs in the place of optional fields included, travels in `otherAttributes`.
 * A stamp with more in it than its three parts travels there, too, and is written back as it was.
 */
export class StructuredMapper<
  State extends object,
  A extends { state(): State },
> implements AggregateMapper<A> {
  private readonly known: ReadonlySet<string>;
  private readonly tenantInEnvelope: boolean;

  /** A tenant that is none of the aggregate's fields is kept in the envelope (K-X30). */
  constructor(
    readonly table: string,
    private readonly aggregate: string,
    private readonly type: Restorable<State, A>,
  ) {
    const names = new Set(type.fields.map(({ name }) => name));
    this.tenantInEnvelope = !names.has(TENANT.name);
    this.known = names.add(TENANT.name);
  }

  toItem({ aggregate, envelope }: Stored<A>): StoredItem {
    const state = aggregate.state() as Readonly<Record<string, unknown>>;
    const item: Record<string, StoredValue> = { ...envelope.otherAttributes };
    for (const field of this.type.fields) {
      const value = state[field.name];
      if (value !== undefined) item[field.name] = encode(field, value);
    }
    if (this.tenantInEnvelope && envelope.tenantId !== undefined)
      item[TENANT.name] = { S: envelope.tenantId };
    if (envelope.legacyAttributes !== undefined) item[LEGACY_ATTRIBUTES] = { M: envelope.legacyAttributes };
    return stampedAs(item, envelope);
  }

  fromItem(item: StoredItem): Stored<A> {
    const state: Record<string, unknown> = {};
    for (const field of this.type.fields) state[field.name] = decode(this.aggregate, field, item[field.name]);
    return { aggregate: this.type.restore(state as State), envelope: this.envelopeOf(item) };
  }

  private envelopeOf(item: StoredItem): StorageEnvelope {
    const tenantId = this.tenantInEnvelope ? decode(this.aggregate, TENANT, item[TENANT.name]) : undefined;
    const legacy = item[LEGACY_ATTRIBUTES];
    const stamp = stampOf(item);
    const others = this.othersOf(item);
    return {
      ...(typeof tenantId === 'string' && { tenantId }),
      ...(legacy !== undefined && 'M' in legacy && { legacyAttributes: legacy.M }),
      ...(others !== undefined && { otherAttributes: others }),
      ...(stamp !== undefined && { stamp }),
    };
  }

  private othersOf(item: StoredItem): StoredItem | undefined {
    const others: [string, StoredValue][] = [];
    for (const name of Object.keys(item)) {
      const value = item[name];
      if (value !== undefined && this.isOther(name, value)) others.push([name, value]);
    }
    return others.length === 0 ? undefined : Object.fromEntries(others);
  }

  private isOther(name: string, value: StoredValue): boolean {
    if (this.known.has(name)) return 'NULL' in value;
    if (name === LEGACY_ATTRIBUTES) return !('M' in value);
    return name !== STAMP_ATTRIBUTE || !isPlainStamp(value);
  }
}

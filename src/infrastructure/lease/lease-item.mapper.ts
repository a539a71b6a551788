import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import { damaged } from '../journal/journal-format.js';
import { leaseBeatKey, leaseKey } from '../journal/journal-layout.js';
import type { JournalItem } from '../journal/journal-table.js';
import { emptyItem } from '../journal/record-item.js';
import type { Holder } from './holder.js';
import type { LeaseBeat, LeaseRecord } from './lease-store.js';

export function toLeaseItem(record: LeaseRecord): JournalItem {
  const { host, pid, user, process, scope } = record.holder;
  return {
    ...emptyItem(leaseKey(record.plan)),
    token: { N: String(record.token) },
    holder: {
      M: {
        host: { S: host },
        pid: { N: String(pid) },
        user: { S: user },
        ...(process !== undefined && { process: { S: process } }),
        ...(scope !== undefined && { scope: { S: scope } }),
      },
    },
    nonce: { S: record.nonce },
    command: { S: record.command },
    acquiredAt: { S: record.acquiredAt },
    duration: { N: String(record.duration) },
    released: { BOOL: record.released },
  };
}

export function toBeatItem(plan: string, beat: LeaseBeat): JournalItem {
  return {
    ...emptyItem(leaseBeatKey(plan)),
    token: { N: String(beat.token) },
    beat: { N: String(beat.beat) },
    expiresAt: { S: beat.expiresAt },
    stop: { BOOL: beat.stop },
  };
}

/** Throws `JOURNAL_DAMAGED` for an item that lacks what makes a lease. */
export function fromLeaseItem(plan: string, item: JournalItem): LeaseRecord {
  const attributes = new Attributes(plan, item);
  return {
    plan,
    token: attributes.number('token'),
    holder: holderOf(new Attributes(plan, item['holder']?.M ?? {})),
    nonce: attributes.text('nonce'),
    command: attributes.text('command'),
    acquiredAt: attributes.text('acquiredAt'),
    duration: attributes.number('duration'),
    released: item['released']?.BOOL === true,
  };
}

/** Throws `JOURNAL_DAMAGED` for an item that lacks what makes a heartbeat. */
export function fromBeatItem(plan: string, item: JournalItem): LeaseBeat {
  const attributes = new Attributes(plan, item);
  return {
    token: attributes.number('token'),
    beat: attributes.number('beat'),
    expiresAt: attributes.text('expiresAt'),
    stop: item['stop']?.BOOL === true,
  };
}

function holderOf(attributes: Attributes): Holder {
  const [process, scope] = [attributes.optional('process'), attributes.optional('scope')];
  return {
    host: attributes.text('host'),
    pid: attributes.number('pid'),
    user: attributes.text('user'),
    ...(process !== undefined && { process }),
    ...(scope !== undefined && { scope }),
  };
}

class Attributes {
  constructor(
    private readonly plan: string,
    private readonly item: Readonly<Record<string, AttributeValue>>,
  ) {}

  optional(name: string): string | undefined {
    return this.item[name]?.S;
  }

  text(name: string): string {
    return this.optional(name) ?? this.#missing(name);
  }

  /** above zero, as all numbers of a lease are */
  number(name: string): number {
    const number = Number(this.item[name]?.N);
    return number > 0 ? number : this.#missing(name);
  }

  #missing(name: string): never {
    throw damaged(`the lease of plan ${this.plan} has no ${name}`);
  }
}

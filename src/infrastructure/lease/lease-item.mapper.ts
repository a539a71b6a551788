import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import { LEASE_SECONDS } from '../../runner/ports/lease.js';
import type { RateLimits, UnitLimit } from '../../runner/ports/rates.js';
import type { JournalKey } from '../journal/journal-layout.js';
import { leaseBeatKey, leaseKey } from '../journal/journal-layout.js';
import type { JournalItem } from '../journal/journal-table.js';
import { emptyItem } from '../journal/record-item.js';
import type { Holder } from './holder.js';
import { leaseDamaged } from './lease-errors.js';
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
    ...rateAttributes(beat.rate ?? {}),
  };
}

/** Throws `JOURNAL_DAMAGED` for an item that lacks what makes a lease, or says of it what none can be. */
export function fromLeaseItem(plan: string, item: JournalItem): LeaseRecord {
  const key = leaseKey(plan);
  const attributes = new Attributes(plan, key, item);
  return {
    plan,
    token: attributes.number('token'),
    holder: holderOf(new Attributes(plan, key, item['holder']?.M ?? {})),
    nonce: attributes.text('nonce'),
    command: attributes.text('command'),
    acquiredAt: attributes.instant('acquiredAt'),
    duration: attributes.duration('duration'),
    released: item['released']?.BOOL === true,
  };
}

/** Throws `JOURNAL_DAMAGED` for an item that lacks what makes a heartbeat. */
export function fromBeatItem(plan: string, item: JournalItem): LeaseBeat {
  const attributes = new Attributes(plan, leaseBeatKey(plan), item);
  return {
    token: attributes.number('token'),
    beat: attributes.number('beat'),
    expiresAt: attributes.instant('expiresAt'),
    stop: item['stop']?.BOOL === true,
    ...rateOf(item),
  };
}

/** The limits of a heartbeat as attributes: a number of units, or the text `none`. */
export function rateAttributes({ maxWcu, maxRcu }: RateLimits): JournalItem {
  return {
    ...(maxWcu !== undefined && { maxWcu: limitValue(maxWcu) }),
    ...(maxRcu !== undefined && { maxRcu: limitValue(maxRcu) }),
  };
}

function limitValue(limit: UnitLimit): AttributeValue {
  return limit === 'none' ? { S: limit } : { N: String(limit) };
}

/** Versions before it wrote none, and what is no limit says nothing. */
function rateOf(item: JournalItem): Pick<LeaseBeat, 'rate'> {
  const limit = (value: AttributeValue | undefined): UnitLimit | undefined => {
    if (value?.S === 'none') return 'none';
    const units = Number(value?.N);
    return units > 0 ? units : undefined;
  };
  const [maxWcu, maxRcu] = [limit(item['maxWcu']), limit(item['maxRcu'])];
  if (maxWcu === undefined && maxRcu === undefined) return {};
  return { rate: { ...(maxWcu !== undefined && { maxWcu }), ...(maxRcu !== undefined && { maxRcu }) } };
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
    private readonly key: JournalKey,
    private readonly item: Readonly<Record<string, AttributeValue>>,
  ) {}

  optional(name: string): string | undefined {
    return this.item[name]?.S;
  }

  text(name: string): string {
    return this.optional(name) ?? this.#unusable(name);
  }

  /** an ISO instant */
  instant(name: string): string {
    const text = this.text(name);
    return Number.isNaN(Date.parse(text)) ? this.#unusable(name) : text;
  }

  /** whole and above zero, as all numbers of a lease are, and exact: a token that is not would never be found again */
  number(name: string): number {
    const number = Number(this.item[name]?.N);
    return Number.isSafeInteger(number) && number > 0 ? number : this.#unusable(name);
  }

  /** ms. Whoever wants the lease waits for so long, and no timer of Node's lasts longer than 24 days. */
  duration(name: string): number {
    const duration = this.number(name);
    const { least, most } = LEASE_SECONDS;
    return duration >= least * 1000 && duration <= most * 1000 ? duration : this.#unusable(name);
  }

  #unusable(name: string): never {
    throw leaseDamaged(this.plan, name, this.key);
  }
}

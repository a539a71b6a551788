import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { Person } from '../../domain/person/person.js';
import { Moment } from '../../domain/values/moment.js';
import type { LookupIndex } from '../contract/lookup-index.js';
import type { CompanionRow } from '../contract/migration-step.js';
import type { PersonDirectory } from './lookups/person-directory.js';
import { placeholderId } from './translation/derived-id.js';
import { placeholderPerson } from './translation/placeholder-person.js';

/** Who needs a placeholder, and the lowest-id link among those that need it. */
interface Need {
  readonly linkId: string;
  readonly createdAt: string;
  readonly source: string;
}

/**
 * Placeholder persons for users who have no person in a tenant (K-12, K-X08). Needs are collected over the whole link
 * table before any is settled, so that ids do not depend on the order in which links are met.
 */
export class Placeholders {
  constructor(
    private readonly people: PersonDirectory,
    /** `<user>\0<tenant>` → Need, and `<user>` → tenants that need one, sorted */
    private readonly needs: LookupIndex,
    private readonly mapper: AggregateMapper<Person>,
  ) {}

  async need(tenantId: string, user: string, need: Need): Promise<void> {
    const key = `${user}\0${tenantId}`;
    const known = this.needs.get(key);
    if (known === undefined)
      await this.needs.put(user, JSON.stringify([...this.tenants(user), tenantId].sort(ordinal)));
    else if ((JSON.parse(known) as Need).linkId <= need.linkId) return;
    await this.needs.put(key, JSON.stringify(need));
  }

  /** The id of the placeholder of this user in this tenant; undefined where a row that is no match has that id. */
  idFor(tenantId: string, user: string): string | undefined {
    const holder = this.people.find(user);
    // the tenant itself counts even where its link needs none in the end (a row too large is found after the person)
    const [lowest] = [...this.tenants(user), tenantId].sort(ordinal);
    const keeper = holder?.placeholder === true ? holder.tenantId : lowest;
    const id = keeper === tenantId ? user : placeholderId(tenantId, user);
    return this.people.find(id) === undefined ? id : undefined;
  }

  async *rows(): AsyncIterable<CompanionRow> {
    for await (const [key, text] of this.needs.entries()) {
      const [user, tenantId] = key.split('\0');
      if (user === undefined || tenantId === undefined) continue;
      const id = this.idFor(tenantId, user);
      if (id === undefined) continue;
      const { createdAt, source } = JSON.parse(text) as Need;
      const stored = placeholderPerson({ id, userId: user, tenantId, createdAt: Moment.restore(createdAt) });
      yield { table: this.mapper.table, item: this.mapper.toItem(stored), source };
    }
  }

  private tenants(user: string): readonly string[] {
    const text = this.needs.get(user);
    return text === undefined ? [] : (JSON.parse(text) as string[]);
  }
}

function ordinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

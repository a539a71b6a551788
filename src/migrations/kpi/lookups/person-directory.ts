import { stampOf } from '../../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import { Guid } from '../../../domain/values/guid.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import { TABLES } from '../kpi.tables.js';
import { feed } from '../../contract/table-feed.js';
import { reference } from './reference.js';

export interface PersonEntry {
  readonly tenantId?: string;
  /** the row is a placeholder that an earlier run made */
  readonly placeholder: boolean;
}

/** People by id, and by the user that they stand for within a tenant (K-12, K-X10: never across tenants). */
export class PersonDirectory {
  private constructor(
    private readonly byUser: LookupIndex,
    private readonly byId: LookupIndex,
  ) {}

  static async build(context: StepContext): Promise<PersonDirectory> {
    const { indexes } = context;
    const directory = new PersonDirectory(indexes.create('people-by-user'), indexes.create('people'));
    await feed(
      context,
      TABLES.people,
      ['id', 'tenantId', 'linkedUserId', 'isPlaceholder', '_migration'],
      (row) => directory.put(row),
    );
    return directory;
  }

  /** Ids of the people of this tenant who stand for this user. */
  ofUser(tenantId: string, user: string): readonly string[] {
    const text = this.byUser.get(userKey(tenantId, user));
    return text === undefined ? [] : (JSON.parse(text) as string[]);
  }

  find(id: string): PersonEntry | undefined {
    const text = this.byId.get(id);
    return text === undefined ? undefined : (JSON.parse(text) as PersonEntry);
  }

  async close(): Promise<void> {
    await Promise.all([this.byUser.close(), this.byId.close()]);
  }

  private async put(row: StoredItem): Promise<void> {
    const id = reference(row, 'id');
    if (id === undefined) return;
    const tenantId = reference(row, 'tenantId');
    const flag = row['isPlaceholder'];
    const placeholder = stampOf(row) !== undefined && flag !== undefined && 'BOOL' in flag && flag.BOOL;
    const entry: PersonEntry = { placeholder, ...(tenantId && { tenantId }) };
    await this.byId.put(id, JSON.stringify(entry));
    const user = Guid.canonical(textOf(row['linkedUserId']) ?? '');
    if (user === undefined || tenantId === undefined) return;
    await this.byUser.put(userKey(tenantId, user), JSON.stringify([...this.ofUser(tenantId, user), id]));
  }
}

function userKey(tenantId: string, user: string): string {
  return `${user}\0${tenantId}`;
}

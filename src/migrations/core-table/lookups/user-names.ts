import { userName, type NameSource } from '../../../domain/core-table/user-name.js';
import { Cohort } from '../../../domain/core-table/cohort.js';
import type {
  AskedDirectory,
  ListedDirectory,
  UserDirectory,
} from '../../../domain/core-table/user-directory.js';
import { textOf } from '../../../domain/storage/stored-value.js';
import { isBlank } from '../../../domain/values/white-space.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import type { Warning } from '../../contract/outcome.js';
import { feed } from '../../contract/table-feed.js';
import { TABLES } from '../core-table.tables.js';

/** Users that a directory is asked for at a time: it sees to it how many requests that makes. */
const USERS_AT_ONCE = 500;

/** Names of users, from the directory where there is one (C-X08). */
export class UserNames {
  private constructor(
    /** user → name; undefined: no directory is configured */
    private readonly directory: LookupIndex | undefined,
  ) {}

  static async build(
    context: StepContext,
    directory: UserDirectory | undefined,
    cohort = new Cohort(),
  ): Promise<UserNames> {
    if (directory === undefined) return new UserNames(undefined);
    const names = context.indexes.create('user-names');
    if ('namesOf' in directory) await ask(context, directory, cohort, names);
    else await list(context, directory, names);
    return new UserNames(names);
  }

  /** A user's name, and where it comes from where that is not the directory. */
  of(userId: string, email: string): { readonly name: string; readonly warnings: readonly Warning[] } {
    const { name, from } = userName(userId, email, this.directory?.get(userId));
    return { name, warnings: from === 'directory' ? [] : [this.reported(from)] };
  }

  async close(): Promise<void> {
    await this.directory?.close();
  }

  /** Where there is no directory, all names come from addresses: that is said once. */
  private reported(from: Exclude<NameSource, 'directory'>): Warning {
    const why = this.directory === undefined ? 'there is no directory' : 'the directory has no name';
    if (from === 'id')
      return {
        code: 'NAME_FROM_ID',
        field: 'name',
        detail: `${why} and no name in an address; the name is the id`,
      };
    const detail = `${why}; the name is the local part of the address`;
    return { code: 'NAME_FROM_EMAIL', field: 'name', detail, once: this.directory === undefined };
  }
}

async function list({ signal }: StepContext, directory: ListedDirectory, names: LookupIndex): Promise<void> {
  for await (const { userId, name } of directory.entries()) {
    signal?.throwIfAborted();
    await names.put(userId, name);
  }
}

/** Asks once for each user that a membership names. */
async function ask(
  context: StepContext,
  directory: AskedDirectory,
  cohort: Cohort,
  names: LookupIndex,
): Promise<void> {
  const seen = context.indexes.create('asked-users');
  let waiting: string[] = [];
  const flush = async (): Promise<void> => {
    const found = await directory.namesOf(waiting, context.signal);
    for (const [userId, name] of found) await names.put(userId, name);
    waiting = [];
  };
  try {
    await feed(context, TABLES.memberships, ['userId'], async (row) => {
      const userId = textOf(row['userId']);
      if (userId === undefined || isBlank(userId) || seen.get(userId) !== undefined) return;
      // who takes part by a server only is asked for as well: that is told by other rows
      if (!cohort.hasUser(userId, () => true)) return;
      await seen.put(userId, '');
      waiting.push(userId);
      if (waiting.length >= USERS_AT_ONCE) await flush();
    });
    if (waiting.length > 0) await flush();
  } finally {
    await seen.close();
  }
}

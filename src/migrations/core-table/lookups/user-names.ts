import { userName, type NameSource } from '../../../domain/core-table/user-name.js';
import type { UserDirectory } from '../../../domain/core-table/user-directory.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import type { Warning } from '../../contract/outcome.js';

/** Names of users, from the directory where there is one (C-X08). */
export class UserNames {
  private constructor(
    /** user → name; undefined: no directory is configured */
    private readonly directory: LookupIndex | undefined,
  ) {}

  static async build(
    { indexes, signal }: StepContext,
    directory: UserDirectory | undefined,
  ): Promise<UserNames> {
    if (directory === undefined) return new UserNames(undefined);
    const names = indexes.create('user-names');
    for await (const { userId, name } of directory.entries()) {
      signal?.throwIfAborted();
      await names.put(userId, name);
    }
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
      return { code: 'NAME_FROM_ID', field: 'name', detail: `${why} and no address; the name is the id` };
    const detail = `${why}; the name is the local part of the address`;
    return { code: 'NAME_FROM_EMAIL', field: 'name', detail, once: this.directory === undefined };
  }
}

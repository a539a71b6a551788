import { Cohort } from '../../domain/core-table/cohort.js';
import { UserMentionRecord } from '../../domain/core-table/legacy/user-mention.record.js';
import { merged, type MergedUser } from '../../domain/core-table/merged-user.js';
import type { UserDirectory } from '../../domain/core-table/user-directory.js';
import { User } from '../../domain/core-table/user.js';
import { readLegacyRecord } from '../../domain/legacy/read-legacy-record.js';
import { textOf, typeOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { LookupIndex } from '../contract/lookup-index.js';
import type { RecordPlanner, StepContext, StepSource } from '../contract/migration-step.js';
import type { Decision, PlannedRow, Warning } from '../contract/outcome.js';
import { storedKeepers } from './lookups/user-keepers.js';
import { UserNames } from './lookups/user-names.js';
import { idFor, isMemberIn, OUTSIDE_COHORT } from './trial.js';

/** The rule by which a membership yields no item: another one of the same user does, for all of them. */
export const MERGED = 'merged-into-first-membership';
/** The rule for one that appeared after the survey: which membership comes first is for the next run to say. */
export const APPEARED_LATER = 'appeared-after-survey';

interface Lookups {
  /** user → `Known` */
  readonly users: LookupIndex;
  readonly keepers: LookupIndex;
  readonly names: UserNames;
}

/**
 * What the survey has found of a user; `keeper`: the membership whose record the stored item names, seen as well; `trial`: one
 * of the memberships takes part in a trial.
 */
type Known = MergedUser & { readonly keeper?: string; readonly trial?: true };

/**
 * Decides on the users behind memberships: all memberships of a user are merged in the survey, and one of them, the
 * keeper, yields the item. That is the one that the stored item's stamp names, else the first in the order of the
 * servers' ids. All others are skipped, so that every record has one outcome and every item one source.
 */
export class UsersPlanner implements RecordPlanner {
  private constructor(
    private readonly mapper: AggregateMapper<User>,
    private readonly lookups: Lookups,
    private readonly cohort: Cohort,
  ) {}

  static async build(
    mapper: AggregateMapper<User>,
    step: StepSource,
    directory: UserDirectory | undefined,
    context: StepContext,
    cohort = new Cohort(),
  ): Promise<UsersPlanner> {
    const [keepers, names] = await Promise.all([
      storedKeepers(context, step),
      UserNames.build(context, directory, cohort),
    ]);
    const users = context.indexes.create('users');
    return new UsersPlanner(mapper, { users, keepers, names }, cohort);
  }

  async survey(item: StoredItem): Promise<void> {
    const read = readLegacyRecord(UserMentionRecord, item);
    if (!read.ok) return;
    const { userId, serverId } = read.record;
    const known = this.find(userId);
    const mention = { serverId, email: textOf(item['email']) };
    const keeper = this.lookups.keepers.get(userId) === serverId ? serverId : known?.keeper;
    const isMember = known?.trial === true || (this.cohort.isLimited && isMemberIn(this.cohort, item));
    const next: Known = {
      ...merged(known, mention),
      ...(keeper === undefined ? {} : { keeper }),
      ...(isMember ? { trial: true as const } : {}),
    };
    await this.lookups.users.put(userId, JSON.stringify(next));
  }

  plan(item: StoredItem): Decision {
    const userId = idFor(item, 'userId');
    const known = this.find(userId);
    if (!this.cohort.hasUser(userId, () => known?.trial === true || isMemberIn(this.cohort, item)))
      return OUTSIDE_COHORT;
    const read = readLegacyRecord(UserMentionRecord, item);
    if (!read.ok) return { kind: 'quarantined', problem: read.problem, warnings: [] };
    const { serverId } = read.record;
    const warnings = emailWarnings(item);
    if (known === undefined) return { kind: 'skipped', rule: APPEARED_LATER, warnings };
    if (serverId !== (known.keeper ?? known.first)) return { kind: 'skipped', rule: MERGED, warnings };
    const { row, warnings: ofUser } = this.row(userId, known);
    return { kind: 'rows', rows: [row], anchored: false, warnings: [...warnings, ...ofUser] };
  }

  async close(): Promise<void> {
    const { users, keepers, names } = this.lookups;
    await Promise.all([users.close(), keepers.close(), names.close()]);
  }

  private row(
    userId: string,
    known: Known,
  ): { readonly row: PlannedRow; readonly warnings: readonly Warning[] } {
    const email = known.email?.text ?? '';
    const { name, warnings } = this.lookups.names.of(userId, email);
    const aggregate = User.restore({ id: userId, email, name });
    const row = { table: this.mapper.table, item: this.mapper.toItem({ aggregate, envelope: {} }) };
    if (!known.disagree) return { row, warnings };
    const detail = `memberships have different addresses; that of server ${known.email?.serverId ?? ''} is taken`;
    return { row, warnings: [...warnings, { code: 'EMAIL_CONFLICT', field: 'email', detail }] };
  }

  private find(userId: string): Known | undefined {
    const text = this.lookups.users.get(userId);
    return text === undefined ? undefined : (JSON.parse(text) as Known);
  }
}

/** The membership's own item carries what stands there, so nothing is lost. */
function emailWarnings(item: StoredItem): Warning[] {
  const email = item['email'];
  if (email === undefined || 'NULL' in email || 'S' in email) return [];
  const detail = `expected a text, found type ${typeOf(email)}; no address is taken from here`;
  return [{ code: 'EMAIL_NOT_TEXT', field: 'email', detail }];
}

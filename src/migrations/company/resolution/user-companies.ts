import { companyIdOf } from '../../../domain/company/company.js';
import { resolve, type Resolution, type UserFacts } from '../../../domain/company/resolution.js';
import { stampOf } from '../../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import { sourceRecordKey, type StepContext } from '../../contract/migration-step.js';
import { feed, filledIndexes } from '../../contract/table-feed.js';
import { TABLES } from '../company.tables.js';
import { membershipProblem } from './membership-problem.js';
import type { Overrides } from './overrides.js';

export type { Resolution, UnresolvedReason } from '../../../domain/company/resolution.js';

/** Loaded once a run (E-X06): memberships, companies' owners, the override file. */
export interface UserCompanies {
  /** Pure. `undefined`, blank: `USER_MISSING` (E-X08). */
  companyOf(userId: string | undefined): Resolution;
  close(): Promise<void>;
}

/** How the records of users are named in stamps. */
const USERS = { source: TABLES.legacyUsers, sourceKey: 'userId' };

/**
 * As the step `mapping` has resolved users, for the steps after it. A user without any company stands in the tables with
 * the one that was made for them; where it is not there, they came after that step, and `COMPANY_MISSING` says so:
 * nothing is written into a company that nobody can see.
 */
export async function loadUserCompanies(context: StepContext, overrides: Overrides): Promise<UserCompanies> {
  const directory = await CompanyDirectory.build(context, overrides);
  const isRepaired = (userId: string): boolean =>
    context.repairing?.inConflict(`${TABLES.legacyUsers}#${userId}`) === false &&
    membershipProblem(context, userId) === undefined;
  return {
    companyOf: (userId) => {
      const found = directory.resolve(userId);
      if (userId === undefined || !found.ok || found.rule !== 'created') return found;
      // of a damaged company it is told once, where it is missed, and not for each row in it
      if (directory.hasOwn(userId) || isRepaired(userId)) return found;
      const detail = `nobody has made company ${found.companyId} for user ${userId} yet: step mapping does`;
      return { ok: false, reason: 'COMPANY_MISSING', candidates: [found.companyId], detail };
    },
    close: () => directory.close(),
  };
}

interface Indexes {
  /** user → JSON list of the companies that they are a member of */
  readonly memberOf: LookupIndex;
  /** user → JSON list of the companies that they own */
  readonly owned: LookupIndex;
  /** company → '' */
  readonly companies: LookupIndex;
  /** user → when the company that was made for them was made; '': only its membership is there */
  readonly made: LookupIndex;
}

/** Who belongs to which company, as the tables and the operator say. */
export class CompanyDirectory {
  private constructor(
    private readonly indexes: Indexes,
    private readonly overrides: Overrides,
  ) {}

  static async build(context: StepContext, overrides: Overrides): Promise<CompanyDirectory> {
    // what is wrong with their file is said before any record is decided on
    overrides.get('');
    const names = ['user-memberships', 'company-owners', 'companies', 'companies-made'] as const;
    const [memberOf, owned, companies, made] = await filledIndexes(
      context,
      names,
      async ([memberOf, owned, companies, made]) => {
        const filler = new Filler({ memberOf, owned, companies, made });
        await feed(context, TABLES.companies, ['companyId', 'ownerId', 'createdAt', '_migration'], (row) =>
          filler.company(row),
        );
        await feed(context, TABLES.companyUsers, ['companyId', 'userId', '_migration'], (row) =>
          filler.membership(row),
        );
      },
    );
    return new CompanyDirectory({ memberOf, owned, companies, made }, overrides);
  }

  /** Where nothing is known of a user, the company is the one that is to be made for them. */
  resolve(userId: string | undefined): Resolution {
    return resolve(userId, (user) => this.factsOf(user));
  }

  factsOf(userId: string): UserFacts {
    const override = this.overrides.get(userId);
    return {
      memberOf: listIn(this.indexes.memberOf, userId),
      owns: listIn(this.indexes.owned, userId),
      hasOwn: this.hasOwn(userId),
      ...(override !== undefined && { override: { companyId: override, known: this.has(override) } }),
    };
  }

  /** The company that was made for the user is there, or its membership. */
  hasOwn(userId: string): boolean {
    return this.indexes.made.get(userId) !== undefined;
  }

  has(companyId: string): boolean {
    return this.indexes.companies.get(companyId) !== undefined;
  }

  /** When the company that was made for the user was made; undefined: it is not there. */
  madeAt(userId: string): string | undefined {
    const text = this.indexes.made.get(userId);
    return text === '' ? undefined : text;
  }

  /** Takes note of a company that a run has made for the user. */
  async note(userId: string, madeAt: string): Promise<void> {
    await this.indexes.made.put(userId, madeAt);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.indexes).map((index: LookupIndex) => index.close()));
  }
}

/** Fills the indexes; what it makes of a row does not depend on the order in which they come. */
class Filler {
  constructor(private readonly indexes: Indexes) {}

  async company(row: StoredItem): Promise<void> {
    const [companyId, ownerId] = [textOf(row['companyId']), textOf(row['ownerId'])];
    if (companyId === undefined) return;
    await this.indexes.companies.put(companyId, '');
    const user = madeFor(row, companyId, ownerId);
    if (user !== undefined) await this.indexes.made.put(user, textOf(row['createdAt']) ?? '');
    if (ownerId !== undefined && ownerId !== user) await add(this.indexes.owned, ownerId, companyId);
  }

  /** Companies have been seen by now. */
  async membership(row: StoredItem): Promise<void> {
    const [companyId, userId] = [textOf(row['companyId']), textOf(row['userId'])];
    if (companyId === undefined || userId === undefined) return;
    const user = madeFor(row, companyId, userId);
    const { made, memberOf } = this.indexes;
    if (user !== undefined && made.get(user) === undefined) await made.put(user, '');
    if (userId !== user) await add(memberOf, userId, companyId);
  }
}

/**
 * The user to whom the company of a row belongs by its id, which nobody but the migration gives. Not the stamp alone tells
 * it: a row of the application under this id is a conflict, and not another company to choose from.
 */
function madeFor(row: StoredItem, companyId: string, named: string | undefined): string | undefined {
  const key = sourceRecordKey(USERS, stampOf(row)?.source ?? '');
  return [textOf(key?.['userId']), named].find(
    (user) => user !== undefined && companyIdOf(user) === companyId,
  );
}

async function add(index: LookupIndex, key: string, companyId: string): Promise<void> {
  await index.put(key, JSON.stringify([...listIn(index, key), companyId]));
}

function listIn(index: LookupIndex, key: string): readonly string[] {
  const text = index.get(key);
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}

import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { own, textOf } from '../../../domain/storage/stored-value.js';
import { isBlank } from '../../../domain/values/white-space.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import { feed, filledIndexes } from '../../contract/table-feed.js';
import type { EntityPolicy } from '../entity-policy.js';
import { CONTRACTOR_REFERENCE, ENTITIES, sourceOf, type EntityKind } from '../entities.js';
import type { UserCompanies } from '../resolution/user-companies.js';
import { Claims } from './claims.js';
import { NATURAL_ATTRIBUTES, NaturalKeys } from './natural-keys.js';
import { Places, type EntityTables } from './places.js';
import { References } from './references.js';
import { StoredRows } from './stored-rows.js';

interface DirectoryParts {
  readonly context: StepContext;
  readonly companies: UserCompanies;
  readonly policy: EntityPolicy;
  /** whether nothing keeps a record of this kind from being stored, as far as the record alone tells */
  readonly isSound: (kind: EntityKind, record: StoredItem, companyId: string) => boolean;
}

/** What the steps know of old and new tables: each table read once, strongly consistent, before anything is decided. */
export class EntityDirectory {
  readonly places: Places;
  readonly references: References;

  private constructor(
    private readonly tables: ReadonlyMap<EntityKind, BuiltTables>,
    private readonly parts: DirectoryParts,
  ) {
    const tablesOf = (kind: EntityKind): EntityTables => {
      const found = tables.get(kind);
      if (found === undefined) throw new RangeError(`no look-up of ${kind}`);
      return found;
    };
    this.places = new Places(tablesOf, parts.policy);
    this.references = new References(tablesOf, this.places, parts.context.repairing);
  }

  /** For the step of this kind. */
  static async build(kind: EntityKind, parts: DirectoryParts): Promise<EntityDirectory> {
    const kinds = [...neededBy(kind)];
    const tables = new Map<EntityKind, BuiltTables>();
    const directory = new EntityDirectory(tables, parts);
    const take = async (one: EntityKind): Promise<void> => {
      tables.set(one, await directory.tablesOf(one));
    };
    await Promise.all(kinds.filter((one) => one !== 'expense').map(take));
    // expenses are told apart by what their contractors become
    if (kinds.includes('expense')) await take('expense');
    return directory;
  }

  get naturalKeys(): NaturalKeys | undefined {
    return this.tables.get('expense')?.naturalKeys;
  }

  /** The time of creation that an earlier run chose for the row with this id. */
  chosenTime(kind: EntityKind, companyId: string, id: string, source: string): string | undefined {
    const stored = this.tables.get(kind)?.stored.find(companyId, id);
    return stored?.source === source ? stored.createdAt : undefined;
  }

  /** The other company in which the row of this record stands, where none of it stands in this one. */
  elsewhere(kind: EntityKind, companyId: string, user: string, id: string): string | undefined {
    return this.tables.get(kind)?.stored.elsewhere(companyId, user, id);
  }

  async close(): Promise<void> {
    const tables = [...this.tables.values()].flatMap(({ claims, stored }) => [claims, stored]);
    await Promise.all([...tables, this.parts.companies].map((one) => one.close()));
    await this.naturalKeys?.close();
  }

  private async tablesOf(kind: EntityKind): Promise<BuiltTables> {
    const { context } = this.parts;
    const isExpense = kind === 'expense';
    // only they are referred to before they move; where damaged rows are made good, any of them may have to be asked
    const isAsked = isExpense || context.repairing !== undefined;
    const names = [`claims-${kind}${isAsked ? '-checked' : ''}`, `stored-${kind}`];
    const filled = await filledIndexes(context, isExpense ? [...names, 'natural-keys'] : names, (indexes) =>
      this.fill(kind, opened(kind, indexes), isAsked),
    );
    return opened(kind, filled);
  }

  private async fill(kind: EntityKind, tables: BuiltTables, isAsked: boolean): Promise<void> {
    const { context } = this.parts;
    const entity = ENTITIES[kind];
    const { stored, naturalKeys } = tables;
    const takeRow = async (row: StoredItem): Promise<void> => {
      await stored.take(row);
      await naturalKeys?.takeRow(row);
    };
    const attributes = [...StoredRows.attributes(entity), ...(naturalKeys ? NATURAL_ATTRIBUTES : [])];
    // rows first: where one of a record stands decides on its claim
    await feed(context, entity.target, attributes, takeRow);
    await feed(context, entity.legacy, undefined, (record) => this.takeRecord(kind, tables, record, isAsked));
  }

  private async takeRecord(
    kind: EntityKind,
    { claims, stored, naturalKeys }: BuiltTables,
    record: StoredItem,
    isAsked: boolean,
  ): Promise<void> {
    const entity = ENTITIES[kind];
    const [user, id] = [textOf(own(record, 'userId')), textOf(own(record, entity.id))];
    if (user === undefined || id === undefined) return;
    const resolution = this.parts.companies.companyOf(user);
    const ofUser = resolution.ok ? resolution.companyId : undefined;
    // where its row stands it keeps its place, although it is set aside while its user is somewhere else, or nowhere
    const standsIn = stored.elsewhere(ofUser, user, id);
    const companyId = standsIn ?? ofUser;
    if (companyId === undefined) return;
    const isHeld = (): boolean => {
      const holder = stored.find(companyId, id);
      return holder !== undefined && holder.source !== sourceOf(entity, user, id);
    };
    const isSound = (): boolean => standsIn === undefined && this.parts.isSound(kind, record, companyId);
    await claims.take(record, companyId, isAsked || isHeld() ? isSound() : undefined);
    const contractorId = naturalKeys && this.contractorOf(record, companyId, user);
    await naturalKeys?.takeRecord({ item: record, companyId, contractorId });
  }

  /** What the contractor of an expense becomes. */
  private contractorOf(record: StoredItem, companyId: string, user: string): string | undefined {
    const id = textOf(own(record, 'contractorId'));
    if (id === undefined || isBlank(id)) return undefined;
    const found = this.references.resolve(CONTRACTOR_REFERENCE, companyId, user, id);
    return found.ok ? found.id : undefined;
  }
}

interface BuiltTables extends EntityTables {
  readonly naturalKeys?: NaturalKeys;
}

/** The kinds that decide on this one: itself and all that it refers to, directly or not. */
function neededBy(kind: EntityKind): ReadonlySet<EntityKind> {
  const needed = new Set([kind]);
  // a set goes on to what is added to it on the way
  for (const one of needed) for (const { to } of ENTITIES[one].references) needed.add(to);
  return needed;
}

function opened(kind: EntityKind, [claims, stored, natural]: readonly LookupIndex[]): BuiltTables {
  if (claims === undefined || stored === undefined) throw new RangeError('an index for each name');
  const entity = ENTITIES[kind];
  return {
    claims: new Claims(entity, claims),
    stored: new StoredRows(entity, stored),
    ...(natural === undefined ? {} : { naturalKeys: new NaturalKeys(natural) }),
  };
}

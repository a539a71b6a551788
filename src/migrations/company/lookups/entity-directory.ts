import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { own, textOf } from '../../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import { feed, filledIndexes } from '../../contract/table-feed.js';
import type { EntityPolicy } from '../entity-policy.js';
import { ENTITIES, type EntityKind } from '../entities.js';
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
    private readonly tables: ReadonlyMap<EntityKind, EntityTables>,
    readonly naturalKeys: NaturalKeys | undefined,
    private readonly companies: UserCompanies,
    { context, policy }: DirectoryParts,
  ) {
    const tablesOf = (kind: EntityKind): EntityTables => {
      const found = tables.get(kind);
      if (found === undefined) throw new RangeError(`no look-up of ${kind}`);
      return found;
    };
    this.places = new Places(tablesOf, policy);
    this.references = new References(tablesOf, this.places, context.repairing);
  }

  /** For the step of this kind. */
  static async build(kind: EntityKind, parts: DirectoryParts): Promise<EntityDirectory> {
    const kinds = [...neededBy(kind)];
    const built = await Promise.all(kinds.map((one) => tablesOf(one, parts)));
    const tables = new Map(kinds.map((one, index) => [one, built[index] as BuiltTables]));
    return new EntityDirectory(tables, tables.get('expense')?.naturalKeys, parts.companies, parts);
  }

  /** The time of creation that an earlier run chose for the row with this id. */
  chosenTime(kind: EntityKind, companyId: string, id: string, source: string): string | undefined {
    const stored = this.tables.get(kind)?.stored.find(companyId, id);
    return stored?.source === source ? stored.createdAt : undefined;
  }

  async close(): Promise<void> {
    const tables = [...this.tables.values()].flatMap(({ claims, stored }) => [claims, stored]);
    await Promise.all([...tables, this.companies].map((one) => one.close()));
    await this.naturalKeys?.close();
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

async function tablesOf(kind: EntityKind, parts: DirectoryParts): Promise<BuiltTables> {
  const { context } = parts;
  const isExpense = kind === 'expense';
  // only they are referred to before they move; where damaged rows are made good, any of them may have to be asked
  const isAsked = isExpense || context.repairing !== undefined;
  const names = [`claims-${kind}${isAsked ? '-checked' : ''}`, `stored-${kind}`];
  const filled = await filledIndexes(context, isExpense ? [...names, 'natural-keys'] : names, (indexes) =>
    fill(kind, parts, indexes, isAsked),
  );
  return opened(kind, filled);
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

async function fill(
  kind: EntityKind,
  { context, companies, isSound }: DirectoryParts,
  indexes: readonly LookupIndex[],
  isAsked: boolean,
): Promise<void> {
  const entity = ENTITIES[kind];
  const { claims, stored, naturalKeys } = opened(kind, indexes);
  const takeRecord = async (record: StoredItem): Promise<void> => {
    const resolution = companies.companyOf(textOf(own(record, 'userId')));
    if (!resolution.ok) return;
    const { companyId } = resolution;
    await claims.take(record, companyId, isAsked ? isSound(kind, record, companyId) : undefined);
    await naturalKeys?.takeRecord(record, companyId);
  };
  const takeRow = async (row: StoredItem): Promise<void> => {
    await stored.take(row);
    await naturalKeys?.takeRow(row);
  };
  const attributes = [...StoredRows.attributes(entity), ...(naturalKeys ? NATURAL_ATTRIBUTES : [])];
  // one after the other: both put into the natural keys
  await feed(context, entity.legacy, undefined, takeRecord);
  await feed(context, entity.target, attributes, takeRow);
}

import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { isTooLarge } from './model-limits.js';
import type { Claim, Resolution } from './model-persons.js';
import { derivedId, pairKey, resolvePersons, userOf } from './model-persons.js';
import type { Kind, ModelProblem, ModelRecord } from './model-records.js';
import { isProblem, readRecord } from './model-records.js';
import { dataRow, linkRow } from './model-rows.js';
import type { DigestOf } from './model-store.js';
import { ModelStore, canonicalId, lookupText, sourceOf, stamped, textOf } from './model-store.js';
import { NIL, compareMoments, compareText, guidOf, momentOf } from './model-values.js';
import type { Tables } from './tables.js';
import { TABLE, idOf } from './tables.js';

/**
 * What became of a source record, and the rows it should yield: all attributes, the stamp with its source only.
 * `conflicts` are the ids of those rows that somebody else holds or has touched.
 */
export type ModelOutcome =
  | {
      readonly outcome: 'created' | 'updated' | 'unchanged' | 'conflict';
      readonly rows: readonly StoredItem[];
      readonly conflicts: readonly string[];
    }
  | { readonly outcome: 'quarantined'; readonly reason: string; readonly field?: string };

export type StepName = 'links' | 'milestones' | 'actuals' | 'readings';
export const STEP_NAMES: readonly StepName[] = ['links', 'milestones', 'actuals', 'readings'];

/** What a run should do, as the storage contract has it. */
export interface ModelResult {
  /** per step: `<legacy table>#<id as stored>` → outcome, for every source record of the steps that ran */
  readonly steps: Readonly<Record<StepName, ReadonlyMap<string, ModelOutcome>>>;
  /** placeholder persons that the run adds, stamped with their source */
  readonly placeholders: readonly StoredItem[];
  /** all tables afterwards; rows that the run wrote have a stamp with the source only */
  readonly tables: Tables;
}

const KIND: Readonly<Record<StepName, Kind>> = {
  links: 'link',
  milestones: 'milestone',
  actuals: 'actual',
  readings: 'reading',
};
const LINK_KEYS = ['id', 'kpiId', 'personId', 'goalId', 'tenantId'];
const DATA_KEYS = ['id', 'kpiLinkId', 'dataCategory'];

/**
 * The second model of plan `kpi`: everything in memory, one record after the other, as plainly as the storage
 * contract can be read. `digestOf` is that of the engine under test (it tells an edited row from an untouched one).
 * It knows nothing of validation: a step runs whatever became of the step before it.
 */
export function secondModel(
  input: Tables,
  digestOf: DigestOf,
  steps: readonly StepName[] = STEP_NAMES,
): ModelResult {
  const store = new ModelStore(input, digestOf);
  const before = new Set(store.rows(TABLE.people).map(idOf));
  const run = (step: StepName): Map<string, ModelOutcome> => {
    if (!steps.includes(step)) return new Map();
    return step === 'links' ? runLinks(store) : runData(store, step);
  };
  const outcomes = {
    links: run('links'),
    milestones: run('milestones'),
    actuals: run('actuals'),
    readings: run('readings'),
  };
  const placeholders = store.rows(TABLE.people).filter((person) => !before.has(idOf(person)));
  return { steps: outcomes, placeholders, tables: store.all() };
}

function runLinks(store: ModelStore): Map<string, ModelOutcome> {
  const outcomes = new Map<string, ModelOutcome>();
  const claims: Claim[] = [];
  for (const { source, record, kpi } of sound(store, 'links', outcomes)) {
    const user = userOf(record, kpi);
    if ('reason' in user) outcomes.set(source, quarantined(user));
    else claims.push({ record, source, user });
  }
  const persons = resolvePersons(claims.filter(fits), store);
  const everybody = resolvePersons(claims, store);
  for (const claim of claims) {
    const key = pairKey(claim.record.tenantId, claim.user.id);
    outcomes.set(claim.source, settleLink(store, claim, persons.get(key) ?? everybody.get(key)));
  }
  return outcomes;
}

/** A link that is set aside for its size claims no placeholder. All person ids are of one length. */
function fits({ record, source }: Claim): boolean {
  return !isTooLarge(stamped(linkRow(record, NIL), source), LINK_KEYS);
}

function settleLink(store: ModelStore, claim: Claim, person: Resolution | undefined): ModelOutcome {
  const { record, source } = claim;
  if (person === undefined || person.kind === 'ambiguous') {
    return { outcome: 'quarantined', reason: 'PERSON_AMBIGUOUS' };
  }
  if (!fits(claim)) return { outcome: 'quarantined', reason: 'ITEM_TOO_LARGE' };
  const row = stamped(linkRow(record, person.id), source);
  if (person.kind === 'placeholder') store.insertIfAbsent(TABLE.people, person.row);
  return settleAll(store, TABLE.kpiLinks, [row]);
}

function runData(store: ModelStore, step: Exclude<StepName, 'links'>): Map<string, ModelOutcome> {
  const outcomes = new Map<string, ModelOutcome>();
  for (const { source, record } of sound(store, step, outcomes)) {
    const links = linksOf(store, record);
    if (links.length === 0) {
      outcomes.set(source, { outcome: 'quarantined', reason: 'KPI_UNLINKED', field: 'kpiId' });
      continue;
    }
    const { rows, stands } = fanOut(store, step, { record, source, links });
    outcomes.set(
      source,
      rows.some((row) => isTooLarge(row, DATA_KEYS))
        ? { outcome: 'quarantined', reason: 'ITEM_TOO_LARGE' }
        : settleAll(store, TABLE.kpiData, rows, stands),
    );
  }
  return outcomes;
}

/**
 * The rows of a record: the pinned or else the first link's has the legacy id, where the kind holds it. A row whose
 * link is gone keeps the id all the same: it stands as it is, and no other row gets the id.
 */
function fanOut(
  store: ModelStore,
  step: Exclude<StepName, 'links'>,
  { record, source, links }: { record: ModelRecord; source: string; links: readonly string[] },
): { rows: StoredItem[]; stands: boolean } {
  const kind = KIND[step] as Exclude<Kind, 'link'>;
  const holds = holdsId(store, step, record.id);
  const held = store.row(TABLE.kpiData, record.id);
  const pinned = held !== undefined && sourceOf(held) === source ? lookupText(held, 'kpiLinkId') : undefined;
  const anchor = pinned !== undefined && links.includes(pinned) ? pinned : links[0];
  const gone =
    pinned !== undefined && !store.rows(TABLE.kpiLinks).some((link) => canonicalId(link) === pinned);
  const rows = links.map((link) => {
    const id = holds && !gone && link === anchor ? record.id : derivedId(kind, record.id, link);
    return stamped(dataRow(kind, record, id, link), source);
  });
  return { rows, stands: holds && gone };
}

/** Whether no kind of higher rank has a record with this id, sound or not. */
function holdsId(store: ModelStore, step: StepName, id: string): boolean {
  const above: StepName[] = step === 'readings' ? ['milestones', 'actuals'] : ['milestones'];
  if (step === 'milestones') return true;
  return !above.some((other) => store.rows(TABLE[other]).some((row) => guidOf(idOf(row)) === id));
}

/** Ids of the links that get the data of a record: those of its KPI in the KPI's tenant, first-created first. */
function linksOf(store: ModelStore, record: ModelRecord): string[] {
  const links = store
    .rows(TABLE.kpiLinks)
    .filter(
      (link) =>
        lookupText(link, 'kpiId') === record.kpiId && lookupText(link, 'tenantId') === record.tenantId,
    )
    .map((link) => ({ id: canonicalId(link), created: momentOf(textOf(link['createdAt']) ?? '') }));
  links.sort((left, right) => {
    if (left.created === undefined || right.created === undefined) {
      return (
        Number(left.created === undefined) - Number(right.created === undefined) ||
        compareText(left.id, right.id)
      );
    }
    return compareMoments(left.created, right.created) || compareText(left.id, right.id);
  });
  return links.map((link) => link.id);
}

interface Sound {
  readonly source: string;
  readonly record: ModelRecord;
  readonly kpi: StoredItem;
}

/** The records of a step that are readable, unique, of a known KPI and of its tenant; outcomes for all others. */
function sound(store: ModelStore, step: StepName, outcomes: Map<string, ModelOutcome>): Sound[] {
  const rows = store.rows(TABLE[step]);
  return rows.flatMap((item) => {
    const source = `${TABLE[step]}#${idOf(item)}`;
    const record = readRecord(KIND[step], item);
    const problem = (reason: string, field: string): Sound[] => {
      outcomes.set(source, quarantined({ reason, field }));
      return [];
    };
    if (isProblem(record)) return problem(record.reason, record.field);
    if (keeperOf(record.id, rows) !== idOf(item)) return problem('ID_DUPLICATE', 'id');
    const kpi = kpiOf(store, record);
    if (kpi === undefined) return problem('KPI_MISSING', 'kpiId');
    if (lookupText(kpi, 'tenantId') !== record.tenantId) return problem('TENANT_MISMATCH', 'tenantId');
    return [{ source, record, kpi }];
  });
}

/** Of several spellings of one id the canonical one, else the ordinally lowest. */
function keeperOf(id: string, rows: readonly StoredItem[]): string | undefined {
  const spellings = rows.map(idOf).filter((spelling) => guidOf(spelling) === id);
  return spellings.includes(id) ? id : spellings.sort(compareText)[0];
}

/** The record's KPI; of several spellings of one id the one that would keep it among records. */
function kpiOf(store: ModelStore, record: ModelRecord): StoredItem | undefined {
  const kpis = store.rows(TABLE.kpis);
  const id = keeperOf(record.kpiId, kpis);
  return kpis.find((kpi) => idOf(kpi) === id);
}

function settleAll(
  store: ModelStore,
  table: typeof TABLE.kpiLinks | typeof TABLE.kpiData,
  rows: readonly StoredItem[],
  stands = false,
): ModelOutcome {
  const settled = rows.map((row) => ({ id: idOf(row), outcome: store.settle(table, row) }));
  const results = stands ? [...settled, { id: '', outcome: 'unchanged' }] : settled;
  const has = (outcome: string): boolean => results.some((result) => result.outcome === outcome);
  const conflicts = results.filter((result) => result.outcome === 'conflict').map((result) => result.id);
  const mixed = has('created') && has('unchanged');
  const outcome = has('conflict')
    ? 'conflict'
    : has('updated') || mixed
      ? 'updated'
      : has('created')
        ? 'created'
        : 'unchanged';
  return { outcome, rows, conflicts };
}

function quarantined(problem: ModelProblem): ModelOutcome {
  return { outcome: 'quarantined', ...problem };
}

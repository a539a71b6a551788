import { GoalKpiLinkRecord } from '../../domain/kpi/legacy/goal-kpi-link.record.js';
import type { KpiLink } from '../../domain/kpi/kpi-link.js';
import type { Person } from '../../domain/person/person.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { Guid } from '../../domain/values/guid.js';
import type { LookupIndex } from '../contract/lookup-index.js';
import type {
  CompanionRow,
  ExpectedCompanion,
  RecordPlanner,
  RowFault,
  StepContext,
} from '../contract/migration-step.js';
import { sourceName } from '../contract/migration-step.js';
import type { Decision, PlannedRow, Problem, Warning } from '../contract/outcome.js';
import { TABLES } from './kpi.tables.js';
import { KpiDirectory, type KpiEntry } from './lookups/kpi-directory.js';
import { LegacyIds } from './lookups/legacy-ids.js';
import { PersonDirectory } from './lookups/person-directory.js';
import { reference } from './lookups/reference.js';
import { Placeholders } from './placeholders.js';
import { admit } from './record-reading.js';
import { placeholderId } from './translation/derived-id.js';
import { translateLink } from './translation/link.js';
import { placeholderPerson } from './translation/placeholder-person.js';

export interface LinkMappers {
  readonly link: AggregateMapper<KpiLink>;
  readonly person: AggregateMapper<Person>;
}

/** Any id of a person is as long as this one: enough to see whether a row would fit. */
const SOME_PERSON = '00000000-0000-0000-0000-000000000000';

type Candidate =
  { readonly ok: true; readonly user: string } | { readonly ok: false; readonly problem: Problem };

interface Lookups {
  readonly kpis: KpiDirectory;
  readonly people: PersonDirectory;
  readonly ids: LegacyIds;
  readonly needs: LookupIndex;
  /** how often a KPI has a primary link, and a person a link to it */
  readonly tallies: LookupIndex;
}

/** Decides on old links: the person who pursues the KPI, and one new link of the same id. */
export class LinksPlanner implements RecordPlanner {
  private readonly placeholders: Placeholders;

  private constructor(
    private readonly mappers: LinkMappers,
    private readonly lookups: Lookups,
    private readonly check: StepContext['check'],
  ) {
    this.placeholders = new Placeholders(lookups.people, lookups.needs, mappers.person);
  }

  static async build(mappers: LinkMappers, context: StepContext): Promise<LinksPlanner> {
    const [kpis, people, ids] = await Promise.all([
      KpiDirectory.build(context),
      PersonDirectory.build(context),
      LegacyIds.build(context, TABLES.legacyLinks, []),
    ]);
    const { indexes } = context;
    const lookups = {
      kpis,
      people,
      ids,
      needs: indexes.create('placeholders'),
      tallies: indexes.create('link-tallies'),
    };
    return new LinksPlanner(mappers, lookups, (row, source) => context.check(row, source));
  }

  /** Collects who needs a placeholder: only links that nothing else keeps from migrating. */
  async survey(item: StoredItem): Promise<void> {
    const admission = admit(GoalKpiLinkRecord, item, this.lookups.ids, this.lookups.kpis);
    if (!admission.ok) return;
    const { record, kpi } = admission;
    const candidate = userOf(kpi, record);
    if (!candidate.ok) return;
    const people = this.lookups.people.ofUser(record.tenantId, candidate.user);
    if (people.length > 1) return;
    const source = sourceName({ source: TABLES.legacyLinks, sourceKey: 'id' }, item);
    if (this.check(this.row(record, SOME_PERSON), source) !== undefined) return;
    await this.tally(record, candidate.user);
    if (people.length === 1) return;
    const need = { linkId: record.id.text, createdAt: record.createdAt.text, source };
    await this.placeholders.need(record.tenantId, candidate.user, need);
  }

  companions(): AsyncIterable<CompanionRow> {
    return this.placeholders.rows();
  }

  plan(item: StoredItem): Decision {
    const admission = admit(GoalKpiLinkRecord, item, this.lookups.ids, this.lookups.kpis);
    const { warnings } = admission;
    if (!admission.ok) return { kind: 'quarantined', problem: admission.problem, warnings };
    const { record, kpi } = admission;
    const candidate = userOf(kpi, record);
    if (!candidate.ok) return { kind: 'quarantined', problem: candidate.problem, warnings };
    const personId = this.personOf(record.tenantId, candidate.user);
    if (typeof personId !== 'string') return { kind: 'quarantined', problem: personId, warnings };
    const more = this.repetitions(record, candidate.user);
    return {
      kind: 'rows',
      anchored: false,
      rows: [this.row(record, personId)],
      warnings: [...warnings, ...more],
    };
  }

  /** K-X07: the KPI and the person of a link exist, and all three are of one tenant. */
  audit(_table: string, row: StoredItem): RowFault | undefined {
    const [kpiId, personId, tenantId] = ['kpiId', 'personId', 'tenantId'].map(
      (name) => reference(row, name) ?? '',
    );
    const kpi = this.lookups.kpis.find(kpiId ?? '');
    if (kpi === undefined)
      return { kind: 'orphan', field: 'kpiId', detail: `there is no KPI ${kpiId ?? ''}` };
    const person = this.lookups.people.find(personId ?? '');
    if (person === undefined)
      return { kind: 'orphan', field: 'personId', detail: `there is no person ${personId ?? ''}` };
    if (kpi.tenantId === tenantId && person.tenantId === tenantId) return undefined;
    return {
      kind: 'tenant',
      field: 'tenantId',
      detail: 'the link, its KPI and its person are not of one tenant',
    };
  }

  expectedCompanion(row: StoredItem, item: StoredItem): ExpectedCompanion | undefined {
    const admission = admit(GoalKpiLinkRecord, item, this.lookups.ids, this.lookups.kpis);
    if (!admission.ok) return undefined;
    const { record, kpi } = admission;
    const candidate = userOf(kpi, record);
    if (!candidate.ok) return undefined;
    const id = reference(row, 'id') ?? '';
    const homes = [candidate.user, placeholderId(record.tenantId, candidate.user)];
    // the KPI may have another owner by now; then the placeholder is still that of the user it was made for
    if (!homes.includes(id)) return undefined;
    const { tenantId, createdAt } = record;
    const stored = placeholderPerson({ id, userId: candidate.user, tenantId, createdAt });
    return { item: this.mappers.person.toItem(stored), identity: ['id', 'tenantId', 'linkedUserId'] };
  }

  async close(): Promise<void> {
    const { kpis, people, ids, needs, tallies } = this.lookups;
    await Promise.all([kpis, people, ids, needs, tallies].map((lookup) => lookup.close()));
  }

  private row(record: GoalKpiLinkRecord, personId: string): PlannedRow {
    return {
      table: this.mappers.link.table,
      item: this.mappers.link.toItem(translateLink(record, personId)),
    };
  }

  private personOf(tenantId: string, user: string): string | Problem {
    const people = this.lookups.people.ofUser(tenantId, user);
    const ambiguous = (detail: string): Problem => ({ reason: 'PERSON_AMBIGUOUS', detail });
    if (people.length > 1)
      return ambiguous(`${people.length} persons of the tenant are linked to user ${user}`);
    const id = people[0] ?? this.placeholders.idFor(tenantId, user);
    return id ?? ambiguous(`another person has the id that the placeholder for user ${user} would get`);
  }

  private async tally(record: GoalKpiLinkRecord, user: string): Promise<void> {
    const { tallies } = this.lookups;
    const keys = [pairKey(record, user), ...(record.isPrimary === true ? [primaryKey(record)] : [])];
    for (const key of keys) await tallies.put(key, tallies.get(key) === undefined ? '1' : '2');
  }

  /** K-X26: reported, and nothing is changed. */
  private repetitions(record: GoalKpiLinkRecord, user: string): Warning[] {
    const { tallies } = this.lookups;
    const warnings: Warning[] = [];
    if (record.isPrimary === true && tallies.get(primaryKey(record)) === '2') {
      const detail = `KPI ${record.kpiId.text} has several primary links`;
      warnings.push({ code: 'PRIMARY_REPEATED', field: 'isPrimary', detail });
    }
    if (tallies.get(pairKey(record, user)) === '2') {
      const detail = `several links of one person to KPI ${record.kpiId.text}: each receives all data`;
      warnings.push({ code: 'PERSON_LINKED_TWICE', field: 'kpiId', detail });
    }
    return warnings;
  }
}

/** The KPI's owner, else who created the link (K-11); absent, blank and nil ones are skipped (K-X09). */
function userOf(kpi: KpiEntry, record: GoalKpiLinkRecord): Candidate {
  const candidates = [
    { field: 'ownerId', text: kpi.ownerId },
    { field: 'createdBy', text: record.createdBy },
  ];
  for (const { field, text } of candidates) {
    if (text === undefined) continue;
    const user = Guid.parse(text);
    if (user?.isNil === true) continue;
    if (user !== undefined) return { ok: true, user: user.text };
    return {
      ok: false,
      problem: {
        reason: 'ID_INVALID',
        field,
        detail: 'the user is no GUID, so no person can be found for it',
      },
    };
  }
  const detail = 'neither the KPI nor the link names a user';
  return { ok: false, problem: { reason: 'ID_INVALID', field: 'createdBy', detail } };
}

function primaryKey(record: GoalKpiLinkRecord): string {
  return `primary\0${record.kpiId.text}`;
}

function pairKey(record: GoalKpiLinkRecord, user: string): string {
  return `pair\0${record.kpiId.text}\0${user}`;
}

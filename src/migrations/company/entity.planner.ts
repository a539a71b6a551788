import type { AggregateMapper } from '../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { RecordPlanner, RowFault, StepContext } from '../contract/migration-step.js';
import type { Decision, Problem, Warning } from '../contract/outcome.js';
import type { EntityParts } from './entity-parts.js';
import { ENTITIES, sourceOf, type Entity, type EntityKind } from './entities.js';
import { EntityDirectory } from './lookups/entity-directory.js';
import type { Place } from './lookups/places.js';
import { danglingReference, movedRow } from './row-audit.js';
import { loadUserCompanies, type UserCompanies } from './resolution/user-companies.js';
import { isSound, NOBODY_RUNS, statusProblem } from './soundness.js';
import { READERS, type OwnedRecord } from './translation/read-owned.js';
import { rowOf, rowWarnings } from './translation/row.js';

/** The rule by which a record yields no row: the same one of another user does. */
export const MERGED = 'merged-into-identical';
/** The rule for one that appeared after the look-ups were built: the next run places it. */
export const APPEARED_LATER = 'appeared-after-survey';

/** A record that its company can have, or why not. */
type Admission =
  | {
      readonly ok: true;
      readonly record: OwnedRecord;
      readonly userId: string;
      readonly companyId: string;
      readonly warnings: readonly Warning[];
    }
  | { readonly ok: false; readonly problem: Problem; readonly warnings: readonly Warning[] };

/** Decides on projects, contractors, works and expenses: one row in the company of their user. */
export class EntityPlanner implements RecordPlanner {
  private constructor(
    private readonly entity: Entity,
    private readonly parts: EntityParts,
    private readonly companies: UserCompanies,
    private readonly directory: EntityDirectory,
    /** the time of records that no run has migrated yet */
    private readonly now: string,
  ) {}

  static async build(kind: EntityKind, parts: EntityParts, context: StepContext): Promise<EntityPlanner> {
    const companies = await loadUserCompanies(context, parts.overrides);
    const directory = await EntityDirectory.build(kind, {
      ...{ context, companies, policy: parts.policy },
      isSound: (one, item, companyId) => isSound(one, item, companyId, { parts, context }),
    });
    return new EntityPlanner(ENTITIES[kind], parts, companies, directory, context.startedAt ?? NOBODY_RUNS);
  }

  plan(item: StoredItem): Decision {
    const admission = this.admitted(item);
    if (!admission.ok) return { ...admission, kind: 'quarantined' };
    const { record, userId, companyId, warnings } = admission;
    const place = this.directory.places.find(this.entity.kind, companyId, userId, record.id);
    if (place === undefined) return { kind: 'skipped', rule: APPEARED_LATER, warnings };
    if (place.kind === 'refused') return { kind: 'quarantined', problem: this.collision(record), warnings };
    if (place.kind === 'merged') {
      const detail = `the record of user ${place.into} with this id says the same; its row is that of both`;
      const merged: Warning = { code: 'RECORD_MERGED', field: this.entity.id, detail };
      return { kind: 'skipped', rule: MERGED, warnings: [...warnings, merged] };
    }
    const { references, warnings: ofReferences } = this.referencesOf(record, companyId, userId);
    const { id, merged } = place;
    const row = rowOf(this.entity, this.mapper(), record, item, {
      ...{ companyId, id, userId, references, merged, time: this.timeOf(companyId, id, userId, record.id) },
    });
    const more = [
      ...rowWarnings(record),
      ...this.placeWarnings(place),
      ...this.repetitions(item, companyId, row.item),
    ];
    return { kind: 'rows', rows: [row], anchored: false, warnings: [...warnings, ...ofReferences, ...more] };
  }

  /** E-34, E-X11, E-08: what a row refers to is in its company, and the row is in that of its user. */
  audit(_table: string, row: StoredItem): RowFault | undefined {
    return danglingReference(this.entity, this.directory, row) ?? movedRow(this.entity, this.companies, row);
  }

  close(): Promise<void> {
    return this.directory.close();
  }

  private admitted(item: StoredItem): Admission {
    const read = READERS[this.entity.kind](item);
    if (!read.ok) return { ok: false, problem: read.problem, warnings: [] };
    const { record, warnings } = read;
    const resolution = this.companies.companyOf(record.userId);
    if (!resolution.ok) {
      const { reason, detail } = resolution;
      return { ok: false, problem: { reason, field: 'userId', detail }, warnings };
    }
    const [userId, { companyId }] = [record.userId ?? '', resolution];
    const problem = this.moved(record, companyId, userId) ?? statusProblem(record, this.parts.policy);
    if (problem !== undefined) return { ok: false, problem, warnings };
    return { ok: true, record, userId, companyId, warnings };
  }

  /** A record whose row stands in another company must not get a second one here. */
  private moved({ id }: OwnedRecord, companyId: string, userId: string): Problem | undefined {
    const other = this.directory.elsewhere(this.entity.kind, companyId, userId, id);
    if (other === undefined) return undefined;
    const detail = `the record has a row in company ${other}, and its user belongs to company ${companyId} now`;
    return { reason: 'COMPANY_CHANGED', field: 'userId', detail };
  }

  private referencesOf(
    record: OwnedRecord,
    companyId: string,
    userId: string,
  ): { readonly references: Record<string, string>; readonly warnings: readonly Warning[] } {
    const references: [string, string][] = [];
    const warnings: Warning[] = [];
    for (const reference of this.entity.references) {
      const { field, to } = reference;
      const id = record.references[field];
      if (id === undefined) continue;
      const found = this.directory.references.resolve(reference, companyId, userId, id);
      if (found.ok) references.push([field, found.id]);
      else warnings.push({ code: 'REFERENCE_DANGLING', field, detail: `${found.detail}; it is left out` });
      if (!found.ok || found.id === id) continue;
      const detail = `${to} ${id} of the user is ${found.id} in the company`;
      warnings.push({ code: 'REFERENCE_REWRITTEN', field, detail });
    }
    return { references: Object.fromEntries(references), warnings };
  }

  private timeOf(companyId: string, id: string, userId: string, oldId: string): string {
    const source = sourceOf(this.entity, userId, oldId);
    return this.directory.chosenTime(this.entity.kind, companyId, id, source) ?? this.now;
  }

  private placeWarnings({ id, derived }: Extract<Place, { kind: 'own' }>): Warning[] {
    if (!derived) return [];
    const detail = `another record of the company has the id and says something else, or refers to something else; this one becomes ${id}`;
    return [{ code: 'ID_DERIVED', field: this.entity.id, detail }];
  }

  private repetitions(item: StoredItem, companyId: string, row: StoredItem): readonly Warning[] {
    const keys = this.entity.kind === 'expense' ? this.directory.naturalKeys : undefined;
    const contractorId = textOf(row['contractorId']);
    return keys?.inspect({ item, companyId, contractorId }, textOf(row[this.entity.id]) ?? '') ?? [];
  }

  private collision({ id }: OwnedRecord): Problem {
    const detail = `another record of the company has the id ${id} and says something else, or refers to something else`;
    return { reason: 'ID_COLLISION', field: this.entity.id, detail };
  }

  private mapper(): AggregateMapper<unknown> {
    return this.parts.mappers[this.entity.kind];
  }
}

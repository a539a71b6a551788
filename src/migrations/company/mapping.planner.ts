import { Company, companyIdOf } from '../../domain/company/company.js';
import { Membership } from '../../domain/company/membership.js';
import type { Resolution } from '../../domain/company/resolution.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import { Moment } from '../../domain/values/moment.js';
import type { RecordPlanner, RowFault, StepContext } from '../contract/migration-step.js';
import type { Decision, PlannedRow, Problem, Warning } from '../contract/outcome.js';
import { TABLES } from './company.tables.js';
import type { Overrides } from './resolution/overrides.js';
import { membershipProblem } from './resolution/membership-problem.js';
import { CompanyDirectory } from './resolution/user-companies.js';

export interface MappingMappers {
  readonly company: AggregateMapper<Company>;
  readonly membership: AggregateMapper<Membership>;
}

/** Of companies that nobody makes: a validation and a forecast only imagine those that are not stored. */
const NOBODY_RUNS = '1970-01-01T00:00:00.000Z';

type Resolved = Extract<Resolution, { ok: true }>;

/** Decides on users: which company is theirs, and by which rule; those who have none get one (E-31). */
export class MappingPlanner implements RecordPlanner {
  private constructor(
    private readonly mappers: MappingMappers,
    private readonly directory: CompanyDirectory,
    private readonly context: StepContext,
    /** the time of companies that no run has made yet */
    private readonly now: string,
  ) {}

  static async build(
    mappers: MappingMappers,
    overrides: Overrides,
    context: StepContext,
  ): Promise<MappingPlanner> {
    const directory = await CompanyDirectory.build(context, overrides);
    return new MappingPlanner(mappers, directory, context, context.startedAt ?? NOBODY_RUNS);
  }

  plan(record: StoredItem): Decision {
    const userId = textOf(record['userId']);
    const found = this.directory.resolve(userId);
    if (userId === undefined || !found.ok) return unresolved(found);
    const warnings = this.warnings(userId, found);
    const { rule, companyId } = found;
    const detail = `user ${userId} → company ${companyId}${this.candidates(userId, found)}`;
    const account = { rule, detail, key: companyId };
    if (rule !== 'created') return { kind: 'skipped', rule, warnings, account };
    // an account of its own, which the engine's check of rows would not give (E-32)
    const problem = membershipProblem(this.context, userId);
    if (problem !== undefined) return setAside(problem);
    return { kind: 'rows', rows: this.rows(userId), anchored: true, warnings, account };
  }

  /** When a company was made it was made once (E-X09): of two runners the one counts that came first. */
  async pin(row: StoredItem): Promise<boolean> {
    const [companyId, userId] = [textOf(row['companyId']), textOf(row['ownerId'])];
    const createdAt = textOf(row['createdAt']);
    if (userId === undefined || createdAt === undefined || companyId !== companyIdOf(userId)) return false;
    if (this.directory.madeAt(userId) === createdAt) return false;
    await this.directory.note(userId, createdAt);
    return true;
  }

  /** A company without its member is one that nobody sees (E-X07). */
  audit(table: string, row: StoredItem): RowFault | undefined {
    const companyId = textOf(row['companyId']) ?? '';
    if (table !== TABLES.companyUsers || this.directory.has(companyId)) return undefined;
    const found = this.directory.resolve(textOf(row['userId']));
    // the record asks for the company, too, so that it is gone is told where it is missed
    if (found.ok && found.rule === 'created' && found.companyId === companyId) return undefined;
    return { kind: 'orphan', field: 'companyId', detail: `there is no company ${companyId}` };
  }

  close(): Promise<void> {
    return this.directory.close();
  }

  private rows(userId: string): readonly PlannedRow[] {
    const createdAt = Moment.restore(this.directory.madeAt(userId) ?? this.now);
    const company = Company.forOrphan(userId, createdAt);
    const membership = Membership.asAdministrator(company.id, userId);
    const envelope = { otherAttributes: { settings: { M: {} } } };
    return [
      {
        table: this.mappers.company.table,
        item: this.mappers.company.toItem({ aggregate: company, envelope }),
      },
      {
        table: this.mappers.membership.table,
        item: this.mappers.membership.toItem({ aggregate: membership, envelope: {} }),
      },
    ];
  }

  /** What an override has decided between, for the audit (E-32). */
  private candidates(userId: string, { rule }: Resolved): string {
    if (rule !== 'override') return '';
    const { memberOf, owns } = this.directory.factsOf(userId);
    const ids = [...new Set([...memberOf, ...owns])].sort();
    return ids.length === 0 ? '' : `; could be ${ids.join(', ')}`;
  }

  private warnings(userId: string, { rule, companyId }: Resolved): readonly Warning[] {
    const { memberOf, owns } = this.directory.factsOf(userId);
    if (rule === 'created') {
      const others = [...new Set([...memberOf, ...owns])].sort();
      if (others.length === 0) return [];
      const detail = `a company was made for the user, who has got others since: ${others.join(', ')}`;
      return [{ code: 'COMPANY_GAINED', detail }];
    }
    const warnings: Warning[] = [];
    if (!memberOf.includes(companyId)) {
      const detail = `the user is no member of company ${companyId}, so they will not see what is theirs`;
      warnings.push({ code: 'MEMBERSHIP_MISSING', detail });
    }
    if (!this.directory.has(companyId)) {
      const detail = `the user is a member of company ${companyId}, which does not exist`;
      warnings.push({ code: 'COMPANY_UNKNOWN', detail });
    }
    return warnings;
  }
}

function unresolved(found: Resolution): Decision {
  if (found.ok) throw new TypeError('a user without an id has no company');
  const { reason, detail } = found;
  return setAside({ reason, detail, ...(reason === 'USER_MISSING' && { field: 'userId' }) });
}

function setAside(problem: Problem): Decision {
  const { reason, detail } = problem;
  return { kind: 'quarantined', problem, warnings: [], account: { rule: reason, detail } };
}

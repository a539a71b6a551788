import { inject, injectable } from 'inversify';
import type { Company } from '../../domain/company/company.js';
import type { Membership } from '../../domain/company/membership.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { COMPANY_USE } from './company-use.js';
import { MAPPING } from './company.outline.js';
import { TABLES } from './company.tables.js';
import { COMPANY_MAPPER, MEMBERSHIP_MAPPER, OVERRIDES } from './company.tokens.js';
import type { Overrides } from './resolution/overrides.js';

/**
 * Says for each user who owns a legacy record which company gets it (E-15), and makes a company and a membership for
 * those who have none. Its records are users: the rows of the users' table, and everybody whom another one mentions.
 * Needs nothing before it. Safe to repeat: ids follow from users, writes are insert-if-absent (E-X07).
 */
@injectable()
export class MappingStep implements IMigrationStep {
  readonly name = MAPPING.name;
  readonly title = MAPPING.title;
  readonly phase = MAPPING.phase;
  readonly source = TABLES.legacyUsers;
  readonly sourceKey = 'userId';
  readonly loggedIds = ['companyId'];
  readonly accounts = true;
  readonly inUse = COMPANY_USE;
  readonly companionTables = [];
  readonly requires = [];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(
    @inject(COMPANY_MAPPER) private readonly company: AggregateMapper<Company>,
    @inject(MEMBERSHIP_MAPPER) private readonly membership: AggregateMapper<Membership>,
    @inject(OVERRIDES) private readonly overrides: Overrides,
  ) {
    this.mappers = new Map<string, AggregateMapper<unknown>>([
      [TABLES.companies, company],
      [TABLES.companyUsers, membership],
    ]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    const { MappingPlanner } = await import('./mapping.planner.js');
    const mappers = { company: this.company, membership: this.membership };
    return MappingPlanner.build(mappers, this.overrides, context);
  }
}

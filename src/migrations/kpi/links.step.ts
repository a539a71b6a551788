import { inject, injectable } from 'inversify';
import type { KpiLink } from '../../domain/kpi/kpi-link.js';
import type { Person } from '../../domain/person/person.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { LINKS } from './kpi.outline.js';
import { TABLES } from './kpi.tables.js';
import { KPI_LINK_MAPPER, PERSON_MAPPER } from './kpi.tokens.js';

/**
 * Old links become new ones under the same id, each with the person who pursues it; users without a person get a
 * placeholder. Needs nothing before it. Safe to repeat: ids never depend on order, writes are insert-if-absent.
 */
@injectable()
export class LinksStep implements IMigrationStep {
  readonly name = LINKS.name;
  readonly title = LINKS.title;
  readonly phase = LINKS.phase;
  readonly source = TABLES.legacyLinks;
  readonly sourceKey = 'id';
  readonly companionTables = [TABLES.people];
  /** a placeholder whose link stays; who else names persons stands in tables that are none of the plan's */
  readonly inUse = [
    { table: TABLES.people, key: 'id', by: [{ table: TABLES.links, attribute: 'personId' }] },
  ];
  readonly requires = [];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(
    @inject(KPI_LINK_MAPPER) private readonly link: AggregateMapper<KpiLink>,
    @inject(PERSON_MAPPER) private readonly person: AggregateMapper<Person>,
  ) {
    this.mappers = new Map([[TABLES.links, link]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { LinksPlanner } = await import('./links.planner.js');
    return LinksPlanner.build({ link: this.link, person: this.person }, context);
  }
}

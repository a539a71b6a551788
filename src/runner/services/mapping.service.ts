import type { MappingDocument, PlanRequest } from '../application.js';
import { planNamed, type HistoryParts } from './service-parts.js';

/** `report --mapping`: the plan's own tables and rules, as they are in this environment (E-12). Asks no store. */
export class MappingService {
  constructor(private readonly parts: Pick<HistoryParts, 'environment' | 'plans' | 'admin'>) {}

  async mapping(request: PlanRequest): Promise<MappingDocument> {
    const { environment, admin } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const mapping = await plan.mapping?.();
    const own = Object.entries(environment.attributes).filter(([table]) =>
      plan.tables.some(({ name }) => name === table),
    );
    return {
      ...{ plan: plan.name, title: plan.title, env: environment.name, steps: plan.steps },
      tables: plan.tables.map((table) => ({ ...table, physicalName: admin.physicalName(table.name) })),
      accept: [...plan.acceptable].map(([reason, flag]) => ({ reason, flag })),
      aliases: Object.fromEntries(own),
      ...(mapping === undefined ? {} : { mapping }),
    };
  }
}

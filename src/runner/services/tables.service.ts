import type {
  PlanRequest,
  PreflightRequest,
  PreflightResult,
  SeedRequest,
  SeedResult,
  TablesResult,
} from '../application.js';
import { foresee } from '../forecast/foresee.js';
import { RefusedError } from '../ports/errors.js';
import { preflight } from '../preflight/preflight.js';
import { planNamed, type ServiceParts } from './service-parts.js';

/** `tables create`, `preflight` and `seed`. */
export class TablesService {
  constructor(private readonly parts: ServiceParts) {}

  async createTables(request: PlanRequest): Promise<TablesResult> {
    const { admin, journalTable } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const tables = [];
    for (const table of [...plan.tables.filter(({ role }) => role === 'target'), journalTable]) {
      const created = (await admin.describe(table.name)) === undefined;
      // also for a table that somebody is creating at this moment: create waits until it is ACTIVE
      await admin.create(table);
      tables.push({ table: table.name, physicalName: admin.physicalName(table.name), created });
    }
    return { plan: plan.name, tables };
  }

  async preflight(request: PreflightRequest): Promise<PreflightResult> {
    const { admin, journalTable, environment } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const result = await preflight(admin, plan, journalTable, environment.name);
    if (request.forecast === undefined) return result;
    return { ...result, forecast: await foresee(this.parts, plan, result, request.forecast) };
  }

  async seed(request: SeedRequest): Promise<SeedResult> {
    const { environment, seeder } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    if (!environment.seedable) {
      throw new RefusedError(
        'SEED_FORBIDDEN',
        `demo data is never written to ${environment.name}`,
        'Seed local or dev: node runner seed --env local',
      );
    }
    const { defects, scale, signal } = request;
    const options = {
      defects,
      ...(scale === undefined ? {} : { scale }),
      ...(signal === undefined ? {} : { signal }),
    };
    return seeder(plan).seed(options);
  }
}

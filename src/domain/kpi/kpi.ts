import type { Guid } from '../values/guid.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';

export interface KpiState {
  readonly id: string;
  readonly tenantId: string;
  readonly name?: string | undefined;
  readonly ownerId?: string | undefined;
}

interface NewKpi {
  readonly tenantId: Guid;
  readonly name: string;
  readonly ownerId: Guid;
}

const RULES = new Rules('Kpi');

/** A key performance indicator. The plan only looks KPIs up: for their tenant and their owner. */
export class Kpi {
  static readonly fields = fieldsOf<KpiState>({
    id: 'key',
    tenantId: 'key',
    name: 'text?',
    ownerId: 'text?',
  });

  private constructor(private readonly held: KpiState) {}

  /** Birth, under today's rules: a name, an owner, ids not nil. Throws DomainRuleError. */
  static create(id: Guid, kpi: NewKpi): Kpi {
    RULES.demand(![id, kpi.tenantId, kpi.ownerId].some((one) => one.isNil), 'ids-not-nil', 'an id is nil');
    RULES.notBlank('name', kpi.name);
    return new Kpi({ id: id.text, tenantId: kpi.tenantId.text, name: kpi.name, ownerId: kpi.ownerId.text });
  }

  /** History: structure only. A KPI without owner, or with a nil one, is still a KPI (K-X09). Throws RestoreError. */
  static restore(state: KpiState): Kpi {
    checkStructure('Kpi', Kpi.fields, state);
    return new Kpi(state);
  }

  get id(): string {
    return this.held.id;
  }

  state(): KpiState {
    return this.held;
  }
}

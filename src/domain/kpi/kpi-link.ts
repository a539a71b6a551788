import { RestoreError } from '../errors.js';
import type { ExactNumber } from '../values/exact-number.js';
import type { Guid } from '../values/guid.js';
import type { Instant, Moment } from '../values/moment.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';
import { MAX_WEIGHT, ZERO } from './limits.js';

/** All that a link is. Ids and users are text: the application's own rows may hold ids that are no GUIDs. */
export interface KpiLinkState {
  readonly id: string;
  readonly tenantId: string;
  readonly kpiId: string;
  readonly personId: string;
  readonly goalId?: string | undefined;
  readonly strategyId?: string | undefined;
  /** percent */
  readonly thresholdPct?: ExactNumber | undefined;
  readonly linkType?: string | undefined;
  /** percent */
  readonly weight?: ExactNumber | undefined;
  readonly displayOrder?: ExactNumber | undefined;
  readonly isPrimary: boolean;
  readonly createdBy: string;
  readonly createdAt: Moment;
  readonly updatedBy?: string | undefined;
  readonly updatedAt?: Moment | undefined;
}

/** What the maker of a new link decides. */
export interface NewKpiLink {
  readonly tenantId: Guid;
  readonly kpiId: Guid;
  readonly personId: Guid;
  readonly createdBy: Guid;
  readonly goalId?: Guid;
  readonly strategyId?: Guid;
  readonly thresholdPct?: ExactNumber;
  readonly linkType?: string;
  readonly weight?: ExactNumber;
  readonly displayOrder?: ExactNumber;
  readonly isPrimary?: boolean;
}

const RULES = new Rules('KpiLink');

/** A KPI that a person pursues for a goal or a strategy. Targets and actuals (KpiData) hang on it. */
export class KpiLink {
  static readonly fields = fieldsOf<KpiLinkState>({
    id: 'key',
    tenantId: 'key',
    kpiId: 'key',
    personId: 'key',
    goalId: 'key?',
    strategyId: 'key?',
    thresholdPct: 'number?',
    linkType: 'text?',
    weight: 'number?',
    displayOrder: 'number?',
    isPrimary: 'flag',
    createdBy: 'text',
    createdAt: 'moment',
    updatedBy: 'text?',
    updatedAt: 'moment?',
  });

  private constructor(private readonly held: KpiLinkState) {}

  /**
   * Birth, under today's rules: a goal or a strategy, weight 0 to 100, threshold not negative, whole display order
   * from 0, ids not nil. Throws DomainRuleError.
   */
  static create(id: Guid, now: Instant, link: NewKpiLink): KpiLink {
    const ids = [id, link.tenantId, link.kpiId, link.personId, link.createdBy, link.goalId, link.strategyId];
    RULES.demand(!ids.some((one) => one?.isNil), 'ids-not-nil', 'an id is nil');
    const aimed = link.goalId !== undefined || link.strategyId !== undefined;
    RULES.demand(aimed, 'goal-or-strategy', 'neither goal nor strategy');
    RULES.within('weight', link.weight, ZERO, MAX_WEIGHT);
    RULES.within('thresholdPct', link.thresholdPct, ZERO);
    RULES.within('displayOrder', link.displayOrder, ZERO);
    RULES.demand(link.displayOrder?.isInteger !== false, 'displayOrder-whole', 'displayOrder is not whole');
    return new KpiLink({
      id: id.text,
      tenantId: link.tenantId.text,
      kpiId: link.kpiId.text,
      personId: link.personId.text,
      goalId: link.goalId?.text,
      strategyId: link.strategyId?.text,
      thresholdPct: link.thresholdPct,
      linkType: link.linkType,
      weight: link.weight,
      displayOrder: link.displayOrder,
      isPrimary: link.isPrimary ?? false,
      createdBy: link.createdBy.text,
      createdAt: now,
    });
  }

  /**
   * History: keeps id and audit fields and applies none of today's rules (K-X12, K-X24). Throws RestoreError for a
   * missing or mistyped field only; a link has a goal or a strategy.
   */
  static restore(state: KpiLinkState): KpiLink {
    checkStructure('KpiLink', KpiLink.fields, state);
    if (state.goalId === undefined && state.strategyId === undefined) {
      throw new RestoreError('KpiLink', 'goalId', 'absent, and so is strategyId');
    }
    return new KpiLink(state);
  }

  get id(): string {
    return this.held.id;
  }

  state(): KpiLinkState {
    return this.held;
  }
}

import type { ExactNumber } from '../values/exact-number.js';
import type { Guid } from '../values/guid.js';
import type { Instant, Moment } from '../values/moment.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';
import { DEFAULT_DATA_SOURCE, MAX_CONFIDENCE, MAX_LABEL_LENGTH, ZERO, isKnownDataSource } from './limits.js';

/**
 * All that a data point is. Categories, subtypes and sources are text, so that values of the application that are
 * younger than this model survive. It has no tenant of its own: that is a fact of storage (K-X30).
 */
export interface KpiDataState {
  readonly id: string;
  readonly kpiLinkId: string;
  /** `Target` or `Actual` */
  readonly dataCategory: string;
  /** `Expected` on migrated targets */
  readonly targetSubtype?: string | undefined;
  /** `Measured` on migrated actuals */
  readonly actualSubtype?: string | undefined;
  readonly postValue: ExactNumber;
  readonly postDate: Moment;
  readonly measuredPeriodStartDate?: Moment | undefined;
  readonly label?: string | undefined;
  /** percent */
  readonly confidenceLevel?: ExactNumber | undefined;
  readonly rationale?: string | undefined;
  readonly originalValue?: ExactNumber | undefined;
  readonly isManualOverride: boolean;
  readonly overrideComment?: string | undefined;
  readonly dataSource: string;
  readonly sourceReferenceId?: string | undefined;
  readonly triggersReplan: boolean;
  readonly replanThresholdExceeded: boolean;
  readonly autoAdjustmentApplied?: boolean | undefined;
  readonly recordedBy: string;
  readonly recordedAt: Moment;
  readonly createdBy: string;
  readonly createdAt: Moment;
  readonly updatedBy?: string | undefined;
  readonly updatedAt?: Moment | undefined;
}

/** What the maker of a new data point decides: a target or an actual, with its subtype. */
export interface NewKpiData {
  readonly kpiLinkId: Guid;
  readonly createdBy: Guid;
  readonly kind:
    | { readonly category: 'Target'; readonly subtype: string }
    | { readonly category: 'Actual'; readonly subtype: string };
  readonly postValue: ExactNumber;
  readonly postDate: Moment;
  readonly measuredPeriodStartDate?: Moment;
  readonly label?: string;
  readonly confidenceLevel?: ExactNumber;
  readonly rationale?: string;
  readonly override?: { readonly originalValue: ExactNumber; readonly comment?: string };
  readonly dataSource?: string;
  readonly sourceReferenceId?: string;
}

const RULES = new Rules('KpiData');

/** A target or an actual of a link: one value on one day. */
export class KpiData {
  static readonly fields = fieldsOf<KpiDataState>({
    id: 'key',
    kpiLinkId: 'key',
    dataCategory: 'key',
    targetSubtype: 'text?',
    actualSubtype: 'text?',
    postValue: 'number',
    postDate: 'moment',
    measuredPeriodStartDate: 'moment?',
    label: 'text?',
    confidenceLevel: 'number?',
    rationale: 'text?',
    originalValue: 'number?',
    isManualOverride: 'flag',
    overrideComment: 'text?',
    dataSource: 'text',
    sourceReferenceId: 'text?',
    triggersReplan: 'flag',
    replanThresholdExceeded: 'flag',
    autoAdjustmentApplied: 'flag?',
    recordedBy: 'text',
    recordedAt: 'moment',
    createdBy: 'text',
    createdAt: 'moment',
    updatedBy: 'text?',
    updatedAt: 'moment?',
  });

  private constructor(private readonly held: KpiDataState) {}

  /**
   * Birth, under today's rules: ids not nil, a subtype, confidence 0 to 100, a label of at most 200 UTF-16 units, a
   * known data source, a period that starts no later than its date. Throws DomainRuleError.
   */
  static create(id: Guid, now: Instant, data: NewKpiData): KpiData {
    checkRules(id, data);
    const { category, subtype } = data.kind;
    return new KpiData({
      id: id.text,
      kpiLinkId: data.kpiLinkId.text,
      dataCategory: category,
      targetSubtype: category === 'Target' ? subtype : undefined,
      actualSubtype: category === 'Actual' ? subtype : undefined,
      postValue: data.postValue,
      postDate: data.postDate,
      measuredPeriodStartDate: data.measuredPeriodStartDate,
      label: data.label,
      confidenceLevel: data.confidenceLevel,
      rationale: data.rationale,
      originalValue: data.override?.originalValue,
      isManualOverride: data.override !== undefined,
      overrideComment: data.override?.comment,
      dataSource: data.dataSource ?? DEFAULT_DATA_SOURCE,
      sourceReferenceId: data.sourceReferenceId,
      triggersReplan: false,
      replanThresholdExceeded: false,
      recordedBy: data.createdBy.text,
      recordedAt: now,
      createdBy: data.createdBy.text,
      createdAt: now,
    });
  }

  /**
   * History: keeps id and audit fields and corrects nothing (K-X12, K-X24). Throws RestoreError for a missing or
   * mistyped field only.
   */
  static restore(state: KpiDataState): KpiData {
    checkStructure('KpiData', KpiData.fields, state);
    return new KpiData(state);
  }

  get id(): string {
    return this.held.id;
  }

  state(): KpiDataState {
    return this.held;
  }
}

function checkRules(id: Guid, data: NewKpiData): void {
  RULES.demand(![id, data.kpiLinkId, data.createdBy].some((one) => one.isNil), 'ids-not-nil', 'an id is nil');
  RULES.notBlank('subtype', data.kind.subtype);
  RULES.within('confidenceLevel', data.confidenceLevel, ZERO, MAX_CONFIDENCE);
  const labelled = (data.label?.length ?? 0) <= MAX_LABEL_LENGTH;
  RULES.demand(labelled, 'label-length', `label is longer than ${MAX_LABEL_LENGTH}`);
  const source = data.dataSource ?? DEFAULT_DATA_SOURCE;
  RULES.demand(isKnownDataSource(source), 'dataSource-known', 'dataSource is unknown');
  RULES.demand(data.postDate.isReadable, 'postDate-readable', 'postDate is no date');
  const start = data.measuredPeriodStartDate;
  const inOrder = start === undefined || (start.isReadable && start.compare(data.postDate) <= 0);
  RULES.demand(inOrder, 'period-order', 'measuredPeriodStartDate is after postDate');
}

import type { ExactNumber } from '../../values/exact-number.js';
import type { Guid } from '../../values/guid.js';
import type { Moment } from '../../values/moment.js';
import { MAX_WEIGHT } from '../limits.js';
import { Attribute } from '../../legacy/attribute.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import type { RecordWarning } from '../../legacy/record-warning.js';
import { kpiWarning } from './warnings.js';

/** A row of `purposepath-goal-kpi-links` (K-01, K-13). */
export class GoalKpiLinkRecord extends LegacyRecord {
  @Attribute('identifier', 'required') readonly id!: Guid;
  @Attribute('identifier', 'required') readonly kpiId!: Guid;
  @Attribute('reference', 'required') readonly tenantId!: string;
  @Attribute('reference', 'required') readonly goalId!: string;
  /** percent */
  @Attribute('number', 'optional') readonly thresholdPct: ExactNumber | undefined;
  @Attribute('text', 'optional') readonly linkType: string | undefined;
  /** percent */
  @Attribute('number', 'optional') readonly weight: ExactNumber | undefined;
  @Attribute('number', 'optional') readonly displayOrder: ExactNumber | undefined;
  @Attribute('flag', 'optional') readonly isPrimary: boolean | undefined;
  @Attribute('user', 'required') readonly createdBy!: string;
  @Attribute('moment', 'required') readonly createdAt!: Moment;
  @Attribute('user', 'optional') readonly updatedBy: string | undefined;
  @Attribute('moment', 'optional') readonly updatedAt: Moment | undefined;

  override inspect(warnings: RecordWarning[]): void {
    if (this.weight !== undefined && this.weight.compare(MAX_WEIGHT) > 0) {
      warnings.push(kpiWarning('WEIGHT_ABOVE_100', 'weight'));
    }
  }
}

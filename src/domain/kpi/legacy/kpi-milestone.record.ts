import type { ExactNumber } from '../../values/exact-number.js';
import type { Guid } from '../../values/guid.js';
import type { Moment } from '../../values/moment.js';
import { MAX_CONFIDENCE, MAX_LABEL_LENGTH, ZERO } from '../limits.js';
import { Attribute } from '../../legacy/attribute.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import type { RecordWarning } from '../../legacy/record-warning.js';
import { kpiWarning } from './warnings.js';

/** A row of `purposepath-kpi-milestones` (K-02, K-17). */
export class KpiMilestoneRecord extends LegacyRecord {
  @Attribute('identifier', 'required') readonly id!: Guid;
  @Attribute('identifier', 'required') readonly kpiId!: Guid;
  @Attribute('reference', 'required') readonly tenantId!: string;
  @Attribute('number', 'required') readonly targetValue!: ExactNumber;
  @Attribute('moment', 'required') readonly milestoneDate!: Moment;
  @Attribute('text', 'optional') readonly label: string | undefined;
  /** percent */
  @Attribute('number', 'optional') readonly confidenceLevel: ExactNumber | undefined;
  @Attribute('text', 'optional') readonly rationale: string | undefined;
  @Attribute('user', 'required') readonly createdBy!: string;
  @Attribute('moment', 'required') readonly createdAt!: Moment;
  @Attribute('user', 'optional') readonly updatedBy: string | undefined;
  @Attribute('moment', 'optional') readonly updatedAt: Moment | undefined;

  override inspect(warnings: RecordWarning[]): void {
    const confidence = this.confidenceLevel;
    if (
      confidence !== undefined &&
      (confidence.compare(ZERO) < 0 || confidence.compare(MAX_CONFIDENCE) > 0)
    ) {
      warnings.push(kpiWarning('CONFIDENCE_OUT_OF_RANGE', 'confidenceLevel'));
    }
    if (this.label !== undefined && this.label.length > MAX_LABEL_LENGTH) {
      warnings.push(kpiWarning('LABEL_TOO_LONG', 'label', `${this.label.length} characters`));
    }
  }
}

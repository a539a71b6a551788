import type { ExactNumber } from '../../values/exact-number.js';
import { Guid } from '../../values/guid.js';
import type { Moment } from '../../values/moment.js';
import { isBlank } from '../../values/white-space.js';
import { Attribute } from '../../legacy/attribute.js';
import { inspectDataSource } from './data-source.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import type { RecordWarning } from '../../legacy/record-warning.js';
import { kpiWarning } from './warnings.js';

/** A row of `purposepath-kpi-actuals` (K-03, K-21). */
export class KpiActualRecord extends LegacyRecord {
  @Attribute('identifier', 'required') readonly id!: Guid;
  @Attribute('identifier', 'required') readonly kpiId!: Guid;
  @Attribute('reference', 'required') readonly tenantId!: string;
  @Attribute('number', 'required') readonly actualValue!: ExactNumber;
  @Attribute('moment', 'required') readonly measurementDate!: Moment;
  @Attribute('number', 'optional') readonly originalValue: ExactNumber | undefined;
  @Attribute('flag', 'optional') readonly isManualOverride: boolean | undefined;
  @Attribute('text', 'optional') readonly overrideComment: string | undefined;
  @Attribute('text', 'optional') readonly dataSource: string | undefined;
  @Attribute('text', 'optional') readonly sourceReferenceId: string | undefined;
  @Attribute('flag', 'optional') readonly triggersReplan: boolean | undefined;
  @Attribute('flag', 'optional') readonly replanThresholdExceeded: boolean | undefined;
  @Attribute('flag', 'optional') readonly autoAdjustmentApplied: boolean | undefined;
  /** as stored, whatever it is (K-X11) */
  @Attribute('recorder', 'required') readonly recordedBy!: string;
  @Attribute('moment', 'required') readonly recordedAt!: Moment;
  @Attribute('user', 'optional') readonly updatedBy: string | undefined;
  @Attribute('moment', 'optional') readonly updatedAt: Moment | undefined;

  override inspect(warnings: RecordWarning[]): void {
    inspectDataSource('dataSource', this.dataSource, warnings);
    if (this.isManualOverride !== true) this.inspectOverride(warnings);
    if (Guid.canonical(this.recordedBy) === undefined)
      warnings.push(kpiWarning('RECORDER_NOT_GUID', 'recordedBy'));
  }

  private inspectOverride(warnings: RecordWarning[]): void {
    if (this.overrideComment !== undefined && !isBlank(this.overrideComment)) {
      warnings.push(kpiWarning('OVERRIDE_COMMENT_WITHOUT_OVERRIDE', 'overrideComment'));
    }
    if (this.originalValue !== undefined) {
      warnings.push(kpiWarning('ORIGINAL_VALUE_WITHOUT_OVERRIDE', 'originalValue'));
    }
  }
}

import type { StoredItem } from '../../storage/stored-value.js';
import { textOf } from '../../storage/stored-value.js';
import type { ExactNumber } from '../../values/exact-number.js';
import { Guid } from '../../values/guid.js';
import type { Moment } from '../../values/moment.js';
import { Attribute } from '../../legacy/attribute.js';
import { missing } from '../../legacy/conversion.js';
import { inspectDataSource } from './data-source.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import { AttributeProblem } from '../../legacy/record-problem.js';
import type { RecordWarning } from '../../legacy/record-warning.js';
import { kpiWarning } from './warnings.js';

/** A row of `purposepath-kpi-readings` (K-04): an actual under other names (K-X27). */
export class KpiReadingRecord extends LegacyRecord {
  @Attribute('identifier', 'required') readonly id!: Guid;
  @Attribute('identifier', 'required') readonly kpiId!: Guid;
  @Attribute('reference', 'required') readonly tenantId!: string;
  @Attribute('number', 'required') readonly value!: ExactNumber;
  @Attribute('moment', 'required') readonly readingDate!: Moment;
  @Attribute('moment', 'optional') readonly periodStart: Moment | undefined;
  @Attribute('text', 'optional') readonly notes: string | undefined;
  @Attribute('text', 'optional') readonly source: string | undefined;
  @Attribute('text', 'optional') readonly externalId: string | undefined;
  /** as stored; where the row has none, its creator as stored */
  @Attribute('recorder', 'optional') readonly recordedBy!: string;
  /** where the row has none, its creation time */
  @Attribute('moment', 'optional') readonly recordedAt!: Moment;
  @Attribute('user', 'optional') readonly createdBy: string | undefined;
  @Attribute('moment', 'optional') readonly createdAt: Moment | undefined;
  @Attribute('user', 'optional') readonly updatedBy: string | undefined;
  @Attribute('moment', 'optional') readonly updatedAt: Moment | undefined;

  /** A creator or creation time that can't be read is a problem of its own, and not a missing recorder. */
  override settle(converted: Record<string, unknown>, item: StoredItem): void {
    const { createdBy, createdAt } = converted;
    if (converted['recordedBy'] === undefined) {
      converted['recordedBy'] = createdBy === undefined ? missing('recordedBy') : textOf(item['createdBy']);
    }
    if (converted['recordedAt'] === undefined && !(createdAt instanceof AttributeProblem)) {
      converted['recordedAt'] = createdAt ?? missing('recordedAt');
    }
  }

  override inspect(warnings: RecordWarning[]): void {
    inspectDataSource('source', this.source, warnings);
    if (this.createdBy === undefined && Guid.canonical(this.recordedBy) === undefined) {
      warnings.push(kpiWarning('RECORDER_NOT_GUID', 'recordedBy'));
    }
  }
}

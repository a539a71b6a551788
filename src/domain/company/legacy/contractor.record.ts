import { Attribute } from '../../legacy/attribute.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import type { RecordWarning } from '../../legacy/record-warning.js';
import { inspectTimes } from './times.js';

/** A row of `construction-expenses-multi-table-contractors`. All that is not named here is carried as it is (E-X04). */
export class ContractorRecord extends LegacyRecord {
  /** whose it is; absent where blank: then nobody can say to which company it goes (E-X08) */
  @Attribute('recorder', 'optional') readonly userId: string | undefined;
  @Attribute('recorder', 'required') readonly contractorId!: string;
  /** as stored, readable or not */
  @Attribute('recorder', 'optional') readonly createdAt: string | undefined;
  @Attribute('recorder', 'optional') readonly updatedAt: string | undefined;

  override inspect(warnings: RecordWarning[]): void {
    inspectTimes(this, warnings);
  }
}

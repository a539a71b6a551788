import { Attribute, LegacyRecord, type ExactNumber, type Guid, type Moment } from 'waybill/plan';

/** A row of `parcel-slips`. */
export class SlipRecord extends LegacyRecord {
  @Attribute('identifier', 'required') readonly id!: Guid;
  @Attribute('reference', 'required') readonly customerId!: string;
  @Attribute('reference', 'required') readonly depot!: string;
  @Attribute('number', 'optional') readonly weight: ExactNumber | undefined;
  @Attribute('moment', 'required') readonly handedIn!: Moment;
  @Attribute('flag', 'optional') readonly cancelled: boolean | undefined;
}

import { Attribute } from '../../legacy/attribute.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import { requirePlain } from './plain-identifier.js';

/** A row of `UserMembershipTable`, as it becomes a membership. All that is not named here is carried as it is. */
export class MembershipRecord extends LegacyRecord {
  @Attribute('recorder', 'required') readonly userId!: string;
  @Attribute('recorder', 'required') readonly serverId!: string;
  @Attribute('recorder', 'required') readonly role!: string;

  override settle(converted: Record<string, unknown>): void {
    requirePlain(converted, 'userId', 'user');
    requirePlain(converted, 'serverId', 'server');
  }
}

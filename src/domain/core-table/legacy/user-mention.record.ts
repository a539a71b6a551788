import { Attribute } from '../../legacy/attribute.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import { requirePlain } from './plain-identifier.js';

/** A row of `UserMembershipTable`, as far as it says something of its user: one without a role mentions it as well. */
export class UserMentionRecord extends LegacyRecord {
  @Attribute('recorder', 'required') readonly userId!: string;
  @Attribute('recorder', 'required') readonly serverId!: string;

  override settle(converted: Record<string, unknown>): void {
    requirePlain(converted, 'userId', 'user');
    requirePlain(converted, 'serverId', 'server');
  }
}

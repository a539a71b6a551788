import { Attribute } from '../../legacy/attribute.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import { requirePlain } from './plain-identifier.js';

/** A row of `ServersTable`. Everything but its id is carried as it is: `legacyAttributes`. */
export class ServerRecord extends LegacyRecord {
  @Attribute('recorder', 'required') readonly id!: string;

  override settle(converted: Record<string, unknown>): void {
    requirePlain(converted, 'id', 'server');
  }
}

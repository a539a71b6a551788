import { Person } from '../../../domain/person/person.js';
import type { Stored } from '../../../domain/storage/stored.js';
import type { Moment } from '../../../domain/values/moment.js';
import { SYSTEM_USER } from './sentinel.js';

interface Placeholder {
  /** the user's GUID, or `placeholderId` where that one is taken by another tenant */
  readonly id: string;
  /** canonical */
  readonly userId: string;
  readonly tenantId: string;
  /** when the link was created for which the placeholder is made */
  readonly createdAt: Moment;
}

/** The person that stands in for a user who has none in this tenant (K-12, K-X08). */
export function placeholderPerson({ id, userId, tenantId, createdAt }: Placeholder): Stored<Person> {
  const aggregate = Person.restore({
    id,
    tenantId,
    linkedUserId: userId,
    displayName: `Placeholder for ${userId}`,
    isPlaceholder: true,
    createdBy: SYSTEM_USER,
    createdAt,
  });
  return { aggregate, envelope: {} };
}

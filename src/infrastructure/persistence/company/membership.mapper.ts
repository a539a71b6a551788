import { Membership, type MembershipState } from '../../../domain/company/membership.js';
import { StructuredMapper } from '../mapping/structured.mapper.js';

/** Rows of `construction-expenses-company-users`. */
export class MembershipMapper extends StructuredMapper<MembershipState, Membership> {
  constructor() {
    super('construction-expenses-company-users', 'Membership', Membership);
  }
}

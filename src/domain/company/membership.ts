import { checkStructure, fieldsOf } from '../values/structure.js';

export interface MembershipState {
  readonly companyId: string;
  readonly userId: string;
  readonly role?: string | undefined;
}

/** What a user may do in one company. Without one they see nothing of it (E-X07). */
export class Membership {
  static readonly fields = fieldsOf<MembershipState>({ companyId: 'key', userId: 'key', role: 'text?' });

  private constructor(private readonly held: MembershipState) {}

  /** Of somebody whose company was made for them. */
  static asAdministrator(companyId: string, userId: string): Membership {
    return Membership.restore({ companyId, userId, role: 'admin' });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: MembershipState): Membership {
    checkStructure('Membership', Membership.fields, state);
    return new Membership(state);
  }

  state(): MembershipState {
    return this.held;
  }
}

/** Injection tokens of the plan (src/runner/composition binds them). */
export const SERVER_MAPPER = Symbol.for('waybill.core-table.ServerMapper');
export const MEMBERSHIP_MAPPER = Symbol.for('waybill.core-table.MembershipMapper');
export const USER_MAPPER = Symbol.for('waybill.core-table.UserMapper');
/** a `RolePolicy` */
export const ROLE_POLICY = Symbol.for('waybill.core-table.RolePolicy');
/** a `UserDirectory`; not bound: there is none */
export const USER_DIRECTORY = Symbol.for('waybill.core-table.UserDirectory');
/** a `Cohort`; not bound: everybody takes part */
export const COHORT = Symbol.for('waybill.core-table.Cohort');
/** a `CoreTableOn`; not bound: the workflows are not tried */
export const CORE_TABLE_ON = Symbol.for('waybill.core-table.CoreTableOn');

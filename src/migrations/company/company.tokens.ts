/** Injection tokens of the plan (src/runner/composition binds them). */
export const COMPANY_MAPPER = Symbol.for('waybill.company.CompanyMapper');
export const MEMBERSHIP_MAPPER = Symbol.for('waybill.company.MembershipMapper');
/** `Overrides` (resolution/overrides.ts): what the operator decided on users */
export const OVERRIDES = Symbol.for('waybill.company.Overrides');

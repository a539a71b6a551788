/** Injection tokens of the plan (src/runner/composition binds them). */
export const COMPANY_MAPPER = Symbol.for('waybill.company.CompanyMapper');
export const MEMBERSHIP_MAPPER = Symbol.for('waybill.company.MembershipMapper');
export const PROJECT_MAPPER = Symbol.for('waybill.company.ProjectMapper');
export const CONTRACTOR_MAPPER = Symbol.for('waybill.company.ContractorMapper');
export const WORK_MAPPER = Symbol.for('waybill.company.WorkMapper');
export const EXPENSE_MAPPER = Symbol.for('waybill.company.ExpenseMapper');
/** `Overrides` (resolution/overrides.ts): what the operator decided on users */
export const OVERRIDES = Symbol.for('waybill.company.Overrides');
// There is no RUN_CLOCK any more: the engine gives `StepContext.startedAt`, the same in every process of a run (absent
// where nobody runs; see NOBODY_RUNS in mapping.planner.ts and in the planner of plan personnel).

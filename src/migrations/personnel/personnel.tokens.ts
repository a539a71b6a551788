/** Injection tokens of the plan (src/runner/composition binds them). */
export const EMPLOYEE_MAPPER = Symbol.for('waybill.personnel.EmployeeMapper');
/** `() => string`: the time now, ISO 8601 in UTC; asked once for each planner */
export const RUN_CLOCK = Symbol.for('waybill.personnel.RunClock');

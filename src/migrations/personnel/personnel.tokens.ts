/** Injection tokens of the plan (src/runner/composition binds them). */
export const EMPLOYEE_MAPPER = Symbol.for('waybill.personnel.EmployeeMapper');
/** `PersonnelOptions`; not bound: none are set */
export const PERSONNEL_SETTINGS = Symbol.for('waybill.personnel.PersonnelOptions');

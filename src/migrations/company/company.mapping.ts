import type { AttributeRule, PlanMapping, RowMapping } from '../contract/mapping-document.js';
import { TABLES } from './company.tables.js';

const KEPT = 'as it is';

/** What all records of users have in common. */
function owned(id: string): readonly AttributeRule[] {
  return [
    { target: 'companyId', from: 'userId', rule: 'the company of the user, see below' },
    {
      target: id,
      from: id,
      rule: 'as it is; where another record of the company has it and says something else, a UUIDv5 of user and id (A-11)',
    },
    { target: 'createdBy', from: 'userId', rule: KEPT },
    { target: 'legacyCreatedBy', from: 'createdBy', rule: 'only where it is somebody else (E-X35)' },
    {
      target: 'updatedAt',
      from: 'updatedAt',
      rule: KEPT,
      byDefault: 'createdAt',
    },
    { target: 'createdAtDerived', rule: 'true where createdAt is not of the record; else absent (E-19)' },
    {
      target: 'legacyAttributes',
      rule: 'the ledger: what the way back needs and the row does not say (E-41)',
    },
  ];
}

function reference(target: string): AttributeRule {
  return {
    target,
    from: target,
    rule: 'where it leads somewhere in the same company; else left out and reported',
  };
}

const CREATED: AttributeRule = {
  target: 'createdAt',
  from: 'createdAt',
  rule: KEPT,
  byDefault: 'when the first run began that wrote the row',
};
const OTHERS = 'carried as they are, and told once each (E-X04)';

function rows(step: string, source: string, target: string, rules: readonly AttributeRule[]): RowMapping {
  return { step, source, target, rules, others: OTHERS };
}

/** Plan `company` in words: user→company rules, schema rules, defaults (E-12). docs/plans/company.md says it at length. */
export const COMPANY_MAPPING: PlanMapping = {
  decisions: [
    {
      title: 'Which company a user’s records go to',
      rules: [
        'What the file of overrides says of the user comes before everything (A-12). A company that does not exist sets the user aside: OVERRIDE_INVALID.',
        'Next the company that the migration has made for the user, where it or its membership is there.',
        'Next the one company that the user is a member of. Of several nobody chooses: COMPANY_AMBIGUOUS (E-X05).',
        'Next the one company that the user owns. Of several nobody chooses: COMPANY_AMBIGUOUS.',
        'A user without any gets a company and a membership as its administrator. The id follows from that of the user, so that it is the same one whoever makes it (E-X07).',
        'A blank user has no company: USER_MISSING (E-X08).',
        'A record whose row stands in another company than that of its user gets no second one: COMPANY_CHANGED (E-08).',
      ],
    },
    {
      title: 'What is never touched',
      rules: [
        'Rows that the migration did not write: it inserts where a key is free, and changes only what it wrote itself (E-02, E-X03).',
        'Tables that are none of the plan’s: its clients refuse them (E-03).',
      ],
    },
  ],
  rows: [
    {
      step: 'mapping',
      source: TABLES.legacyUsers,
      target: TABLES.companies,
      rules: [
        { target: 'companyId', from: 'userId', rule: 'UUIDv5 of user:<userId>' },
        { target: 'name', from: 'userId', rule: 'Migrated company for <userId>' },
        { target: 'ownerId', from: 'userId', rule: KEPT },
        { target: 'createdAt', rule: 'when the run began that made it' },
        { target: 'createdByMigration', rule: 'true' },
        { target: 'settings', rule: 'an empty map' },
      ],
      others: 'stay where they are: of the table of users nothing is migrated, it is archived (A-45)',
    },
    {
      step: 'mapping',
      source: TABLES.legacyUsers,
      target: TABLES.companyUsers,
      rules: [
        { target: 'companyId', from: 'userId', rule: 'that of the company made for the user' },
        { target: 'userId', from: 'userId', rule: KEPT },
        { target: 'role', rule: 'admin' },
      ],
      others: 'none',
    },
    rows('projects', TABLES.legacyProjects, TABLES.projects, [...owned('projectId'), CREATED]),
    rows('contractors', TABLES.legacyContractors, TABLES.contractors, [...owned('contractorId'), CREATED]),
    rows('works', TABLES.legacyWorks, TABLES.works, [
      ...owned('workId'),
      CREATED,
      ...['projectId', 'contractorId', 'expenseId'].map(reference),
    ]),
    rows('expenses', TABLES.legacyExpenses, TABLES.expenses, [
      ...owned('expenseId'),
      {
        ...CREATED,
        byDefault: 'midnight UTC of date; else when the first run began that wrote the row (A-15)',
      },
      {
        target: 'amount',
        from: 'amount',
        rule: 'exact; a text that is a number becomes one, and is reported',
      },
      { target: 'date', from: 'date', rule: 'the text, never read as a point in time (E-X32)' },
      { target: 'invoiceNum', from: 'invoiceNum', rule: 'as it is; left out where it is blank (E-X33)' },
      ...['projectId', 'contractorId', 'workId'].map(reference),
    ]),
  ],
};

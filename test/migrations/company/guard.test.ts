import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import {
  assertPermitted,
  guardedTables,
  rollbackPermission,
} from '../../../src/infrastructure/dynamodb/write-guard.js';
import { COMPANY_OUTLINE } from '../../../src/migrations/company/company.outline.js';
import { WriteForbiddenError } from '../../../src/runner/ports/errors.js';

const MAPPING = new TableMapping({ suffix: '-dev', tables: {}, attributes: {} });
/** What a run, a rollback and table administration may do. */
const POLICIES = [
  { tables: guardedTables(COMPANY_OUTLINE.tables, MAPPING), readOnly: false, tableAdmin: false },
  {
    tables: guardedTables(COMPANY_OUTLINE.tables, MAPPING, rollbackPermission),
    readOnly: false,
    tableAdmin: false,
  },
  { tables: guardedTables(COMPANY_OUTLINE.tables, MAPPING), readOnly: false, tableAdmin: true },
];

/** The five tables that the plan's document wants left alone, and the one that is only archived. */
const BESIDE = [
  'construction-expenses-invitations',
  'construction-expenses-paddle-customers',
  'construction-expenses-paddle-payments',
  'construction-expenses-paddle-subscriptions',
  'construction-expenses-paddle-webhooks',
  'construction-expenses-production-table',
];

const KEY = { companyId: { S: 'c1' }, expenseId: { S: 'e1' } };

describe('E-03, E-04: no client of the plan touches a table beside the plan’s', () => {
  it('names exactly these tables', () => {
    expect([...COMPANY_OUTLINE.untouched, ...COMPANY_OUTLINE.archived]).toEqual(BESIDE);
  });

  it.each(BESIDE)('%s', (name) => {
    const table = `${name}-dev`;
    const requests: [string, object][] = [
      ['ScanCommand', { TableName: table }],
      ['GetItemCommand', { TableName: table, Key: KEY }],
      [
        'PutItemCommand',
        { TableName: table, Item: KEY, ConditionExpression: 'attribute_not_exists(companyId)' },
      ],
      ['DeleteItemCommand', { TableName: table, Key: KEY }],
      ['BatchGetItemCommand', { RequestItems: { [table]: { Keys: [KEY] } } }],
      ['BatchWriteItemCommand', { RequestItems: { [table]: [{ PutRequest: { Item: KEY } }] } }],
      ['DeleteTableCommand', { TableName: table }],
      ['DescribeTableCommand', { TableName: table }],
    ];
    for (const policy of POLICIES)
      for (const [command, input] of requests)
        expect(() => {
          assertPermitted(command, input, policy);
        }).toThrow(WriteForbiddenError);
  });
});

describe('E-02: tables that the application works on', () => {
  const insert = (table: string): [string, object] => [
    'PutItemCommand',
    {
      ...{ TableName: `${table}-dev`, Item: KEY, ConditionExpression: 'attribute_not_exists(#k)' },
      ExpressionAttributeNames: { '#k': 'companyId' },
    },
  ];
  const [run] = POLICIES;

  it.each(['construction-expenses-companies', 'construction-expenses-company-users'])(
    '%s takes new rows and no change',
    (table) => {
      const [command, input] = insert(table);
      const change = {
        ...input,
        ConditionExpression: '#d = :d',
        ExpressionAttributeNames: { '#d': 'digest' },
      };
      if (run === undefined) throw new TypeError('no policy');
      expect(() => {
        assertPermitted(command, input, run);
      }).not.toThrow();
      expect(() => {
        assertPermitted(command, change, run);
      }).toThrow(WriteForbiddenError);
    },
  );

  it.each(COMPANY_OUTLINE.tables.filter(({ role }) => role === 'source').map(({ name }) => name))(
    '%s takes nothing',
    (table) => {
      const [command, input] = insert(table);
      if (run === undefined) throw new TypeError('no policy');
      expect(() => {
        assertPermitted(command, input, run);
      }).toThrow(WriteForbiddenError);
    },
  );
});

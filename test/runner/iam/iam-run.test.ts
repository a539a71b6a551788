import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { KpiDemoData } from '../../../src/migrations/kpi/demo/kpi-demo-data.js';
import { KPI_TABLES } from '../../../src/migrations/kpi/kpi.tables.js';
import type { IamResult } from '../../../src/runner/application.js';
import { iamPolicies } from '../../../src/runner/iam/iam-policies.js';
import { startServer, type TestServer } from '../../support/dynamodb/server.js';
import { DynamoTrial } from '../../support/e2e/dynamo-trial.js';
import { FaultPlan } from '../../support/e2e/faults.js';
import { freshFolder } from '../../support/e2e/stage.js';
import { TABLE, tablesWith, type Tables } from '../../support/kpi/tables.js';
import { isAllowed, needsOf, type Need } from './iam-evaluator.js';
import { recordingProxy, type RecordingProxy } from './recording-proxy.js';

const NO_FAULTS = new FaultPlan(1, Number.MAX_SAFE_INTEGER);
const NOTHING_SPECIAL = { plan: 'kpi', dryRun: false, confirmProduction: false } as const;

function demo(): Tables {
  const rows = [...new KpiDemoData().rows({ defects: true, scale: 40 })];
  const named = Object.values(TABLE).map((name) => [
    name,
    rows.filter(({ table }) => table === name).map(({ item }) => item),
  ]);
  return tablesWith(Object.fromEntries(named) as Partial<Tables>);
}

/** What a run, a validation, a retry and a rollback really ask of a server, held against the policies. */
describe('the policies and the requests of a real run', () => {
  let server: TestServer;
  let proxy: RecordingProxy;
  let trial: DynamoTrial;
  let suffix: string;
  const folder = freshFolder();

  beforeAll(async () => {
    server = await startServer();
    proxy = await recordingProxy(server.endpoint);
    trial = await new DynamoTrial(proxy.endpoint, folder.path, NO_FAULTS, 2).open(demo());
    const journal = proxy.sent
      .map(({ body }) => String(body['TableName']))
      .find((name) => name.startsWith('waybill-journal'));
    suffix = (journal ?? '').replace('waybill-journal', '');
  });
  afterAll(async () => {
    await trial.close();
    await proxy.close();
    await server.stop();
    folder.remove();
  });

  function policies(...attach: readonly string[]): IamResult['policies'] {
    const all = iamPolicies(
      { name: 'kpi', tables: KPI_TABLES },
      { name: 'dev', region: 'eu-central-1' },
      'waybill-journal',
      (table) => table + suffix,
    );
    return all.filter((policy) => attach.includes(policy.attach));
  }

  /** Somebody changes a source record, so that the next run has a row to replace. */
  async function changeSource(): Promise<void> {
    const client = createDynamoClient({ endpoint: server.endpoint, maxSockets: 2, requestTimeout: 5_000 });
    const TableName = TABLE.actuals + suffix;
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    for (const item of Items) {
      await client.send(new PutItemCommand({ TableName, Item: { ...item, actualValue: { N: '4711' } } }));
    }
    client.destroy();
  }

  /** The rights that the work needs, each once. */
  async function needs(work: () => Promise<unknown>): Promise<Need[]> {
    proxy.sent.length = 0;
    await work();
    const all = proxy.sent.flatMap(({ operation, body }) => needsOf(operation, body));
    return [...new Map(all.map((one) => [`${one.action} ${one.table}`, one])).values()];
  }

  function denied(of: readonly Need[], granted: IamResult['policies']): string[] {
    const arn = (table: string): string => `arn:aws:dynamodb:eu-central-1:123456789012:table/${table}`;
    return of
      .filter(({ action, table }) => !isAllowed(granted, action, arn(table)))
      .map(({ action, table }) => `${action} ${table.replace(suffix, '')}`)
      .sort();
  }

  const actions = (of: readonly Need[]): string[] => [...new Set(of.map(({ action }) => action))].sort();

  it('least privilege: runs, validations, retries and decisions need the policy for runs and nothing else', async () => {
    const asked = await needs(async () => {
      await trial.application.preflight({ plan: 'kpi' });
      await trial.run();
      await changeSource();
      await trial.run();
      await trial.application.validate({ plan: 'kpi' });
      await trial.application.retry({ ...NOTHING_SPECIAL, accept: [] });
      await trial.application.accept({ plan: 'kpi', reason: 'CONFLICT', by: 'ann', revoke: false });
      await trial.application.status({});
      await trial.application.stop({ plan: 'kpi' });
      await trial.entries('quarantine');
    });
    expect(denied(asked, policies('always'))).toEqual([]);
    expect(actions(asked)).toEqual(
      expect.arrayContaining([
        'dynamodb:BatchGetItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DescribeTable',
        'dynamodb:GetItem',
        'dynamodb:PartiQLInsert',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:UpdateItem',
      ]),
    );
  });

  it('a rollback needs the policy for rollbacks besides', async () => {
    const asked = await needs(() => trial.application.rollback(NOTHING_SPECIAL));
    expect(denied(asked, policies('always', 'rollback'))).toEqual([]);
    expect(denied(asked, policies('always'))).toEqual(
      [TABLE.kpiData, TABLE.kpiLinks, TABLE.people].map((table) => `dynamodb:DeleteItem ${table}`),
    );
  });

  it('creating tables needs the policy for tables besides', async () => {
    const asked = await needs(() => trial.application.createTables({ plan: 'kpi' }));
    expect(denied(asked, policies('always', 'tables'))).toEqual([]);
    expect(denied(asked, policies('always'))).toEqual(
      [TABLE.kpiData, TABLE.kpiLinks, 'waybill-journal'].map((table) => `dynamodb:CreateTable ${table}`),
    );
  });
});

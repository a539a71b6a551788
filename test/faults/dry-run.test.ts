import { companies, rawTables } from '../support/faults/company-data.js';
import { FaultProxy } from '../support/faults/fault-proxy.js';
import { RUN } from '../support/faults/process-scenario.js';
import { ProcessStage } from '../support/faults/process-stage.js';
import { documentOf, outcomeOf } from '../support/faults/runner-process.js';
import type { RunDocument } from '../support/e2e/documents.js';

describe('invariant 3: a server that denies every write', () => {
  let stage: ProcessStage;
  let proxy: FaultProxy;

  beforeAll(async () => {
    stage = await ProcessStage.open(rawTables(companies(40, false)));
    proxy = await FaultProxy.start(stage.endpoint);
    proxy.denyWrites = true;
  });
  afterAll(async () => {
    await proxy.close();
    await stage.close();
  });

  it('lets a dry run of the whole plan end with exit 0, for it asks for none', async () => {
    const before = await stage.tables();
    const ending = await stage.start(`${RUN} --dry-run`, proxy.endpoint).ended;
    const { steps, dryRun } = documentOf(ending) as RunDocument;
    expect([ending.exit, dryRun, proxy.denials]).toEqual([0, true, 0]);
    expect(proxy.requests.filter(({ writes }) => writes)).toEqual([]);
    expect(steps.map(({ created, read }) => created === read && read > 0)).toEqual([true, true, true, true]);
    expect(await stage.tables()).toEqual(before);
  });

  it('refuses a run, exit 3, with the permission that is missing', async () => {
    const { exit, code, next } = outcomeOf(await stage.start(RUN, proxy.endpoint).ended);
    expect([exit, code]).toEqual([3, 'STORE_DENIED']);
    expect(next).toContain('dynamodb:');
    expect(proxy.denials).toBeGreaterThan(0);
  });
});

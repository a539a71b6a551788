import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { startServer, type TestServer } from '../support/dynamodb/server.js';
import type { QuarantineDocument, RunDocument } from '../support/e2e/documents.js';
import { RawServer, type RawItem } from '../support/e2e/raw-server.js';
import { Runner, type Ended } from '../support/e2e/runner.js';
import { freshFolder } from '../support/e2e/stage.js';
import { TABLE } from '../support/kpi/tables.js';
import { codeBlocks, documentText, section } from './markdown.js';

/** The README's section about real tables, typed line by line, with a user's hands between the lines. */

const README = section(documentText('README.md'), '## On real tables');
const [TO_STAGING = [], TO_PRODUCTION = [], BACK = []] = codeBlocks(README).map(({ code }) =>
  code
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, '').replace(/^node runner /, ''))
    .filter((line) => line !== ''),
);

const SOURCES = [TABLE.links, TABLE.milestones, TABLE.actuals, TABLE.readings, TABLE.kpis];
const TARGETS = [TABLE.kpiLinks, TABLE.kpiData];

const TENANT = '7e000000-0000-4000-8000-0000000000aa';
const UNLINKED_KPI = '5e000000-0000-4000-8000-0000000000aa';
const UNLINKED = 'd1000000-0000-4000-8000-0000000000aa';
const BAD_NUMBER = 'd1000000-0000-4000-8000-0000000000bb';

const PATIENCE_MS = 120_000;

function without(item: RawItem, attribute: string): RawItem {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== attribute));
}

describe('a real migration as the README tells it: staging, production, and back', () => {
  const folder = freshFolder();
  const suffix = randomUUID().slice(0, 8);
  const suffixOf = (env: string): string => `-${env}-${suffix}`;
  const environments = join(folder.path, 'environments');
  let server: TestServer;
  let runner: Runner;
  let seeded: readonly RawItem[][];

  const tablesOf = (env: string): RawServer =>
    new RawServer(server.endpoint, (table) => `${table}${suffixOf(env)}`);
  const dump = async (env: string, tables: readonly string[]): Promise<RawItem[][]> =>
    Promise.all(tables.map((table) => tablesOf(env).scan(table)));
  /** Types lines one after the other; gives back each with its exit code. */
  const typed = async (
    lines: readonly string[],
  ): Promise<(readonly [line: string, exit: number | null])[]> => {
    const endings: Ended[] = [];
    for (const line of lines) endings.push(await runner.run(line));
    return endings.map(({ words, exit }) => [words, exit]);
  };
  const refusal = async (line: string): Promise<readonly [exit: number | null, code: string | undefined]> => {
    const { exit, document } = await runner.json<RunDocument>(line);
    return [exit, document.error?.code];
  };

  beforeAll(async () => {
    server = await startServer();
    mkdirSync(environments);
    // the files of the repository; only the tables have other names, because a server may be shared
    for (const env of ['staging', 'production']) {
      const file = JSON.parse(readFileSync(`environments/${env}.json`, 'utf8')) as object;
      writeFileSync(
        join(environments, `${env}.json`),
        JSON.stringify({ ...file, suffix: suffixOf(env), region: 'eu-central-1' }),
      );
    }
    runner = new Runner(folder.path, {
      WAYBILL_ENVIRONMENTS: environments,
      AWS_ENDPOINT_URL_DYNAMODB: server.endpoint,
    });
    // demo data never goes to such environments, so tables of theirs are filled under the name of another one
    for (const env of ['staging', 'production']) {
      const other = join(folder.path, `seed-${env}`);
      mkdirSync(other);
      const dev = { suffix: suffixOf(env), region: 'eu-central-1', seedable: true };
      writeFileSync(join(other, 'dev.json'), JSON.stringify(dev));
      expect((await runner.run('seed --env dev', { WAYBILL_ENVIRONMENTS: other })).exit).toBe(0);
    }
    seeded = await dump('production', SOURCES);
  }, PATIENCE_MS);

  afterAll(async () => {
    const raw = tablesOf('staging');
    for (const name of await raw.tableNames()) {
      if (!name.endsWith(suffix)) continue;
      await raw
        .call('UpdateTable', { TableName: name, DeletionProtectionEnabled: false })
        .catch(() => undefined);
      await raw.call('DeleteTable', { TableName: name });
    }
    await server.stop();
    folder.remove();
  });

  it('K-05, K-06, K-35, K-X19: staging passes, with a record that is mended and one that is left behind', async () => {
    const staging = tablesOf('staging');
    const [sample] = await staging.scan(TABLE.milestones);
    const milestone = { ...sample, id: { S: BAD_NUMBER }, targetValue: { S: 'soon' } };
    await staging.put(TABLE.kpis, { id: { S: UNLINKED_KPI }, tenantId: { S: TENANT } });
    const unlinked = { id: { S: UNLINKED }, kpiId: { S: UNLINKED_KPI }, tenantId: { S: TENANT } };
    await staging.put(TABLE.milestones, milestone, { ...sample, ...unlinked });

    const mend = TO_STAGING.findIndex((line) => line.startsWith('quarantine retry'));
    expect(await typed(TO_STAGING.slice(0, 3))).toEqual([
      ['tables create --env staging', 0],
      ['preflight --env staging', 0],
      ['--env staging --dry-run', 1],
    ]);
    expect(await refusal('run --env staging')).toEqual([3, 'BACKUP_REQUIRED']);
    expect(await typed(TO_STAGING.slice(3, mend))).toEqual([
      ['backup create --env staging', 0],
      ['backup drill --env staging', 0],
      ['--env staging', 1],
      ['quarantine list --env staging', 0],
    ]);
    const { document } = await runner.json<QuarantineDocument[]>(TO_STAGING[mend - 1]!);
    expect(document.map(({ source, reason }) => [source, reason]).sort()).toEqual([
      [`${TABLE.milestones}#${UNLINKED}`, 'KPI_UNLINKED'],
      [`${TABLE.milestones}#${BAD_NUMBER}`, 'NUMBER_INVALID'],
    ]);

    await staging.put(TABLE.milestones, { ...milestone, targetValue: { N: '7' } });
    expect(await typed(TO_STAGING.slice(mend))).toEqual([
      // the other record is still open
      ['quarantine retry --env staging', 1],
      ['quarantine accept --env staging --reason KPI_UNLINKED --by ann --why agreed', 0],
      ['--env staging', 0],
      ['evidence export --env staging --by ann --out staging.json', 0],
    ]);
  }, 180_000);

  it('K-06: production takes the version that has passed, and no other', async () => {
    expect(await typed(TO_PRODUCTION.slice(0, 1))).toEqual([['tables create --env production', 0]]);
    expect(await refusal('run --env production')).toEqual([3, 'PRODUCTION_UNCONFIRMED']);
    // another mapping is another plan version
    const file = readFileSync(join(environments, 'production.json'), 'utf8');
    const attributes = { [TABLE.readings]: { notes: 'remarks' } };
    writeFileSync(join(environments, 'production.json'), JSON.stringify({ ...JSON.parse(file), attributes }));
    expect(await refusal('run --env production --confirm-production')).toEqual([3, 'STAGING_REQUIRED']);
    writeFileSync(join(environments, 'production.json'), file);
    expect(await refusal('run --env production --confirm-production')).toEqual([3, 'BACKUP_REQUIRED']);
    expect(await typed(TO_PRODUCTION.slice(1))).toEqual([
      ['evidence import --env production --from staging.json --by ben', 0],
      ['--env production --dry-run', 0],
      ['backup create --env production', 0],
      ['--env production --confirm-production', 0],
      ['validate --env production', 0],
      ['checklist --env production', 0],
      ['comment --env production', 0],
    ]);
    const [links, data] = await dump('production', TARGETS);
    expect([links?.length, data?.length]).toEqual([27, 146 + 284 + 168]);
  }, 180_000);

  it("K-09, K-31, K-X22: rolling back leaves the application's rows, what it edited, and the old tables", async () => {
    const production = tablesOf('production');
    const [, data = []] = await dump('production', TARGETS);
    const own = without({ ...data[0], id: { S: randomUUID() } }, '_migration');
    const edited = { ...data[1], label: { S: 'edited by a user' } };
    await production.put(TABLE.kpiData, own, edited);

    expect(await typed(BACK)).toEqual([
      ['rollback --env production --dry-run', 0],
      ['rollback --env production --confirm-production', 0],
    ]);
    const [links, left = []] = await dump('production', TARGETS);
    expect(links).toEqual([]);
    expect(left).toHaveLength(2);
    expect(left).toEqual(expect.arrayContaining([own, edited]));
    expect(await dump('production', SOURCES)).toEqual(seeded);
  }, 120_000);
});

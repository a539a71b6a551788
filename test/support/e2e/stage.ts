import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type TestServer } from '../dynamodb/server.js';
import { TABLE } from '../kpi/tables.js';
import { RawServer } from './raw-server.js';
import { Runner } from './runner.js';

/** Keys of an environment file that a test sets. */
interface EnvironmentKeys {
  readonly tables?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly [key: string]: unknown;
}

const SOURCES = [TABLE.links, TABLE.milestones, TABLE.actuals, TABLE.readings, TABLE.kpis];

/** A fresh folder, removed by `remove`. */
export function freshFolder(): { readonly path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'waybill-e2e-')));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * A server with tables that no other test file has, a folder to type commands in, and environment files of its own:
 * `local` and `dev`, both on the tables of this stage.
 */
export class Stage {
  readonly runner: Runner;
  readonly raw: RawServer;
  readonly suffix: string;

  private constructor(
    private readonly server: TestServer,
    private readonly folder: ReturnType<typeof freshFolder>,
    keys: EnvironmentKeys,
  ) {
    this.suffix = `-e2e-${randomUUID().slice(0, 8)}`;
    const { tables = {}, ...others } = keys;
    const renamed = Object.fromEntries(
      Object.entries(tables).map(([name, to]) => [name, `${to}${this.suffix}`]),
    );
    const environments = join(folder.path, 'environments');
    mkdirSync(environments);
    const common = {
      suffix: this.suffix,
      region: 'eu-central-1',
      seedable: true,
      tables: renamed,
      ...others,
    };
    writeFileSync(join(environments, 'local.json'), JSON.stringify({ ...common, embedded: true }));
    writeFileSync(join(environments, 'dev.json'), JSON.stringify(common));
    this.runner = new Runner(folder.path, {
      WAYBILL_ENVIRONMENTS: environments,
      AWS_ENDPOINT_URL_DYNAMODB: server.endpoint,
    });
    this.raw = new RawServer(server.endpoint, (table) => renamed[table] ?? `${table}${this.suffix}`);
  }

  static async open(keys: EnvironmentKeys = {}): Promise<Stage> {
    return new Stage(await startServer(), freshFolder(), keys);
  }

  /** A stage with all tables and the demo data of the default plan. */
  static async withDemoData(): Promise<Stage> {
    const stage = await Stage.open();
    await stage.createSources();
    for (const words of ['tables create --env dev', 'seed --env dev']) {
      const { exit, stderr } = await stage.runner.run(words);
      if (exit !== 0) throw new Error(stderr);
    }
    return stage;
  }

  /** The legacy and look-up tables, empty; `linkedUserId` is the stored name of that attribute. */
  async createSources(linkedUserId = 'linkedUserId'): Promise<void> {
    for (const table of SOURCES) await this.createTable(table);
    await this.createTable(TABLE.people, { name: 'linkedUserId-index', attribute: linkedUserId });
  }

  async close(): Promise<void> {
    for (const name of await this.raw.tableNames()) {
      if (name.endsWith(this.suffix)) await this.raw.call('DeleteTable', { TableName: name });
    }
    await this.server.stop();
    this.folder.remove();
  }

  private async createTable(
    table: string,
    index?: { readonly name: string; readonly attribute: string },
  ): Promise<void> {
    const attributes = ['id', ...(index === undefined ? [] : [index.attribute])];
    const secondary = {
      IndexName: index?.name,
      KeySchema: [{ AttributeName: index?.attribute, KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    };
    await this.raw.call('CreateTable', {
      TableName: this.raw.physicalName(table),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      ...(index === undefined ? {} : { GlobalSecondaryIndexes: [secondary] }),
    });
  }
}

import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Row, TableShape } from '../meter/write-units.js';
import type { Closing } from '../processes/closing.js';
import { startEmbeddedServer, type Server } from '../processes/embedded-server.js';
import { Program } from '../processes/program.js';
import { demandSuccess, runRunner, type Ran, type RunnerPlace } from '../processes/runner.js';
import { scanPages } from './bare.js';
import { bareClient } from './client.js';
import { ENVIRONMENT, KINDS, SUFFIX, TABLES, targetOf, WRITTEN, type Kind } from './tables.js';

/** What a run made of the seeded records. */
export interface Outcome {
  /** the rows that it wrote, one JSON document a line */
  readonly file: string;
  readonly rows: Readonly<Record<Kind, number>>;
  readonly records: Readonly<Record<Kind, number>>;
  readonly links: readonly Row[];
}

export type RunChanges = Partial<Omit<RunnerPlace, 'folder' | 'environments'>> & {
  readonly latency?: number;
};

/**
 * A server with seeded legacy tables, the environment that means them, and a proxy per latency. Everything ends with
 * `closing`; tables of a server that is not ours are dropped.
 */
export class Stage {
  private readonly client: DynamoDBClient;
  private readonly proxies = new Map<number, Promise<string>>();
  private rehearsal: Promise<Outcome> | undefined;
  private sourceDigest = '';

  private constructor(
    readonly server: Server,
    readonly folder: string,
    private readonly latency: number,
    private readonly closing: Closing,
  ) {
    this.client = bareClient(server.endpoint);
    const environments = join(folder, 'environments');
    mkdirSync(environments);
    const settings = { suffix: SUFFIX, region: 'eu-central-1' };
    writeFileSync(join(environments, `${ENVIRONMENT}.json`), JSON.stringify(settings));
    // only an environment of this name can be seeded; it means the same tables
    writeFileSync(join(environments, 'dev.json'), JSON.stringify({ ...settings, seedable: true }));
  }

  /** `running`: a server that is there already. */
  static async open(
    { records, latency, running }: { records: number; latency: number; running: Server | undefined },
    closing: Closing,
  ): Promise<Stage> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'waybill-bench-')));
    closing.add(() => rmSync(folder, { recursive: true, force: true }));
    const stage = new Stage(running ?? (await startEmbeddedServer(closing)), folder, latency, closing);
    closing.add(() => stage.client.destroy());
    if (running !== undefined) {
      await stage.drop(Object.values(TABLES));
      closing.add(() => stage.drop(Object.values(TABLES)));
    }
    const place = { endpoint: stage.server.endpoint };
    await stage.command(['seed', '--env', 'dev', '--scale', String(records)], place);
    stage.sourceDigest = await stage.digestOfSource();
    return stage;
  }

  /** The endpoint of a proxy that adds this many ms; 0 has a proxy, too. */
  endpointAt(latency: number): Promise<string> {
    const known = this.proxies.get(latency);
    if (known !== undefined) return known;
    const task = { target: this.server.endpoint, latency };
    const started = Program.start<string>('delay-proxy', task, this.closing).then(({ ready }) => ready);
    this.proxies.set(latency, started);
    return started;
  }

  /** Runs a command of the runner to its end, behind the proxy. Throws Error where it fails. */
  async command(words: readonly string[], changes: RunChanges = {}): Promise<Ran> {
    const ran = await this.attempt(words, changes);
    demandSuccess(ran, words);
    return ran;
  }

  /** The same, whatever it ends with. */
  async attempt(words: readonly string[], changes: RunChanges = {}): Promise<Ran> {
    const { latency = this.latency, ...place } = changes;
    const endpoint = place.endpoint ?? (await this.endpointAt(latency));
    const environments = join(this.folder, 'environments');
    return this.closing.around(() =>
      runRunner(words, { ...place, folder: this.folder, environments, endpoint }, this.closing),
    );
  }

  /** The whole plan into fresh target tables, with every safety on. */
  async run(words: readonly string[] = [], changes: RunChanges = {}): Promise<Ran> {
    await this.fresh();
    return this.command(['run', '--env', ENVIRONMENT, ...words], changes);
  }

  /** Target tables and journal as they are before the first run. */
  async fresh(): Promise<void> {
    await this.drop(WRITTEN);
    await scanPages(this.client, TABLES.people, 1, async (people) => {
      for (const { id, _migration: stamp } of people) {
        if (id === undefined || stamp === undefined) continue;
        await this.client.send(new DeleteItemCommand({ TableName: TABLES.people, Key: { id } }));
      }
    });
    const place = { endpoint: this.server.endpoint };
    await this.command(['tables', 'create', '--env', ENVIRONMENT], place);
  }

  /** What a run writes; made by one run, the first time that somebody asks. */
  rehearsed(): Promise<Outcome> {
    this.rehearsal ??= this.rehearse();
    return this.rehearsal;
  }

  /** Throws Error where a legacy table is not as it was seeded: then the measurements were of different work. */
  async demandUnchangedSource(): Promise<void> {
    if ((await this.digestOfSource()) !== this.sourceDigest)
      throw new Error('a measurement changed the legacy tables');
  }

  /** How the tables that runs write to look, for the meter. */
  async shapes(): Promise<TableShape[]> {
    await this.fresh();
    return Promise.all(
      [...WRITTEN, TABLES.people].map(async (name) => {
        const { Table } = await this.client.send(new DescribeTableCommand({ TableName: name }));
        const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName = '', KeySchema = [] }) => ({
          name: IndexName,
          keys: KeySchema.map(({ AttributeName = '' }) => AttributeName),
        }));
        return { name, indexes };
      }),
    );
  }

  private async rehearse(): Promise<Outcome> {
    await this.run([], { endpoint: this.server.endpoint });
    const file = join(this.folder, 'rows.jsonl');
    const out = createWriteStream(file);
    const links: Row[] = [];
    for (const table of [TABLES.newLinks, TABLES.data]) {
      await scanPages(this.client, table, 4, async (rows) => {
        if (table === TABLES.newLinks) links.push(...rows);
        const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
        if (!out.write(lines)) await new Promise<void>((done) => out.once('drain', () => done()));
      });
    }
    out.end();
    await finished(out);
    const counts = await Promise.all(KINDS.map((kind) => this.countsOf(kind)));
    const named = (values: readonly number[]): Record<Kind, number> =>
      Object.fromEntries(KINDS.map((kind, index) => [kind, values[index] ?? 0])) as Record<Kind, number>;
    return {
      file,
      links,
      records: named(counts.map(({ records }) => records)),
      rows: named(counts.map(({ rows }) => rows)),
    };
  }

  private async countsOf(kind: Kind): Promise<{ records: number; rows: number }> {
    let records = 0;
    let rows = 0;
    await scanPages(this.client, TABLES[kind], 4, (page) => {
      records += page.length;
    });
    const prefix = `${TABLES[kind].slice(0, -SUFFIX.length)}#`;
    await scanPages(this.client, targetOf(kind), 4, (page) => {
      for (const { _migration: stamp } of page) if (stamp?.M?.['source']?.S?.startsWith(prefix)) rows += 1;
    });
    return { records, rows };
  }

  private async drop(tables: readonly string[]): Promise<void> {
    for (const TableName of tables) {
      for (let left = 600; left > 0; left -= 1) {
        try {
          await this.client.send(new DeleteTableCommand({ TableName }));
        } catch (error) {
          if (error instanceof Error && error.name === 'ResourceNotFoundException') break;
          if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw error;
        }
        await sleep(5);
      }
    }
  }

  /** Whatever the order of the rows and of their attributes. */
  private async digestOfSource(): Promise<string> {
    const tables = [TABLES.links, TABLES.milestones, TABLES.actuals, TABLES.readings, TABLES.kpis];
    const sums = await Promise.all(
      tables.map(async (table) => {
        let sum = 0n;
        await scanPages(this.client, table, 4, (page) => {
          for (const row of page) sum = (sum + digestOf(row)) % 2n ** 256n;
        });
        return sum.toString(16);
      }),
    );
    return sums.join(' ');
  }
}

function digestOf(row: Row): bigint {
  const sorted = Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));
  return BigInt(`0x${createHash('sha256').update(JSON.stringify(sorted)).digest('hex')}`);
}

import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, type TestServer } from '../dynamodb/server.js';
import { RawServer } from '../e2e/raw-server.js';
import { freshFolder } from '../e2e/stage.js';
import { RunnerProcess } from './runner-process.js';
import { createTables, readTables, type RawTables } from './raw-tables.js';

const REGION = 'eu-central-1';

/** A server with the tables of one trial, a folder to run commands in, and an environment `dev` that means both. */
export class ProcessStage {
  readonly raw: RawServer;
  readonly suffix = `-trial-${randomUUID().slice(0, 8)}`;
  private readonly processes: RunnerProcess[] = [];
  private readonly folder = freshFolder();

  private constructor(private readonly server: TestServer) {
    const environments = join(this.folder.path, 'environments');
    mkdirSync(environments);
    const settings = { suffix: this.suffix, region: REGION, seedable: true };
    writeFileSync(join(environments, 'dev.json'), JSON.stringify(settings));
    this.raw = new RawServer(server.endpoint, (table) => `${table}${this.suffix}`);
  }

  /** In memory: a fresh server takes less time than emptying a used one. */
  static async open(tables: RawTables): Promise<ProcessStage> {
    const stage = new ProcessStage(await startServer());
    await createTables(stage.raw, tables);
    return stage;
  }

  get endpoint(): string {
    return this.server.endpoint;
  }

  /** Types words at `node runner`. `endpoint`: a proxy's; undefined: the server itself. */
  start(words: string, endpoint: string = this.endpoint): RunnerProcess {
    const started = new RunnerProcess(words, this.folder.path, {
      WAYBILL_ENVIRONMENTS: join(this.folder.path, 'environments'),
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    });
    this.processes.push(started);
    return started;
  }

  /** The point without what names this stage alone. */
  named(text: string): string {
    return text.replaceAll(this.suffix, '');
  }

  tables(): Promise<RawTables> {
    return readTables(this.raw);
  }

  /** Nothing of it stays: no process, no table, no file. */
  async close(): Promise<void> {
    for (const one of this.processes) one.signal('SIGKILL');
    await Promise.all(this.processes.map((one) => one.ended));
    for (const name of await this.raw.tableNames()) {
      if (name.endsWith(this.suffix)) await this.raw.call('DeleteTable', { TableName: name });
    }
    await this.server.stop();
    this.folder.remove();
  }
}

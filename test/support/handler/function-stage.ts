import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoJournal } from '../../../src/infrastructure/journal/dynamo-journal.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import type { PlanOutline } from '../../../src/migrations/contract/plan-outline.js';
import { Stage } from '../e2e/stage.js';
import { endState, type EndState } from '../faults/end-state.js';
import { RunnerProcess } from '../faults/runner-process.js';
import { FunctionContainer } from './function-container.js';

/** Seeding and migrating 20,000 records on a busy machine takes minutes. */
const COMMAND_MS = 900_000;

/** A server with the demo data of a plan in the environment `dev`, for a command line and for a function. */
export class FunctionStage {
  private constructor(
    private readonly stage: Stage,
    private readonly plan: PlanOutline,
  ) {}

  /** `seed`: its options */
  static async open(plan: PlanOutline, seed: string): Promise<FunctionStage> {
    const opened = new FunctionStage(await Stage.open(), plan);
    await opened.type(`seed ${seed}`, 0);
    await opened.type('tables create', 0);
    return opened;
  }

  get endpoint(): string {
    return this.stage.raw.endpoint;
  }

  /** `endpoint`: a proxy's; undefined: the server itself. */
  container(endpoint = this.endpoint): FunctionContainer {
    const { folder } = this.stage.runner;
    const task = join(folder, 'task');
    mkdirSync(task);
    return new FunctionContainer(task, { ...this.variables(endpoint), TMPDIR: join(folder, 'tmp') });
  }

  /** Types a command; `endpoint` as above. Throws where it ends otherwise than it should. */
  async type(words: string, exit: number, endpoint = this.endpoint): Promise<void> {
    const [command = '', ...rest] = words.split(' --');
    const options = rest.map((one) => ` --${one}`).join('');
    const { folder } = this.stage.runner;
    const all = `${command} --env dev --plan ${this.plan.name}${options}`;
    const ended = await new RunnerProcess(all, folder, this.variables(endpoint), COMMAND_MS).ended;
    if (ended.exit !== exit)
      throw new Error(`${words}: exit ${String(ended.exit)}\n${ended.stderr.slice(-2000)}`);
  }

  /** Rows in any fixed order, whatever their keys are called; the beginning of the run goes by one name. */
  async endState(): Promise<EndState> {
    const { raw } = this.stage;
    const client = createDynamoClient({ endpoint: raw.endpoint, maxSockets: 16, requestTimeout: 20_000 });
    try {
      const journal = new DynamoJournal(client, raw.physicalName(JOURNAL_TABLE.name));
      const tables = this.plan.tables.map(async ({ name }) => [name, await raw.scan(name)] as const);
      const end = await endState(new Map(await Promise.all(tables)), journal, [], this.plan.name);
      const starts = (await journal.runs(this.plan.name, 1000)).map(({ startedAt }) => startedAt);
      const named = (lists: EndState['rows']): EndState['rows'] =>
        Object.fromEntries(
          Object.entries(lists).map(([name, texts]) => {
            return [name, texts.map((text) => withoutStart(text, starts)).toSorted()] as const;
          }),
        );
      // what stands in the way of a record is kept with the row that the record asked for
      return { ...end, rows: named(end.rows), entries: named(end.entries) };
    } finally {
      client.destroy();
    }
  }

  private variables(endpoint = this.endpoint): Readonly<Record<string, string>> {
    const { folder } = this.stage.runner;
    return {
      WAYBILL_ENVIRONMENTS: join(folder, 'environments'),
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    };
  }

  close(): Promise<void> {
    return this.stage.close();
  }
}

/** A row that tells when its run began has another digest in every run. */
function withoutStart(text: string, starts: readonly string[]): string {
  const found = starts.filter((start) => text.includes(start));
  if (found.length === 0) return text;
  const named = found.reduce((all, start) => all.replaceAll(start, 'the start'), text);
  return named.replace(/"digest":\{"S":"[0-9a-f]{64}"\}/, '"digest":"of a row with the start"');
}

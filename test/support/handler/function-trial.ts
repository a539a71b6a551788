import type { TableRows } from '../../../src/conformance/index.js';
import { endStateOf, type EndState } from '../../../src/conformance/trial/end-state.js';
import { openProcess, type World } from '../../../src/conformance/trial/process.js';
import { PAGE_ROWS } from '../../../src/conformance/trial/surroundings.js';
import type { Trial } from '../../../src/conformance/trial/trial.js';
import { createHandler, type FunctionHandler } from '../../../src/handler/create-handler.js';
import type { FunctionResult } from '../../../src/handler/index.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { Page, RecordReader } from '../../../src/migrations/contract/record-reader.js';
import { rowKeys } from '../../../src/migrations/contract/row-key.js';
import type { Application } from '../../../src/runner/application.js';
import { quietLog } from '../engine/quiet.js';

/** A context with a minute left. The trial says itself when the time is over. */
export const CONTEXT = { getRemainingTimeInMillis: () => 60_000, awsRequestId: 'request-1' };

/** Tables, journal and leases in memory, and a function that is invoked on them. Its time is counted in pages read. */
export class FunctionTrial {
  readonly journal = new MemoryJournal();
  readonly leases = new MemoryLeases(this.journal);
  readonly plan: MigrationPlan;
  readonly handler: FunctionHandler;
  /** pages that an invocation may read before its time is over */
  pagesAtOnce = Infinity;
  /** applications opened so far */
  opened = 0;
  private readonly store: MemoryStore;
  private pages = 0;
  private expire = (): void => undefined;
  private clock = Date.UTC(2026, 10, 21, 8);

  constructor(
    private readonly makePlan: () => MigrationPlan,
    tables: TableRows,
  ) {
    this.plan = makePlan();
    this.store = new MemoryStore([...this.plan.tables, JOURNAL_TABLE], { pageSize: PAGE_ROWS });
    for (const [table, rows] of Object.entries(tables)) this.store.load(table, rows);
    const catalog = {
      environments: ['dev'],
      plans: [
        {
          ...{ name: this.plan.name, title: this.plan.title },
          steps: this.plan.steps.map(({ name, title }) => ({ name, title })),
          accept: [...this.plan.acceptable].map(([reason, flag]) => ({ flag, reason })),
        },
      ],
    };
    this.handler = createHandler(
      {
        loadCatalog: () => Promise.resolve(catalog),
        openForFunction: () => {
          this.opened += 1;
          return Promise.resolve({ application: this.process(), log: quietLog, isLasting: true });
        },
      },
      (_, call) => {
        this.expire = call;
        this.pages = 0;
        return () => (this.expire = () => undefined);
      },
    );
  }

  /** An application as the command line has it. */
  process(): Application {
    return openProcess(this.world(), {});
  }

  invoke(event: object = {}): Promise<FunctionResult> {
    return this.handler({ env: 'dev', plan: this.plan.name, ...event }, CONTEXT);
  }

  /** Invokes until the run is over. Gives back every result; throws what an invocation throws. */
  async toTheEnd(event: object = {}): Promise<FunctionResult[]> {
    const results: FunctionResult[] = [];
    for (let next: object | undefined = event; next !== undefined; next = results.at(-1)?.next)
      results.push(await this.invoke(next));
    return results;
  }

  endState(): Promise<EndState> {
    const { journal, plan } = this;
    const { text } = { text: (table: string, row: object) => rowKeys(plan.tables)(table).text(row as never) };
    const tables = new Map(plan.tables.map(({ name }) => [name, this.store.rows(name)]));
    const runs = () => journal.runs(plan.name, 1000);
    return endStateOf({ journal, plan, runs, tables: () => tables, key: text } as unknown as Trial);
  }

  private world(): World {
    const { makePlan, store, journal, leases } = this;
    return {
      ...{ makePlan, store, journal, leases },
      readerOf: () => this.counted(store),
      wrote: () => undefined,
      failed: () => undefined,
      now: () => new Date((this.clock += 1000)),
    };
  }

  /** The time of an invocation goes by with every page. */
  private counted(reader: RecordReader): RecordReader {
    const tick = (): void => {
      this.pages += 1;
      if (this.pages === this.pagesAtOnce) this.expire();
    };
    const scan = async function* (...of: Parameters<RecordReader['scan']>): AsyncGenerator<Page> {
      for await (const page of reader.scan(...of)) {
        tick();
        yield page;
      }
    };
    return new Proxy(reader, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name === 'scan') return scan;
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }
}

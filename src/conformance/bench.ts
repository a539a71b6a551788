import type { StoredItem } from '../domain/storage/stored-value.js';
import type { Decision } from '../migrations/contract/outcome.js';
import type { RunResult } from '../runner/application.js';
import type { ConformanceSubject, TableRows } from './subject.js';
import { endStateOf, type EndState } from './trial/end-state.js';
import { Failpoints } from './trial/failpoints.js';
import { Trial, type ProcessOptions, type Snapshot } from './trial/trial.js';
import { BlockedCase } from './verdict.js';

/** A run that nothing happened to: what it started from, passed and came to. */
export interface Uninterrupted {
  readonly start: Snapshot;
  readonly result: RunResult;
  readonly end: EndState;
  /** the tables afterwards */
  readonly after: Snapshot;
  readonly points: readonly string[];
  /** the error on which the run stopped */
  readonly failure: unknown;
  /** records on which the plan's code threw */
  readonly threw: readonly { readonly step: string; readonly source: string; readonly error: unknown }[];
  /** `<step> <table>#<key>` → the sources of the records that ask for this row */
  readonly asked: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A subject and what all its cases compare with, made when it is first needed. */
export class Bench {
  private first: Promise<Uninterrupted> | undefined;
  private second: Promise<Uninterrupted> | undefined;

  /** Throws where the rows don't fit the tables of the plan. */
  constructor(readonly subject: ConformanceSubject) {
    this.trial();
  }

  get isFull(): boolean {
    return this.subject.thoroughness === 'full';
  }

  trial(tables: Snapshot | TableRows = this.subject.tables): Trial {
    return new Trial(this.subject.plan, tables);
  }

  /** The first run, whatever came of it. */
  firstRun(): Promise<Uninterrupted> {
    this.first ??= uninterrupted(this.trial());
    return this.first;
  }

  /** The run after the change, on what the first one made; only its own journal knows of it. */
  secondRun(): Promise<Uninterrupted> {
    this.second ??= this.startSecondRun();
    return this.second;
  }

  /** The first run. Throws `BlockedCase` if it did not validate: nothing can be compared with it then. */
  async soundRun(): Promise<Uninterrupted> {
    const first = await this.firstRun();
    if (isSound(first.result)) return first;
    throw new BlockedCase('Nothing can be said before the plain run validates: see the case `runs`.');
  }

  /** The same of the run after the change. */
  async soundSecondRun(): Promise<Uninterrupted> {
    await this.soundRun();
    const second = await this.secondRun();
    if (isSound(second.result)) return second;
    throw new BlockedCase(
      'Nothing can be said before a run on the changed tables validates: see the case `source-changes`.',
    );
  }

  /** The tables after `change`, with the records that it removes still there. */
  grown(): TableRows {
    const { tables } = this.subject;
    const changed = this.changed();
    const removed = this.removed();
    return Object.fromEntries(
      [...new Set([...Object.keys(tables), ...Object.keys(changed)])].map((table) => [
        table,
        [...(changed[table] ?? []), ...(removed[table] ?? [])],
      ]),
    );
  }

  /** The tables in which only those records differ that were there before: none is new, none is gone. */
  revised(): TableRows {
    const { tables } = this.subject;
    const trial = this.trial({});
    const known = (table: string): Set<string> =>
      new Set((tables[table] ?? []).map((row) => trial.key(table, row)));
    return Object.fromEntries(
      Object.entries(this.grown()).map(([table, rows]) => {
        const keys = known(table);
        return [table, rows.filter((row) => keys.has(trial.key(table, row)))];
      }),
    );
  }

  /** The records that `change` removes, as they stand before. */
  removed(): TableRows {
    const { tables } = this.subject;
    const changed = this.changed();
    const trial = this.trial({});
    const sources = [...new Set(trial.plan.steps.map(({ source }) => source))];
    const gone = (table: string): StoredItem[] => {
      const kept = new Set((changed[table] ?? []).map((row) => trial.key(table, row)));
      return (tables[table] ?? []).filter((row) => !kept.has(trial.key(table, row)));
    };
    return Object.fromEntries(sources.map((table) => [table, gone(table)]));
  }

  private changed(): TableRows {
    const { tables, change } = this.subject;
    return change?.(tables) ?? tables;
  }

  private async startSecondRun(): Promise<Uninterrupted> {
    const { after } = await this.firstRun();
    const trial = this.trial(after);
    trial.change(this.subject.tables, this.grown());
    return uninterrupted(trial);
  }
}

/** Whether every step was reached and validated; records may be set aside. */
export function isSound({ steps, error }: RunResult): boolean {
  return error === undefined && steps.every(({ status }) => status === 'validated');
}

async function uninterrupted(trial: Trial, options: ProcessOptions = {}): Promise<Uninterrupted> {
  const start = trial.tables();
  const failpoints = new Failpoints();
  const threw: { step: string; source: string; error: unknown }[] = [];
  const asked = new Map<string, Set<string>>();
  const planned = (step: string, source: string, decision: Decision): void => {
    if (decision.kind !== 'rows') return;
    for (const { table, item } of decision.rows) {
      const name = `${step} ${table}#${trial.key(table, item)}`;
      asked.set(name, (asked.get(name) ?? new Set()).add(source));
    }
  };
  const observer = {
    planned,
    threw: (step: string, source: string, error: unknown) => void threw.push({ step, source, error }),
  };
  const result = await trial.wholeRun({ ...options, failpoints, observer });
  const { points } = failpoints;
  const { failure } = trial;
  return {
    start,
    result,
    end: await endStateOf(trial),
    after: trial.tables(),
    points,
    failure,
    threw,
    asked,
  };
}

import { Bench } from './bench.js';
import type { Case } from './cases/case.js';
import { CONFLICTS } from './cases/conflicts.case.js';
import { DECISIONS } from './cases/decisions.case.js';
import { DRY_RUN } from './cases/dry-run.case.js';
import { errorPlace } from './cases/error-place.js';
import { KILLED, KILLED_AFTER_CHANGE } from './cases/killed.case.js';
import { MAPPERS } from './cases/mappers.case.js';
import { ORDER } from './cases/order.case.js';
import { REPEATS } from './cases/repeats.case.js';
import { ROLLBACK_KILLED } from './cases/rollback-killed.case.js';
import { ROLLBACK } from './cases/rollback.case.js';
import { RUNS } from './cases/runs.case.js';
import { SOURCE_CHANGES } from './cases/source-changes.case.js';
import { THROTTLED } from './cases/throttled.case.js';
import type { ConformanceSubject, TableRows } from './subject.js';
import { BlockedCase, ConformanceError, type Verdict } from './verdict.js';

/** In the order in which a plan author looks at them: what comes first explains what comes later. */
const CASES: readonly Case[] = [
  ...[RUNS, DECISIONS, MAPPERS, REPEATS, DRY_RUN, ORDER, KILLED, KILLED_AFTER_CHANGE, THROTTLED],
  ...[SOURCE_CHANGES, CONFLICTS, ROLLBACK, ROLLBACK_KILLED],
];

/** One case, for any test runner: `for (const { name, run } of conformanceCases(subject)) test(name, run)`. */
export interface ConformanceCase {
  readonly id: string;
  /** a sentence about the plan */
  readonly name: string;
  /** Throws `ConformanceError` where the plan fails, `BlockedCase` where another case has to pass first. */
  readonly run: () => Promise<void>;
}

export interface CaseReport {
  readonly id: string;
  readonly name: string;
  /** `blocked`: what it builds on fails already */
  readonly status: 'passed' | 'failed' | 'blocked';
  /** tables, keys and fields; no values */
  readonly problems: readonly string[];
  /** what was done, e.g. how many kill points were hit */
  readonly told: string;
  readonly durationMs: number;
}

export interface ConformanceReport {
  readonly plan: string;
  readonly passed: boolean;
  readonly cases: readonly CaseReport[];
}

/**
 * The cases that apply to a subject; those that need a `change` only where there is one. Nothing runs yet. Throws where
 * the rows don't fit the tables of the plan.
 */
export function conformanceCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const bench = new Bench(subject);
  return applicable(subject).map((one) => ({
    id: one.id,
    name: one.name,
    run: async () => {
      const { problems, advice, cause, told } = await one.judge(bench);
      const options = cause === undefined ? undefined : { cause };
      if (problems.length > 0) throw new ConformanceError(one.name, problems, advice, options);
      if (told !== undefined) subject.tell?.(`${one.id}: ${told}`);
    },
  }));
}

/**
 * The plan's tables after one run that nothing happens to, for a test that compares rows with what it has written down.
 * That the rows are those that were meant no case can tell.
 */
export async function tablesAfterRun(subject: ConformanceSubject): Promise<TableRows> {
  const { after } = await new Bench(subject).firstRun();
  return Object.fromEntries(after);
}

/** Runs all cases, for those who have no test runner. */
export async function checkConformance(subject: ConformanceSubject): Promise<ConformanceReport> {
  const bench = new Bench(subject);
  const cases: CaseReport[] = [];
  for (const one of applicable(subject)) {
    const begun = performance.now();
    const { status, problems, told = '' } = await judged(one, bench);
    const durationMs = Math.round(performance.now() - begun);
    cases.push({ id: one.id, name: one.name, status, problems, told, durationMs });
    if (told !== '') subject.tell?.(`${one.id}: ${told}`);
  }
  const passed = cases.every(({ status }) => status === 'passed');
  return { plan: subject.plan().name, passed, cases };
}

function applicable({ change }: ConformanceSubject): readonly Case[] {
  return CASES.filter(({ needsChange }) => needsChange !== true || change !== undefined);
}

async function judged(one: Case, bench: Bench): Promise<Verdict & Pick<CaseReport, 'status'>> {
  try {
    const verdict = await one.judge(bench);
    return { ...verdict, status: verdict.problems.length === 0 ? 'passed' : 'failed' };
  } catch (error) {
    if (error instanceof BlockedCase) return { status: 'blocked', problems: [error.message] };
    return { status: 'failed', problems: [`stopped by ${errorPlace(error)}`] };
  }
}

import { stampOf } from '../../domain/storage/stored.js';
import { sourceName } from '../../migrations/contract/migration-step.js';
import { isSound, type Bench, type Uninterrupted } from '../bench.js';
import { accountDifferences } from '../trial/accounts.js';
import { snapshotDifferences } from '../trial/differences.js';
import { endStateOf, type EndState } from '../trial/end-state.js';
import { Failpoints } from '../trial/failpoints.js';
import { freshDifferences } from '../trial/fresh-differences.js';
import { pointsOfWrites, spread } from '../trial/interruption.js';
import type { Trial } from '../trial/trial.js';
import type { Case } from './case.js';
import { endProblems } from './end-problems.js';
import { overtakenAt, overtakenBeforeVerification } from './overtaken.js';

/** Points at which a run is overtaken. */
const OVERTAKEN = { quick: 8, full: 80 };

const ADVICE =
  'After a change of the source a run must come to what a first run on the changed source comes to (rows of records that ' +
  'are gone, or are quarantined by now, stay, and validation says so). Keep nothing of one look at the tables for the ' +
  'next: `prepare` builds all look-ups anew. Where a stored row pins a choice (`pin`), let `change` leave what it pins alone.';

/** The application goes on working: between two runs, during a run, and between a scan and its verification. */
export const SOURCE_CHANGES: Case = {
  id: 'source-changes',
  name: 'comes to what a first run on the changed tables comes to',
  needsChange: true,
  judge: async (bench) => {
    const first = await bench.soundRun();
    const fresh = await freshEnd(bench);
    const second = await bench.secondRun();
    const problems = [...vacuity(first, second), ...betweenRuns(bench, second, fresh)];
    // what follows can only say the same again
    if (problems.length > 0) return { problems, advice: ADVICE };
    const points = spread([], pointsOfWrites(first.points), bench.isFull ? OVERTAKEN.full : OVERTAKEN.quick);
    for (const point of points)
      problems.push(...(await duringRun(bench, fresh, point, first.points[point] ?? '')));
    for (const { name } of bench.trial({}).plan.steps)
      problems.push(...(await beforeVerification(bench, fresh, name)));
    problems.push(...(await removal(bench, second)));
    const told = `changed between two runs, at ${points.length} points of a run, before each verification`;
    return { problems, told, advice: ADVICE };
  },
};

async function freshEnd(bench: Bench): Promise<EndState> {
  const trial = bench.trial(bench.grown());
  await trial.wholeRun();
  return endStateOf(trial);
}

function vacuity(first: Uninterrupted, { result }: Uninterrupted): string[] {
  const count = (name: 'created' | 'updated', { steps }: Uninterrupted['result']): number =>
    steps.reduce((sum, { counters }) => sum + counters[name], 0);
  if (!isSound(result) || count('created', first.result) === 0 || count('updated', result) > 0) return [];
  return [
    'after `change` no row is replaced, so nothing is proven: let it change an attribute that a step carries over',
  ];
}

function betweenRuns(bench: Bench, second: Uninterrupted, fresh: EndState): string[] {
  const { plan } = bench.trial({});
  const problems = [...endProblems(second.result), ...freshDifferences(plan, fresh, second.end)];
  return problems.map((line) => `changed between two runs: ${line}`);
}

/**
 * A run that is overtaken, or killed and resumed on changed tables, may fail. It counts what it tells all the same, and
 * the next one comes to the right end.
 */
async function duringRun(bench: Bench, fresh: EndState, position: number, point: string): Promise<string[]> {
  const change = (trial: Trial): void => trial.change(bench.subject.tables, bench.grown());
  const overtaken = bench.trial();
  await overtakenAt(overtaken, position, () => change(overtaken));
  const killed = bench.trial();
  await killed.run({ failpoints: Failpoints.crashingAt(position) });
  change(killed);
  await killed.wholeRun();
  const outcomes = [
    ['changed in a run', overtaken],
    ['killed in a run, changed, and resumed', killed],
  ] as const;
  const problems: string[] = [];
  for (const [how, trial] of outcomes) {
    const lines = [...accountDifferences(await endStateOf(trial)), ...(await nextRun(trial, fresh))];
    problems.push(...lines.map((line) => `${how}, ${point}: ${line}`));
  }
  return problems;
}

/** The verification must see what has changed since the scan, whatever the step may have kept of it. */
async function beforeVerification(bench: Bench, fresh: EndState, step: string): Promise<string[]> {
  const trial = bench.trial();
  const { tables } = bench.subject;
  const revised = bench.revised();
  const result = await overtakenBeforeVerification(trial, step, () => trial.change(tables, revised));
  const passed = result.steps.find((one) => one.step === step)?.status === 'validated';
  const { checks } = await trial.validate([step]);
  const problems: string[] = [];
  if (passed && !checks.every((check) => check.passed))
    problems.push(
      `step ${step}: its verification passed, and that of another process finds the rows outdated`,
    );
  trial.change(revised, bench.grown());
  problems.push(...(await nextRun(trial, fresh)));
  return problems.map((line) => `changed between scan and verification: ${line}`);
}

async function nextRun(trial: Trial, fresh: EndState): Promise<string[]> {
  const result = await trial.wholeRun();
  return [...endProblems(result), ...freshDifferences(trial.plan, fresh, await endStateOf(trial))];
}

/** Records that are gone: their rows stay as they are, and no validation passes over them. */
async function removal(bench: Bench, { after }: Uninterrupted): Promise<string[]> {
  const trial = bench.trial(after);
  const removed = bench.removed();
  const gone = new Set(
    trial.plan.steps.flatMap((step) =>
      (removed[step.source] ?? []).map((record) => sourceName(step, record)),
    ),
  );
  const rows = [...after.values()].flat().filter((row) => gone.has(stampOf(row)?.source ?? ''));
  if (rows.length === 0) return [];
  trial.change(removed, {});
  const before = trial.tables();
  const result = await trial.wholeRun();
  const lines = snapshotDifferences(trial, before, trial.tables());
  const problems = lines.filter((line) => [...gone].some((source) => line.endsWith(`(of ${source})`)));
  if (isSound(result) && (await trial.validate()).passed)
    problems.push(`${rows.length} rows of records that are gone are there, and the validation passes`);
  return problems.map((line) => `after records were removed: ${line}`);
}

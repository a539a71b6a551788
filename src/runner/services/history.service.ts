import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import type {
  EntriesRequest,
  PlanRequest,
  ProgressSummary,
  RunReport,
  StatusResult,
} from '../application.js';
import { acceptancesInForce } from '../acceptance/acceptances.js';
import { signOffsInForce } from '../checklists/sign-offs.js';
import { effectiveStep } from '../acceptance/effective-step.js';
import { openRecords } from '../engine/accepted-reasons.js';
import { selectSteps } from '../engine/step-selection.js';
import { latestRun } from '../engine/unfinished-run.js';
import { RefusedError, UsageError } from '../ports/errors.js';
import type { Journal, JournalEntry, RunRecord, StepRecord, StepState } from '../ports/journal.js';
import { newestRun } from './new-run.js';
import { issuesOf, migrated, notesOf, refusalsOf, statusOf } from './progress-summary.js';
import { runReport } from './run-report.js';
import { planNamed, type HistoryParts } from './service-parts.js';
import type { ToldRun } from '../told-run.js';
import { newestOf, toldRun } from './told-runs.js';

const RUNS_TOLD = 10;

interface Located {
  readonly journal: Journal;
  readonly run: string;
  readonly step: string;
}

type PlanStatus = StatusResult['plans'][number];

interface LatestRun {
  readonly journal: Journal;
  readonly record: RunRecord;
  readonly refused: RunRecord | undefined;
}

/** What is asked about past runs: status, entries, report, progress comment. Reads only. */
export class HistoryService {
  constructor(private readonly parts: HistoryParts) {}

  async status(request: { readonly plan?: string }): Promise<StatusResult> {
    const { environment, plans } = this.parts;
    const chosen = request.plan === undefined ? plans : [planNamed(this.parts, request.plan)];
    const available = await this.hasJournal();
    const listed = await Promise.all(chosen.map((plan) => this.planStatus(plan, available)));
    return { env: environment.name, plans: listed };
  }

  async *entries(request: EntriesRequest): AsyncIterable<JournalEntry> {
    for (const { journal, run, step } of await this.locate(request)) {
      yield* journal.entries(run, step, request.kind, { images: request.images === true });
    }
  }

  async entry(request: EntriesRequest & { readonly source: string }): Promise<JournalEntry | undefined> {
    for (const { journal, run, step } of await this.locate(request)) {
      const entry = await journal.entry(run, step, request.kind, request.source);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  async report(request: PlanRequest & { readonly run?: string }): Promise<RunReport> {
    const plan = planNamed(this.parts, request.plan);
    const { journal, record, refused } =
      request.run === undefined
        ? await this.latest(plan)
        : { ...(await this.runNamed(request.run)), refused: undefined };
    const latest = journal === this.parts.journal ? await latestRun(journal, record.plan) : undefined;
    const told = toldRun(record, latest);
    const report = await runReport(plan, journal, told, await this.decisions(), this.parts.forecasting);
    if (refused === undefined) return report;
    const { run, startedAt, error } = refused;
    return { ...report, refusedSince: { run, startedAt, ...(error === undefined ? {} : { error }) } };
  }

  async progress(request: PlanRequest): Promise<ProgressSummary> {
    const plan = planNamed(this.parts, request.plan);
    const { environment, now } = this.parts;
    const available = await this.hasJournal();
    const latest = available ? await this.latestSteps(plan) : new Map<string, StepRecord>();
    const lastRun = available ? await this.lastRun(plan) : undefined;
    const records = plan.steps.map((step) => latest.get(step.name));
    const open = available ? await this.hasOpenRecords(plan, latest) : false;
    const acceptances = available
      ? acceptancesInForce(await this.parts.journal.attestations(plan.name, 'acceptance'))
      : [];
    const checks = records.flatMap((record) => record?.checks ?? []);
    const passed = checks.filter((check) => check.passed).length;
    return {
      plan: plan.name,
      env: environment.title,
      status: statusOf(records, lastRun, open),
      date: now().toISOString().slice(0, 10),
      phases: plan.steps.map(({ phase, name }) => {
        const record = latest.get(name);
        return { ...phase, done: record?.status === 'validated', records: migrated(record) };
      }),
      checks: { total: checks.length, passed, failed: checks.length - passed },
      issues: [
        ...refusalsOf(lastRun),
        ...records.flatMap((record) => (record === undefined ? [] : issuesOf(record))),
      ],
      notes:
        lastRun === undefined
          ? ['Nothing has run in this environment yet.']
          : notesOf(
              lastRun,
              acceptances,
              records.filter((record) => record !== undefined),
            ),
    };
  }

  /** The run that had the last word. A refusal beside a run under way had not, once that run has come to its end. */
  private async lastRun({ name }: PlanOutline): Promise<RunRecord | undefined> {
    const { journal } = this.parts;
    const newest = await newestRun(journal, name);
    if (newest?.status !== 'refused') return newest;
    const latest = await latestRun(journal, name);
    const endedLater = latest?.endedAt !== undefined && latest.endedAt > (newest.endedAt ?? '');
    return endedLater ? latest : newest;
  }

  /** The newest ones, and at any rate the last one that did anything, however often somebody was refused since. */
  private async newestRuns({ name }: PlanOutline): Promise<ToldRun[]> {
    const { journal } = this.parts;
    const runs = await journal.runs(name, RUNS_TOLD);
    const isThere = runs.length < RUNS_TOLD || runs.some(({ status }) => status !== 'refused');
    const latest = isThere ? runs.find(({ status }) => status !== 'refused') : await latestRun(journal, name);
    const listed = isThere || latest === undefined ? runs : [...runs, latest];
    return listed.map((run) => toldRun(run, latest));
  }

  private async planStatus(plan: PlanOutline, available: boolean): Promise<PlanStatus> {
    const { name, title } = plan;
    if (!available) {
      const steps = plan.steps.map((step) => ({ step: step.name, status: 'not-run' as const }));
      return { plan: name, title, steps, runs: [], acceptances: [] };
    }
    const { journal, leases } = this.parts;
    // all at once: each of them waits for the store, and none for another
    const [steps, runs, accepted, said, lease] = await Promise.all([
      this.stepStandings(plan),
      this.newestRuns(plan),
      journal.attestations(name, 'acceptance'),
      journal.attestations(name, 'checklist'),
      leases.current(name),
    ]);
    const attested = [...signOffsInForce(said).values()];
    return {
      plan: name,
      title,
      steps,
      runs,
      acceptances: acceptancesInForce(accepted),
      ...(attested.length === 0 ? {} : { attested }),
      ...(lease === undefined || lease.released || lease.abandoned === true ? {} : { lease }),
    };
  }

  private async stepStandings(plan: PlanOutline): Promise<PlanStatus['steps']> {
    const states = await this.parts.journal.states(plan.name);
    const latest = await this.recordsOf(states);
    return plan.steps.map(({ name }) => {
      const state = states.find((candidate) => candidate.step === name);
      if (state === undefined) return { step: name, status: 'not-run' as const };
      const { status, run, at } = state;
      const record = latest.get(name);
      const counted = record === undefined ? {} : { counters: effectiveStep(record).counters };
      return { step: name, status, run, at, ...counted };
    });
  }

  /** Where decisions are kept; before the journal's table is there, none was made. */
  private async decisions(): Promise<Pick<Journal, 'attestations'>> {
    return (await this.hasJournal()) ? this.parts.journal : { attestations: () => Promise.resolve([]) };
  }

  /** Whether a step's latest run set records aside that nobody accepted. */
  private async hasOpenRecords(plan: PlanOutline, latest: ReadonlyMap<string, StepRecord>): Promise<boolean> {
    const { journal } = this.parts;
    const acceptances = acceptancesInForce(await journal.attestations(plan.name, 'acceptance'));
    for (const record of latest.values()) {
      const flags = (await journal.run(record.run))?.flags ?? [];
      if (openRecords({ plan, flags, acceptances }, record) > 0) return true;
    }
    return false;
  }

  private async latestSteps(plan: PlanOutline): Promise<Map<string, StepRecord>> {
    return this.recordsOf(await this.parts.journal.states(plan.name));
  }

  /** The record of each step's latest run, with the verdict and the checks of a later `validate`. */
  private async recordsOf(states: readonly StepState[]): Promise<Map<string, StepRecord>> {
    const { journal } = this.parts;
    const runs = [...new Set(states.map(({ run }) => run))];
    const records = new Map(
      await Promise.all(runs.map(async (run) => [run, await journal.steps(run)] as const)),
    );
    return new Map(
      states.flatMap(({ run, step, status, checks }) => {
        const record = records.get(run)?.find((candidate) => candidate.step === step);
        return record === undefined ? [] : [[step, { ...record, status, checks: checks ?? record.checks }]];
      }),
    );
  }

  /** Where entries are: in the run that was named, else in each step's latest run, else in the latest dry run. */
  private async locate(request: EntriesRequest): Promise<Located[]> {
    const plan = planNamed(this.parts, request.plan);
    const names = selectSteps(plan, request.steps).map((step) => step.name);
    if (request.run !== undefined) {
      const { journal, record } = await this.runNamed(request.run);
      return names
        .filter((step) => record.steps.includes(step))
        .map((step) => ({ journal, run: record.run, step }));
    }
    const { journal, dryRuns, environment } = this.parts;
    const states = (await this.hasJournal()) ? await journal.states(plan.name) : [];
    if (states.length > 0) {
      return names.flatMap((step) => {
        const state = states.find((candidate) => candidate.step === step);
        return state === undefined ? [] : [{ journal, run: state.run, step }];
      });
    }
    const dry = (await dryRuns.runs(plan.name, environment.name)).find(({ kind }) => kind !== 'rollback');
    const files = dry === undefined ? undefined : await dryRuns.open(dry.run);
    if (dry === undefined || files === undefined) {
      if (!(await this.hasJournal())) throw this.journalMissing();
      return [];
    }
    return names.map((step) => ({ journal: files, run: dry.run, step }));
  }

  private async runNamed(run: string): Promise<{ journal: Journal; record: RunRecord }> {
    const files = await this.parts.dryRuns.open(run);
    for (const journal of [
      ...(files === undefined ? [] : [files]),
      ...((await this.hasJournal()) ? [this.parts.journal] : []),
    ]) {
      const record = await journal.run(run);
      if (record !== undefined) return { journal, record };
    }
    throw new UsageError(
      'RUN_UNKNOWN',
      `there is no run ${run} in ${this.parts.environment.name}`,
      this.listRuns(),
    );
  }

  /** The newest run that did anything, dry or not, and the newest that was refused after it. */
  private async latest(plan: PlanOutline): Promise<LatestRun> {
    const { journal, environment } = this.parts;
    const [refused] = (await this.hasJournal()) ? await journal.runs(plan.name, 1) : [];
    const real = refused?.status === 'refused' ? await latestRun(journal, plan.name) : refused;
    const found = newestOf([
      ...[refused, real].flatMap((record) => (record === undefined ? [] : [{ journal, record }])),
      ...(await this.latestDryRun(plan)),
    ]);
    if (found === undefined)
      throw new UsageError(
        'RUN_UNKNOWN',
        `plan ${plan.name} has not run in ${environment.name}`,
        this.listRuns(),
      );
    const isLater = refused?.status === 'refused' && refused.run > found.record.run;
    return { ...found, refused: isLater ? refused : undefined };
  }

  private async latestDryRun(plan: PlanOutline): Promise<{ journal: Journal; record: RunRecord }[]> {
    const { dryRuns, environment } = this.parts;
    const dry = await dryRuns.runs(plan.name, environment.name);
    const record = dry.find(({ status }) => status !== 'refused') ?? dry[0];
    const files = record === undefined ? undefined : await dryRuns.open(record.run);
    return record === undefined || files === undefined ? [] : [{ journal: files, record }];
  }

  private listRuns(): string {
    return `List the runs: node runner status --env ${this.parts.environment.name}`;
  }

  /** Nothing set aside and nothing looked at must not read alike: the region or the suffix may be wrong. */
  private journalMissing(): RefusedError {
    const { admin, journalTable, environment } = this.parts;
    return new RefusedError(
      'TABLE_MISSING',
      `there is no table ${admin.physicalName(journalTable.name)}, so nothing has run in ${environment.name}`,
      `Check region, account and suffix, or create the tables: node runner tables create --env ${environment.name}`,
    );
  }

  private async hasJournal(): Promise<boolean> {
    return (await this.parts.admin.describe(this.parts.journalTable.name)) !== undefined;
  }
}

import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep, StepContext } from '../../migrations/contract/migration-step.js';
import type { Finding, ValidateRequest, ValidateResult } from '../application.js';
import { selectSteps } from '../engine/step-selection.js';
import { checkWith, conflictSources, type SourceSet } from '../engine/step-runner.js';
import type { CheckResult, Journal, StepState } from '../ports/journal.js';
import type { OpenStore } from '../ports/stores.js';
import { preflight, requirePassed } from '../preflight/preflight.js';
import { SampleVerification, sampleMisses } from '../verification/sample-verification.js';
import { strayStamps } from '../verification/stray-stamps.js';
import { StepVerification } from '../verification/step-verification.js';
import type { VerificationParts, VerificationResult } from '../verification/verification-parts.js';
import { leased, stopOf } from './leased-work.js';
import { keysOf, planNamed, type ServiceParts } from './service-parts.js';

/** A stamp's run has always this length; a validation writes none. */
const ANY_RUN = '00000000T000000Z-000000';

/** Findings that a result holds; whoever has more has another problem than reading them all. */
const MAX_FINDINGS = 100_000;

/** `validate`: the checks of each step on the tables as they stand, any number of times. Writes no data. */
export class ValidateService {
  constructor(private readonly parts: ServiceParts) {}

  async validate(request: ValidateRequest): Promise<ValidateResult> {
    const { environment, journal, admin, journalTable } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const steps = selectSteps(plan, request.steps);
    requirePassed(await preflight(admin, plan, journalTable, environment.name));
    if (request.sample !== undefined) return this.checked(plan, steps, request, journal);
    return leased(this.parts, 'validate', request, async ({ journal: fenced, signal }) => {
      try {
        return await this.checked(plan, steps, { ...request, signal }, fenced);
      } catch (error) {
        throw (
          stopOf(signal, 'the validation was stopped', 'Validate again when you are ready.', error) ?? error
        );
      }
    });
  }

  /** What a verdict is founded on must not move meanwhile, so only the holder of the lease gives one. */
  async checked(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    request: ValidateRequest,
    journal: Journal,
  ): Promise<ValidateResult> {
    const { environment } = this.parts;
    const states = await journal.states(plan.name);
    const store = this.parts.openStore(plan)('dry', { concurrency: environment.concurrency });
    const conflicts = await conflictSources(this.parts.indexes, journal, states);
    const checks: CheckResult[] = [];
    const findings: Finding[] = [];
    const warnings: string[] = [];
    let findingsTotal = 0;
    try {
      for (const step of steps) {
        const result = await this.step(plan, step, store, conflicts, request);
        checks.push(...result.checks);
        const told = result.findings.filter((finding) => !isOtherHalf(finding, findings));
        for (const finding of told) findings.push(finding);
        warnings.push(...result.warnings);
        findingsTotal += result.findingsTotal - (result.findings.length - told.length);
        const state = states.find((candidate) => candidate.step === step.name);
        if (request.sample === undefined) await this.record(journal, state, result);
      }
    } finally {
      await Promise.all([store.close(), conflicts.close()]);
    }
    const passed = checks.every((check) => check.passed);
    const base = { plan: plan.name, env: environment.name, passed, steps: steps.map(({ name }) => name) };
    const sample =
      request.sample === undefined ? {} : { sample: sampleMisses(request.sample, seedOf(request)) };
    return { ...base, checks, findings, findingsTotal, warnings, ...sample };
  }

  private async step(
    plan: MigrationPlan,
    step: IMigrationStep,
    { reader, sink }: OpenStore,
    conflicts: SourceSet,
    request: ValidateRequest,
  ): Promise<VerificationResult> {
    const { indexes, environment, admin, progress } = this.parts;
    const signal = request.signal === undefined ? {} : { signal: request.signal };
    const check = checkWith(sink, ANY_RUN);
    // an earlier step that is not looked at tells nothing of its damage, so this one has to
    const told = plan.steps
      .slice(0, plan.steps.indexOf(step))
      .every((earlier) => selectSteps(plan, request.steps).includes(earlier));
    const repairing = told ? { repairing: { inConflict: conflicts.has } } : {};
    const context: StepContext = {
      reader,
      indexes,
      segments: environment.segments,
      check,
      ...repairing,
      ...signal,
    };
    const planner = await step.prepare(context);
    const all: Finding[] = [];
    try {
      const estimate = (await admin.describe(step.source))?.itemCount;
      const parts: VerificationParts = {
        ...{ step, planner, reader, indexes, check, progress, ...signal },
        keyOf: keysOf(plan),
        isStray: strayStamps(plan, step),
        segments: environment.segments,
        conflicts: conflicts.has,
        onFinding: (finding) => {
          if (all.length < MAX_FINDINGS) all.push(finding);
          return Promise.resolve();
        },
        ...(estimate === undefined ? {} : { estimate }),
      };
      const result = await (request.sample === undefined
        ? new StepVerification(parts).verify()
        : new SampleVerification(parts, request.sample, seedOf(request)).verify());
      return { ...result, findings: all };
    } finally {
      await planner.close();
    }
  }

  /**
   * A full validation establishes where a step that has run stands: it may clear a failure, find a new one, or prove
   * what a killed run has done. The run's own record stays what it was. A step that was rolled back has not run.
   */
  private async record(
    journal: Journal,
    state: StepState | undefined,
    { checks }: VerificationResult,
  ): Promise<void> {
    if (state === undefined || state.status === 'rolled-back') return;
    const status = checks.every((check) => check.passed) ? 'validated' : 'failed';
    await journal.saveState({ ...state, status, checks, at: this.parts.now().toISOString() });
  }
}

/** Whether an earlier step told this swap already: two rows of different steps that have each other's ids. */
function isOtherHalf({ kind, table, key, home }: Finding, findings: readonly Finding[]): boolean {
  if (kind !== 'id') return false;
  return findings.some(
    (other) => other.kind === 'id' && other.table === table && other.key === home && other.home === key,
  );
}

function seedOf(request: ValidateRequest): string {
  return request.seed ?? '1';
}

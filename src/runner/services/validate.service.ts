import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { rowKeys } from '../../migrations/contract/row-key.js';
import type { Finding, ValidateRequest, ValidateResult } from '../application.js';
import { selectSteps } from '../engine/step-selection.js';
import { checkWith, conflictSources, type SourceSet } from '../engine/step-runner.js';
import type { CheckResult, Journal, StepState } from '../ports/journal.js';
import type { Lease } from '../ports/lease.js';
import type { OpenStore } from '../ports/stores.js';
import { preflight, requirePassed } from '../preflight/preflight.js';
import { sampleMisses, sampleSteps } from '../verification/sample-verification.js';
import { strayStamps } from '../verification/stray-stamps.js';
import type { VerificationResult } from '../verification/verification-parts.js';
import { verifyAccess } from '../verification/verify-access.js';
import { verifySteps, type JointParts, type StepToVerify } from '../verification/verify-steps.js';
import { leased, stopOf } from './leased-work.js';
import { planNamed, type ServiceParts } from './service-parts.js';
import { storeRates } from './store-rates.js';

/** A stamp's run has always this length; a validation writes none. */
const ANY_RUN = '00000000T000000Z-000000';

/** Findings that a result holds; whoever has more has another problem than reading them all. */
const MAX_FINDINGS = 100_000;

interface Validation {
  readonly plan: MigrationPlan;
  readonly steps: readonly IMigrationStep[];
  readonly request: ValidateRequest;
  readonly store: OpenStore;
  readonly conflicts: SourceSet;
}

type Settled = (step: IMigrationStep, result: VerificationResult) => Promise<void>;

/** `validate`: the checks of each step on the tables as they stand, any number of times. Writes no data. */
export class ValidateService {
  constructor(private readonly parts: ServiceParts) {}

  async validate(request: ValidateRequest): Promise<ValidateResult> {
    const { environment, journal, admin, journalTable } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const steps = selectSteps(plan, request.steps);
    requirePassed(await preflight(admin, plan, journalTable, environment.name));
    if (request.sample !== undefined) return this.checked(plan, steps, request, journal);
    return leased(this.parts, 'validate', request, async ({ journal: fenced, signal, lease }) => {
      try {
        return await this.checked(plan, steps, { ...request, signal }, fenced, lease);
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
    lease?: Lease,
  ): Promise<ValidateResult> {
    const { environment } = this.parts;
    const states = await journal.states(plan.name);
    const store = this.parts.openStore(plan)('dry', {
      concurrency: environment.concurrency,
      rates: await storeRates(this.parts, plan, request),
    });
    lease?.rates?.subscribe((limits) => store.tune?.(limits));
    const conflicts = await conflictSources(this.parts.indexes, journal, states);
    const checks: CheckResult[] = [];
    const findings: Finding[] = [];
    const warnings: string[] = [];
    let findingsTotal = 0;
    try {
      await this.verified({ plan, steps, request, store, conflicts }, async (step, result) => {
        checks.push(...result.checks);
        const told = result.findings.filter((finding) => !isOtherHalf(finding, findings));
        for (const finding of told) findings.push(finding);
        warnings.push(...result.warnings);
        findingsTotal += result.findingsTotal - (result.findings.length - told.length);
        const state = states.find((candidate) => candidate.step === step.name);
        if (request.sample === undefined) await this.record(journal, state, result);
      });
    } finally {
      await Promise.all([store.close(), conflicts.close()]);
    }
    const passed = checks.every((check) => check.passed);
    const base = { plan: plan.name, env: environment.name, passed, steps: steps.map(({ name }) => name) };
    const sample =
      request.sample === undefined ? {} : { sample: sampleMisses(request.sample, seedOf(request)) };
    return { ...base, checks, findings, findingsTotal, warnings, ...sample };
  }

  /** Verifies the steps; tells each one's result, its findings as many as a result may hold, in their order. */
  private async verified(validation: Validation, tell: Settled): Promise<void> {
    const { request, steps, store } = validation;
    const { indexes, environment, progress } = this.parts;
    const findings = new Map<IMigrationStep, Finding[]>(steps.map((step) => [step, []]));
    const settled: Settled = (step, result) =>
      tell(step, { ...result, findings: findings.get(step) ?? result.findings });
    const toVerify = steps.map((step) => this.toVerify(validation, step, findings.get(step) ?? []));
    const estimate = request.sample === undefined ? await this.estimate(steps) : undefined;
    const parts: JointParts = {
      reader: store.reader,
      check: checkWith(store.sink, ANY_RUN),
      keys: rowKeys(validation.plan.tables),
      segments: environment.segments,
      ...{ indexes, progress },
      ...(estimate === undefined ? {} : { estimate }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    const { sample } = request;
    const options = { access: store.access, seed: request.seed };
    await verifyAccess(
      parts,
      toVerify,
      options,
      (joint, tell) =>
        sample === undefined
          ? verifySteps(joint, toVerify, tell)
          : sampleSteps(joint, toVerify, { size: sample, seed: seedOf(request) }, tell),
      settled,
    );
  }

  private toVerify(
    { plan, steps, conflicts }: Validation,
    step: IMigrationStep,
    findings: Finding[],
  ): StepToVerify {
    // an earlier step that is not looked at tells nothing of its damage, so this one has to
    const told = plan.steps.slice(0, plan.steps.indexOf(step)).every((earlier) => steps.includes(earlier));
    return {
      step,
      isStray: strayStamps(plan, step),
      conflicts: (source) => conflicts.hasOf(step.name, source),
      onFinding: (finding) => {
        if (findings.length < MAX_FINDINGS) findings.push(finding);
        return Promise.resolve();
      },
      ...(told ? { repairing: { inConflict: conflicts.has } } : {}),
    };
  }

  /** Rows of both sides; undefined where a table does not say. */
  private async estimate(steps: readonly IMigrationStep[]): Promise<number | undefined> {
    const tables = new Set(steps.flatMap(({ source, mappers }) => [source, ...mappers.keys()]));
    const described = await Promise.all([...tables].map((table) => this.parts.admin.describe(table)));
    const counts = described.map((one) => one?.itemCount);
    return counts.reduce(
      (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
      0,
    );
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
    const { since, ...found } = state;
    const unbroken = status === 'validated' && state.status === 'validated';
    await journal.saveState({
      ...{ ...found, status, checks, at: this.parts.now().toISOString() },
      ...(unbroken ? { since: since ?? state.at } : {}),
    });
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

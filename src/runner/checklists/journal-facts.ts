import type { JournalFact } from '../../migrations/contract/checklist.js';
import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import { acceptancesInForce } from '../acceptance/acceptances.js';
import { openRecords } from '../engine/accepted-reasons.js';
import { gatherEvidence } from '../ladder/gather-evidence.js';
import type { BackupEvidence, StagingEvidence } from '../ports/attestation.js';
import { RefusedError, WaybillError } from '../ports/errors.js';
import type { RunRecord, StepState } from '../ports/journal.js';
import { formatQuantity } from '../reports/quantities.js';
import type { HistoryParts } from '../services/service-parts.js';

/** What the journal says of a fact. `undefined`: nothing, so it is not measured. */
export interface FactFound {
  readonly holds: boolean | undefined;
  /** it held once, and too long ago */
  readonly expired?: boolean;
  readonly evidence: string;
  readonly at?: string;
  readonly run?: string;
}

export interface FactParts extends Pick<
  HistoryParts,
  'environment' | 'admin' | 'journal' | 'dryRuns' | 'now'
> {
  /** what the environment before this one proves of a plan; undefined where that can't be asked from here */
  readonly provenBefore: (plan: string) => Promise<StagingEvidence | undefined>;
  readonly planVersion: (plan: string) => Promise<string>;
}

const HOUR_MS = 3_600_000;
/** Runs to look back over for a rollback. */
const LOOK_BACK = 1_000;

/** Reads facts about a plan from the journal of its environment. Nothing here is a constant (E-X36). */
export class JournalFacts {
  constructor(
    private readonly plan: PlanOutline,
    private readonly parts: FactParts,
  ) {}

  async find(fact: JournalFact): Promise<FactFound> {
    switch (fact) {
      case 'backup-verified':
        return this.backup();
      case 'dry-run-passed':
        return this.dryRun();
      case 'passed-before':
        return this.passedBefore();
      case 'migrated':
        return this.migrated();
      case 'validated':
        return this.validated();
      case 'nothing-open':
        return this.nothingOpen();
      case 'rollback-rehearsed':
        return this.rollback();
    }
  }

  /** Since when all steps stand validated without a break; undefined where they don't. */
  async validatedSince(): Promise<string | undefined> {
    const states = await this.states();
    if (states.length < this.plan.steps.length || states.some(({ status }) => status !== 'validated'))
      return undefined;
    return newestOf(states.map(({ since, at }) => since ?? at));
  }

  private async backup(): Promise<FactFound> {
    const { environment, journal, now } = this.parts;
    const backups = await journal.attestations(this.plan.name, 'backup');
    const whole = backups.filter((backup) => this.holdsAll(backup));
    const newest = whole.toSorted((one, other) => (one.at < other.at ? 1 : -1))[0];
    if (newest === undefined) {
      const some =
        backups.length === 0 ? 'no verified backup is known' : 'no verified backup holds every table';
      return { holds: backups.length === 0 ? undefined : false, evidence: some };
    }
    const age = now().getTime() - Date.parse(newest.at);
    const expired = age > environment.backupHours * HOUR_MS;
    const tooOld = expired ? `; it counts for ${formatQuantity(environment.backupHours, 'hour')}` : '';
    return {
      holds: !expired,
      ...(expired ? { expired } : {}),
      evidence: `backup ${newest.backup}, begun ${newest.at}, read again ${newest.verifiedAt}${tooOld}`,
      at: newest.verifiedAt,
    };
  }

  private holdsAll({ tables }: BackupEvidence): boolean {
    const held = new Set(tables.map(({ physicalName }) => physicalName));
    const needed = this.plan.tables.filter(({ role }) => role !== 'lookup');
    return needed.every(({ name }) => held.has(this.parts.admin.physicalName(name)));
  }

  private async dryRun(): Promise<FactFound> {
    const runs = await this.parts.dryRuns.runs(this.plan.name, this.parts.environment.name);
    const newest = newestRunOf(runs.filter((run) => isMigration(run) && run.status !== 'refused'));
    if (newest === undefined) return { holds: undefined, evidence: 'this machine knows of no dry run' };
    const isWhole = this.plan.steps.every(({ name }) => newest.steps.includes(name));
    const part = isWhole ? '' : `, of ${newest.steps.join(', ')} only`;
    return {
      holds: newest.status === 'complete' && isWhole,
      evidence: `dry run ${newest.run} is ${newest.status}${part}`,
      run: newest.run,
      at: newest.endedAt ?? newest.startedAt,
    };
  }

  private async passedBefore(): Promise<FactFound> {
    const { environment, journal, planVersion } = this.parts;
    const { after } = environment;
    if (after === undefined) return { holds: true, evidence: `${environment.name} follows no environment` };
    const imported = (await journal.attestations(this.plan.name, 'staging')).filter(
      ({ env }) => env === after,
    );
    const proofs = [...imported, ...(await this.proofsBefore())].toSorted((one, other) =>
      one.at < other.at ? 1 : -1,
    );
    const [newest] = proofs;
    if (newest === undefined) return { holds: undefined, evidence: `nothing is known of ${after} from here` };
    const version = await planVersion(this.plan.name);
    const { at, ...proof } = proofs.find((one) => one.planVersion === version) ?? newest;
    const evidence = `version ${proof.planVersion.slice(0, 12)} passed in ${after}`;
    if (proof.planVersion === version) return { holds: true, evidence, at };
    return { holds: false, evidence: `${evidence}, and this is version ${version.slice(0, 12)}`, at };
  }

  /** Whatever keeps the other journal from being read, from here nothing is known of it. */
  private async proofsBefore(): Promise<StagingEvidence[]> {
    const { provenBefore } = this.parts;
    try {
      const proven = await provenBefore(this.plan.name);
      return proven === undefined ? [] : [proven];
    } catch (error) {
      if (error instanceof WaybillError) return [];
      throw error;
    }
  }

  private async migrated(): Promise<FactFound> {
    if ((await this.states()).length === 0) return { holds: undefined, evidence: 'no step has run here' };
    try {
      const evidence = await gatherEvidence(this.plan, this.parts.environment.name, this.parts.journal);
      const runs = [...new Set(evidence.steps.map(({ run }) => run))];
      return {
        holds: true,
        evidence: `every step was validated, by ${runs.join(', ')}`,
        at: evidence.at,
        ...(runs.length === 1 ? { run: runs[0] ?? '' } : {}),
      };
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'EVIDENCE_MISSING') throw error;
      return { holds: false, evidence: error.message };
    }
  }

  private async validated(): Promise<FactFound> {
    const states = await this.states();
    const failed = states.filter(({ status }) => status === 'failed');
    if (failed.length > 0) {
      const at = newestOf(failed.map((state) => state.at));
      return {
        holds: false,
        evidence: `the validation of ${namesOf(failed)} failed`,
        ...(at === undefined ? {} : { at }),
      };
    }
    const validated = states.filter(({ status }) => status === 'validated').map(({ step }) => step);
    const missing = this.plan.steps.map(({ name }) => name).filter((name) => !validated.includes(name));
    if (missing.length > 0)
      return { holds: undefined, evidence: `no validation stands for ${missing.join(', ')}` };
    const at = newestOf(states.map((state) => state.at));
    return { holds: true, evidence: `${namesOf(states)} validated`, ...(at === undefined ? {} : { at }) };
  }

  private async nothingOpen(): Promise<FactFound> {
    const { journal } = this.parts;
    const states = await this.states();
    const ran = states.filter(({ status }) => status === 'validated' || status === 'failed');
    if (ran.length < this.plan.steps.length)
      return { holds: undefined, evidence: 'not every step has been run to its end' };
    const acceptances = acceptancesInForce(await journal.attestations(this.plan.name, 'acceptance'));
    let open = 0;
    for (const { run, step } of ran) {
      const flags = (await journal.run(run))?.flags ?? [];
      const record = (await journal.steps(run)).find((candidate) => candidate.step === step);
      if (record === undefined)
        return { holds: undefined, evidence: `nothing is kept of ${step} in run ${run}` };
      open += openRecords({ plan: this.plan, flags, acceptances }, record);
    }
    const evidence = `${formatQuantity(open, 'record')} set aside that nobody accepted`;
    const at = newestOf(ran.map((state) => state.at));
    return { holds: open === 0, evidence, ...(at === undefined ? {} : { at }) };
  }

  private async rollback(): Promise<FactFound> {
    const { journal, dryRuns, environment } = this.parts;
    const runs = [
      ...(await journal.runs(this.plan.name, LOOK_BACK)),
      ...(await dryRuns.runs(this.plan.name, environment.name)),
    ];
    const newest = newestRunOf(runs.filter((run) => run.kind === 'rollback' && run.status !== 'refused'));
    if (newest === undefined) return { holds: undefined, evidence: 'no rollback has been tried here' };
    return {
      holds: newest.status === 'complete',
      evidence: `${newest.dryRun ? 'dry ' : ''}rollback ${newest.run} is ${newest.status}`,
      run: newest.run,
      at: newest.endedAt ?? newest.startedAt,
    };
  }

  /** Those of the plan's steps that have one, in its order. */
  private async states(): Promise<StepState[]> {
    const states = await this.parts.journal.states(this.plan.name);
    return this.plan.steps.flatMap(({ name }) => states.filter(({ step }) => step === name));
  }
}

function isMigration({ kind }: RunRecord): boolean {
  return (kind ?? 'migration') === 'migration';
}

function newestRunOf(runs: readonly RunRecord[]): RunRecord | undefined {
  return runs.toSorted((one, other) => (one.run < other.run ? 1 : -1))[0];
}

function newestOf(instants: readonly string[]): string | undefined {
  return instants.toSorted().at(-1);
}

function namesOf(states: readonly StepState[]): string {
  return states.map(({ step }) => step).join(', ');
}

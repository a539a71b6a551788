import { readFile } from 'node:fs/promises';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import { requireJournal } from '../acceptance/require-journal.js';
import { requireName } from '../acceptance/require-name.js';
import type { ImportEvidenceRequest, PlanRequest } from '../application.js';
import type { StagingEvidence } from '../ports/attestation.js';
import { RefusedError, UsageError } from '../ports/errors.js';
import { planNamed, type ServiceParts } from '../services/service-parts.js';
import { readEvidenceDocument } from './evidence-document.js';
import { provenEvidence } from './recorded-evidence.js';
import { stepsWithoutEvidence } from './staging-gate.js';

export type EvidenceParts = Pick<
  ServiceParts,
  'environment' | 'plans' | 'admin' | 'journal' | 'journalTable'
>;

/** `evidence export` and `evidence import`: what the next environment has to know of this one. */
export class EvidenceService {
  constructor(
    private readonly parts: EvidenceParts,
    private readonly readText: (path: string) => Promise<string> = (path) => readFile(path, 'utf8'),
  ) {}

  /** Throws RefusedError `EVIDENCE_MISSING` with what each step lacks, `TABLE_MISSING` where there is no journal. */
  async evidence(request: PlanRequest): Promise<StagingEvidence> {
    const { environment, journal } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    await requireJournal(this.parts);
    return provenEvidence(plan, environment.name, journal);
  }

  /**
   * Records evidence of the environment before this one, from a file that was signed off there. Throws UsageError
   * `EVIDENCE_INVALID` for a damaged file, RefusedError `EVIDENCE_FOREIGN` for evidence of something else.
   */
  async importEvidence(request: ImportEvidenceRequest): Promise<StagingEvidence> {
    const plan = planNamed(this.parts, request.plan);
    const importedBy = requireName(request.by, 'imports the evidence');
    const { evidence, signedOffBy } = readEvidenceDocument(await this.textOf(request.from));
    this.requireFitting(plan, evidence);
    await requireJournal(this.parts);
    const attested: StagingEvidence = { ...evidence, by: signedOffBy, importedBy };
    await this.parts.journal.attest(plan.name, attested);
    return attested;
  }

  private async textOf(path: string): Promise<string> {
    try {
      return await this.readText(path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      throw new UsageError(
        'EVIDENCE_INVALID',
        `the evidence file ${path} can't be read (${code})`,
        'Name the file that evidence export wrote: --from FILE',
        { cause: error },
      );
    }
  }

  private requireFitting(plan: MigrationPlan, evidence: StagingEvidence): void {
    const { name, after } = this.parts.environment;
    if (after === undefined) {
      throw foreign(`${name} follows no environment, so it needs no evidence`, 'Nothing is to be done.');
    }
    if (evidence.plan !== plan.name) {
      throw foreign(
        `the evidence is of plan ${evidence.plan}, not of ${plan.name}`,
        'Name the plan of the evidence: --plan NAME',
      );
    }
    if (evidence.env !== after) {
      throw foreign(
        `the evidence is of ${evidence.env}, and ${name} follows ${after}`,
        `Export it there: node runner evidence export --env ${after}`,
      );
    }
    const lacking = stepsWithoutEvidence(plan, evidence);
    if (lacking.length > 0) {
      throw foreign(
        `the evidence does not tell of ${lacking.join(', ')}`,
        'Export it anew with the version of Waybill that is used here.',
      );
    }
  }
}

function foreign(message: string, next: string): RefusedError {
  return new RefusedError('EVIDENCE_FOREIGN', message, next);
}

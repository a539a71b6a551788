import type * as application from './application.js';
import type { ChecklistParts } from './checklists/checklist.service.js';
import type { EvidenceService } from './ladder/evidence.service.js';
import type { BackupEvidence, StagingEvidence } from './ports/attestation.js';
import type { JournalEntry } from './ports/journal.js';
import type { BackupsService } from './services/backups.service.js';
import type { HistoryService } from './services/history.service.js';
import type { PhaseService } from './services/phase.service.js';
import type { HistoryParts, ServiceParts } from './services/service-parts.js';
import type { TablesService } from './services/tables.service.js';

/** Parts of which most are loaded when a command needs them. */
export interface PartsOnDemand {
  readonly history: HistoryParts;
  /** called at most once */
  readonly all: () => Promise<ServiceParts>;
}

/**
 * The facade behind the command line: one service per group of commands, loaded when it is called, because loading all
 * of them takes longer than most commands.
 */
export class WaybillApplication implements application.Application {
  readonly #parts: PartsOnDemand;
  #all: Promise<ServiceParts> | undefined;

  constructor(
    parts: ServiceParts | PartsOnDemand,
    private readonly release: () => Promise<void>,
  ) {
    this.#parts = 'all' in parts ? parts : { history: parts, all: () => Promise.resolve(parts) };
  }

  async run(request: application.RunRequest): Promise<application.RunResult> {
    const { RunService } = await import('./services/run.service.js');
    return new RunService(await this.all()).run(request);
  }

  async stop(request: application.PlanRequest): Promise<application.StopResult> {
    const { StopService } = await import('./services/stop.service.js');
    return new StopService(this.#parts.history).stop(request);
  }

  async tune(request: application.TuneRequest): Promise<application.TuneResult> {
    const { TuneService } = await import('./services/tune.service.js');
    return new TuneService(this.#parts.history).tune(request);
  }

  async validate(request: application.ValidateRequest): Promise<application.ValidateResult> {
    const { ValidateService } = await import('./services/validate.service.js');
    return new ValidateService(await this.all()).validate(request);
  }

  async rollback(request: application.RollbackRequest): Promise<application.RollbackResult> {
    const { RollbackService } = await import('./services/rollback.service.js');
    return new RollbackService(await this.all()).rollback(request);
  }

  async retry(request: application.RetryRequest): Promise<application.RunResult> {
    const { RetryService } = await import('./services/retry.service.js');
    return new RetryService(await this.all()).retry(request);
  }

  async accept(request: application.AcceptRequest): Promise<application.AcceptResult> {
    const { AcceptService } = await import('./acceptance/accept.service.js');
    return new AcceptService(await this.all()).accept(request);
  }

  async backup(request: application.BackupRequest): Promise<application.BackupResult> {
    return (await this.protection()).backups.backup(request);
  }

  async nativeBackup(request: application.NativeBackupRequest): Promise<application.NativeBackupResult> {
    return (await this.protection()).native.backup(request);
  }

  async backups(request: application.PlanRequest): Promise<readonly BackupEvidence[]> {
    return (await this.protection()).backups.backups(request);
  }

  async verifyBackup(request: application.BackupLocation): Promise<application.BackupResult> {
    return (await this.protection()).backups.verify(request);
  }

  async drillBackup(request: application.BackupLocation): Promise<application.DrillResult> {
    return (await this.protection()).drill.drill(request);
  }

  async restore(request: application.RestoreRequest): Promise<application.RestoreResult> {
    return (await this.protection()).restore(request);
  }

  async evidence(request: application.PlanRequest): Promise<StagingEvidence> {
    return (await this.ladder()).evidence(request);
  }

  async importEvidence(request: application.ImportEvidenceRequest): Promise<StagingEvidence> {
    return (await this.ladder()).importEvidence(request);
  }

  async iam(request: application.IamRequest): Promise<application.IamResult> {
    const { IamService } = await import('./iam/iam.service.js');
    const parts = await this.all();
    return new IamService(parts, parts.journalBefore).iam(request);
  }

  async preflight(request: application.PreflightRequest): Promise<application.PreflightResult> {
    return (await this.tables()).preflight(request);
  }

  async analyze(request: application.AnalyzeRequest): Promise<application.Analysis> {
    const { AnalysisService } = await import('./analysis/analysis.service.js');
    return new AnalysisService(await this.all()).analyze(request);
  }

  async status(request: { readonly plan?: string }): Promise<application.StatusResult> {
    return (await this.history()).status(request);
  }

  async createTables(request: application.PlanRequest): Promise<application.TablesResult> {
    return (await this.tables()).createTables(request);
  }

  async seed(request: application.SeedRequest): Promise<application.SeedResult> {
    return (await this.tables()).seed(request);
  }

  async *entries(request: application.EntriesRequest): AsyncIterable<JournalEntry> {
    yield* (await this.history()).entries(request);
  }

  async entry(
    request: application.EntriesRequest & { readonly source: string },
  ): Promise<JournalEntry | undefined> {
    return (await this.history()).entry(request);
  }

  async report(request: application.PlanRequest & { readonly run?: string }): Promise<application.RunReport> {
    return (await this.history()).report(request);
  }

  async checklist(request: application.ChecklistRequest): Promise<application.ChecklistResult> {
    const { ChecklistService } = await import('./checklists/checklist.service.js');
    return new ChecklistService(this.lists()).checklist(request);
  }

  async attest(request: application.AttestRequest): Promise<application.AttestResult> {
    const { AttestService } = await import('./checklists/attest.service.js');
    return new AttestService(this.lists()).attest(request);
  }

  async phase(request: application.PlanRequest): Promise<application.PhaseView> {
    return (await this.phases()).show(request);
  }

  async advancePhase(request: application.AdvancePhaseRequest): Promise<application.PhaseChangeResult> {
    return (await this.phases()).advance(request);
  }

  async backPhase(request: application.PhaseRequest): Promise<application.PhaseChangeResult> {
    return (await this.phases()).back(request);
  }

  async incident(
    request: application.PlanRequest & { readonly run?: string },
  ): Promise<application.Incident> {
    const { IncidentService } = await import('./services/incident.service.js');
    return new IncidentService(this.#parts.history).incident(request);
  }

  async mapping(request: application.PlanRequest): Promise<application.MappingDocument> {
    const { MappingService } = await import('./services/mapping.service.js');
    return new MappingService(this.#parts.history).mapping(request);
  }

  async progress(request: application.PlanRequest): Promise<application.ProgressSummary> {
    return (await this.history()).progress(request);
  }

  close(): Promise<void> {
    return this.release();
  }

  private all(): Promise<ServiceParts> {
    return (this.#all ??= this.loaded());
  }

  private lists(): ChecklistParts & HistoryParts {
    return { ...this.#parts.history, all: () => this.all() };
  }

  private async phases(): Promise<PhaseService> {
    const { PhaseService } = await import('./services/phase.service.js');
    return new PhaseService(this.lists());
  }

  private async loaded(): Promise<ServiceParts> {
    const { readingMentionedRows } = await import('./sources/mentioned-rows.js');
    return readingMentionedRows(await this.#parts.all());
  }

  private async history(): Promise<HistoryService> {
    const { HistoryService } = await import('./services/history.service.js');
    return new HistoryService(this.#parts.history);
  }

  private async tables(): Promise<TablesService> {
    const { TablesService } = await import('./services/tables.service.js');
    return new TablesService(await this.all());
  }

  private async protection(): Promise<BackupsService> {
    const { BackupsService } = await import('./services/backups.service.js');
    return new BackupsService(await this.all());
  }

  private async ladder(): Promise<EvidenceService> {
    const { EvidenceService } = await import('./ladder/evidence.service.js');
    return new EvidenceService(await this.all());
  }
}

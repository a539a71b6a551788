import { AcceptService } from './acceptance/accept.service.js';
import type * as application from './application.js';
import { IamService } from './iam/iam.service.js';
import { EvidenceService } from './ladder/evidence.service.js';
import type { BackupEvidence, StagingEvidence } from './ports/attestation.js';
import type { JournalEntry } from './ports/journal.js';
import { BackupsService } from './services/backups.service.js';
import { HistoryService } from './services/history.service.js';
import { RetryService } from './services/retry.service.js';
import { RollbackService } from './services/rollback.service.js';
import { RunService } from './services/run.service.js';
import type { ServiceParts } from './services/service-parts.js';
import { StopService } from './services/stop.service.js';
import { TuneService } from './services/tune.service.js';
import { TablesService } from './services/tables.service.js';
import { ValidateService } from './services/validate.service.js';

/** The facade behind the command line: one service per group of commands. */
export class WaybillApplication implements application.Application {
  private readonly history: HistoryService;
  private readonly tables: TablesService;
  private readonly protection: BackupsService;
  private readonly ladder: EvidenceService;

  constructor(
    private readonly parts: ServiceParts,
    private readonly release: () => Promise<void>,
  ) {
    this.history = new HistoryService(parts);
    this.tables = new TablesService(parts);
    this.protection = new BackupsService(parts);
    this.ladder = new EvidenceService(parts);
  }

  run(request: application.RunRequest): Promise<application.RunResult> {
    return new RunService(this.parts).run(request);
  }

  stop(request: application.PlanRequest): Promise<application.StopResult> {
    return new StopService(this.parts).stop(request);
  }

  tune(request: application.TuneRequest): Promise<application.TuneResult> {
    return new TuneService(this.parts).tune(request);
  }

  validate(request: application.ValidateRequest): Promise<application.ValidateResult> {
    return new ValidateService(this.parts).validate(request);
  }

  rollback(request: application.RollbackRequest): Promise<application.RollbackResult> {
    return new RollbackService(this.parts).rollback(request);
  }

  retry(request: application.RetryRequest): Promise<application.RunResult> {
    return new RetryService(this.parts).retry(request);
  }

  accept(request: application.AcceptRequest): Promise<application.AcceptResult> {
    return new AcceptService(this.parts).accept(request);
  }

  async backup(request: application.BackupRequest): Promise<application.BackupResult> {
    return this.protection.backups.backup(request);
  }

  async nativeBackup(request: application.NativeBackupRequest): Promise<application.NativeBackupResult> {
    return this.protection.native.backup(request);
  }

  async backups(request: application.PlanRequest): Promise<readonly BackupEvidence[]> {
    return this.protection.backups.backups(request);
  }

  async verifyBackup(request: application.BackupLocation): Promise<application.BackupResult> {
    return this.protection.backups.verify(request);
  }

  async drillBackup(request: application.BackupLocation): Promise<application.DrillResult> {
    return this.protection.drill.drill(request);
  }

  restore(request: application.RestoreRequest): Promise<application.RestoreResult> {
    return this.protection.restore(request);
  }

  evidence(request: application.PlanRequest): Promise<StagingEvidence> {
    return this.ladder.evidence(request);
  }

  importEvidence(request: application.ImportEvidenceRequest): Promise<StagingEvidence> {
    return this.ladder.importEvidence(request);
  }

  iam(request: application.IamRequest): Promise<application.IamResult> {
    return new IamService(this.parts, this.parts.journalBefore).iam(request);
  }

  preflight(request: application.PreflightRequest): Promise<application.PreflightResult> {
    return this.tables.preflight(request);
  }

  status(request: { readonly plan?: string }): Promise<application.StatusResult> {
    return this.history.status(request);
  }

  createTables(request: application.PlanRequest): Promise<application.TablesResult> {
    return this.tables.createTables(request);
  }

  seed(request: application.SeedRequest): Promise<application.SeedResult> {
    return this.tables.seed(request);
  }

  entries(request: application.EntriesRequest): AsyncIterable<JournalEntry> {
    return this.history.entries(request);
  }

  entry(
    request: application.EntriesRequest & { readonly source: string },
  ): Promise<JournalEntry | undefined> {
    return this.history.entry(request);
  }

  report(request: application.PlanRequest & { readonly run?: string }): Promise<application.RunReport> {
    return this.history.report(request);
  }

  progress(request: application.PlanRequest): Promise<application.ProgressSummary> {
    return this.history.progress(request);
  }

  close(): Promise<void> {
    return this.release();
  }
}

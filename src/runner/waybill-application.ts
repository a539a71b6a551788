import type {
  Application,
  EntriesRequest,
  PlanRequest,
  PreflightResult,
  ProgressSummary,
  RunReport,
  RunRequest,
  RunResult,
  SeedRequest,
  SeedResult,
  StatusResult,
  TablesResult,
  ValidateRequest,
  ValidateResult,
} from './application.js';
import type { JournalEntry } from './ports/journal.js';
import { HistoryService } from './services/history.service.js';
import { RunService } from './services/run.service.js';
import type { ServiceParts } from './services/service-parts.js';
import { TablesService } from './services/tables.service.js';
import { ValidateService } from './services/validate.service.js';

/** The facade behind the command line: one service per group of commands. */
export class WaybillApplication implements Application {
  private readonly running: RunService;
  private readonly validation: ValidateService;
  private readonly history: HistoryService;
  private readonly tables: TablesService;

  constructor(
    parts: ServiceParts,
    private readonly release: () => Promise<void>,
  ) {
    this.running = new RunService(parts);
    this.validation = new ValidateService(parts);
    this.history = new HistoryService(parts);
    this.tables = new TablesService(parts);
  }

  run(request: RunRequest): Promise<RunResult> {
    return this.running.run(request);
  }

  validate(request: ValidateRequest): Promise<ValidateResult> {
    return this.validation.validate(request);
  }

  preflight(request: PlanRequest): Promise<PreflightResult> {
    return this.tables.preflight(request);
  }

  status(request: { readonly plan?: string }): Promise<StatusResult> {
    return this.history.status(request);
  }

  createTables(request: PlanRequest): Promise<TablesResult> {
    return this.tables.createTables(request);
  }

  seed(request: SeedRequest): Promise<SeedResult> {
    return this.tables.seed(request);
  }

  entries(request: EntriesRequest): AsyncIterable<JournalEntry> {
    return this.history.entries(request);
  }

  entry(request: EntriesRequest & { readonly source: string }): Promise<JournalEntry | undefined> {
    return this.history.entry(request);
  }

  report(request: PlanRequest & { readonly run?: string }): Promise<RunReport> {
    return this.history.report(request);
  }

  progress(request: PlanRequest): Promise<ProgressSummary> {
    return this.history.progress(request);
  }

  close(): Promise<void> {
    return this.release();
  }
}

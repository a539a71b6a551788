import { Writable } from 'node:stream';
import type { Application, Catalog, RunResult, StepResult } from '../../../src/runner/application.js';
import type { Composition, OpenOptions } from '../../../src/runner/cli/composition.js';
import type { LeaseView } from '../../../src/runner/ports/lease.js';
import type { Counters, EntryKind, JournalEntry } from '../../../src/runner/ports/journal.js';
import { CommandLine } from '../../../src/runner/cli/command-line.js';

export const CATALOG: Catalog = {
  environments: ['local', 'dev', 'staging', 'production'],
  aliases: { test: 'dev' },
  plans: [
    {
      name: 'kpi',
      title: 'KPI data to the new model',
      steps: [
        { name: 'links', title: 'Goal links become KPI links' },
        { name: 'milestones', title: 'Milestones become targets' },
        { name: 'actuals', title: 'Actuals become measured data' },
        { name: 'readings', title: 'Readings become measured data' },
      ],
      accept: [{ flag: 'allow-unlinked', reason: 'KPI_UNLINKED' }],
    },
    {
      name: 'company',
      title: 'Companies',
      steps: [{ name: 'companies', title: 'Companies move' }],
      accept: [{ flag: 'allow-orphans', reason: 'PARENT_MISSING' }],
    },
  ],
};

/** Collects what is written; may fail like a pipe whose reader went away, or like a full disk. */
export class CollectingStream extends Writable {
  text = '';
  writes = 0;

  constructor(private readonly failure?: { readonly code: string; readonly after: number }) {
    super({ decodeStrings: false });
  }

  override _write(chunk: unknown, _encoding: string, done: (error?: Error | null) => void): void {
    this.writes += 1;
    if (this.failure !== undefined && this.writes > this.failure.after) {
      done(Object.assign(new Error(this.failure.code), { code: this.failure.code, syscall: 'write' }));
      return;
    }
    this.text += String(chunk);
    done();
  }
}

export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly opened: readonly OpenOptions[];
  readonly closed: number;
}

interface Setting {
  readonly application?: Partial<Application>;
  readonly composition?: Partial<Composition>;
  readonly signal?: AbortSignal;
  readonly terminal?: boolean;
  readonly stdout?: CollectingStream;
  readonly stderr?: CollectingStream;
}

/** Types the words at a command line whose application is a fake; what the fake lacks throws. */
export async function type(words: string, setting: Setting = {}): Promise<Ended> {
  return typeWords(words === '' ? [] : words.split(' '), setting);
}

export async function typeWords(argv: readonly string[], setting: Setting = {}): Promise<Ended> {
  const { stdout = new CollectingStream(), stderr = new CollectingStream() } = setting;
  const opened: OpenOptions[] = [];
  let closed = 0;
  const composition: Composition = {
    loadCatalog: () => Promise.resolve(CATALOG),
    openApplication: (options) => {
      opened.push(options);
      return Promise.resolve(
        fakeApplication({
          close: () => {
            closed += 1;
            return Promise.resolve();
          },
          ...setting.application,
        }),
      );
    },
    ...setting.composition,
  };
  const exit = await new CommandLine(argv, {
    composition: () => Promise.resolve(composition),
    stdout,
    stderr,
    terminal: setting.terminal ?? false,
    version: '1.2.3',
    signal: setting.signal ?? new AbortController().signal,
    now: () => 0,
    clock: () => new Date('2026-11-22T08:00:00Z'),
    operator: () => 'ann@build-7',
  }).run();
  return { exit, stdout: stdout.text, stderr: stderr.text, opened, closed };
}

export function fakeApplication(methods: Partial<Application>): Application {
  const missing = (): never => {
    throw new Error('the command called a method that this test does not expect');
  };
  return {
    run: missing,
    stop: missing,
    tune: missing,
    validate: missing,
    rollback: missing,
    retry: missing,
    accept: missing,
    backup: missing,
    nativeBackup: missing,
    backups: missing,
    verifyBackup: missing,
    drillBackup: missing,
    restore: missing,
    evidence: missing,
    importEvidence: missing,
    iam: missing,
    preflight: missing,
    analyze: missing,
    status: missing,
    createTables: missing,
    seed: missing,
    entries: missing,
    entry: missing,
    report: missing,
    checklist: missing,
    attest: missing,
    phase: missing,
    advancePhase: missing,
    backPhase: missing,
    incident: missing,
    mapping: missing,
    progress: missing,
    close: () => Promise.resolve(),
    ...methods,
  };
}

export const NOTHING_COUNTED: Counters = {
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  quarantined: 0,
  conflict: 0,
  rows: 0,
};

export function stepResult(fields: Partial<StepResult>): StepResult {
  return {
    step: 'links',
    title: 'Goal links become KPI links',
    status: 'validated',
    counters: { ...NOTHING_COUNTED, read: 12, created: 12, rows: 12 },
    checks: [
      { name: 'conservation', passed: true, expected: 12, found: 12 },
      { name: 'missing rows', passed: true, expected: 0, found: 0 },
    ],
    findings: [],
    findingsTotal: 0,
    reasons: {},
    durationMs: 1234,
    ...fields,
  };
}

export function runResult(fields: Partial<RunResult>): RunResult {
  return {
    run: '20261121T053512Z-a1b2c3',
    kind: 'migration',
    resumed: false,
    plan: 'kpi',
    env: 'local',
    status: 'complete',
    dryRun: false,
    steps: [stepResult({})],
    exit: 0,
    folder: '.waybill/runs/20261121T053512Z-a1b2c3',
    notices: [],
    acceptances: [],
    ...fields,
  };
}

export const QUARANTINED: readonly JournalEntry[] = [
  {
    kind: 'quarantine',
    step: 'links',
    source: 'purposepath-goal-kpi-links#l-1',
    reason: 'KPI_MISSING',
    field: 'kpiId',
    detail: 'no such KPI',
    image: { id: { S: 'l-1' }, thresholdPct: { N: '10.50' }, photo: { B: new Uint8Array([1, 2, 255]) } },
  },
  {
    kind: 'quarantine',
    step: 'milestones',
    source: 'purposepath-kpi-milestones#m-1',
    reason: 'KPI_UNLINKED',
    detail: 'the KPI has no link',
    image: { id: { S: 'm-1' } },
  },
];

export const CONFLICT: JournalEntry = {
  kind: 'conflict',
  step: 'links',
  source: 'purposepath-goal-kpi-links#l-2',
  reason: 'CONFLICT',
  detail: 'the row was not written by the engine',
  table: 'purposepath-kpi-links',
  key: 'l-2',
  image: { id: { S: 'l-2' }, weight: { N: '5' }, isPrimary: { BOOL: false } },
  found: { id: { S: 'l-2' }, weight: { N: '7' }, note: { S: 'by hand' } },
};

/** An application whose method answers with a result and keeps the requests that it got. */
export function answering<M extends keyof Application>(
  method: M,
  result: Awaited<ReturnType<Application[M]>>,
): { readonly application: Partial<Application>; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const answer = (request: unknown): Promise<unknown> => {
    asked.push(request);
    return Promise.resolve(result);
  };
  return { application: Object.fromEntries([[method, answer]]), asked };
}

export const LEASE: LeaseView = {
  plan: 'kpi',
  token: 7,
  holder: { host: 'build-7', pid: 4711, user: 'ann' },
  command: 'run',
  acquiredAt: '2026-11-21T05:35:12Z',
  expiresAt: '2026-11-21T05:36:02Z',
  released: false,
  stopRequested: false,
};

/** Entries of the kind asked for, as a journal would stream them. */
export function entriesOf(all: readonly JournalEntry[]) {
  return async function* ({ kind }: { readonly kind: EntryKind }): AsyncGenerator<JournalEntry> {
    await Promise.resolve();
    for (const entry of all) if (entry.kind === kind) yield entry;
  };
}

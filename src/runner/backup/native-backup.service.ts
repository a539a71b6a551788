import { setTimeout as sleep } from 'node:timers/promises';

import type { NativeBackupRequest, NativeBackupResult } from '../application.js';
import { s3Location } from '../ports/backup-location.js';
import type { NativeBackups, NativeJob } from '../ports/backup-native.js';
import { StoreError, UsageError } from '../ports/errors.js';
import { runId } from '../engine/run-id.js';
import { planNamed } from '../services/service-parts.js';
import type { BackupParts, NamedTable } from './backup-parts.js';
import { stoppable, tablesOf } from './backup-parts.js';

interface StartedJob extends NamedTable {
  readonly job: NativeJob;
}

/** What a kind of job is started and asked for by. */
interface JobKind {
  start(physicalName: string): Promise<NativeJob>;
  look(arn: string): Promise<NativeJob>;
}

/** How often the store is asked how far it is. */
const INTERVAL_MS = 5_000;

/** Longest name of an on-demand backup (API reference: BackupName). */
const LONGEST_NAME = 255;

/** `backup --native`: the store's own on-demand backups, or exports to S3. */
export class NativeBackupService {
  constructor(
    private readonly parts: BackupParts,
    private readonly interval = INTERVAL_MS,
  ) {}

  /** Starts all tables at once and waits for all. A stop ends the wait only: the store goes on. */
  backup(request: NativeBackupRequest): Promise<NativeBackupResult> {
    const { signal } = request;
    return stoppable(signal, 'Waiting was stopped; what was begun goes on in the store.', async () => {
      const plan = planNamed(this.parts, request.plan);
      const named = tablesOf(plan, this.parts);
      const natives = this.parts.openNativeBackups(named.map(({ physicalName }) => physicalName));
      try {
        const kind = this.kind(natives, plan.name, request.to);
        const started: StartedJob[] = [];
        for (const table of named) started.push({ ...table, job: await kind.start(table.physicalName) });
        const ended = await this.wait(kind, started, signal);
        requireDone(ended);
        return { plan: plan.name, env: this.parts.environment.name, tables: ended.map(tableResult) };
      } finally {
        natives.close();
      }
    });
  }

  private kind(natives: NativeBackups, plan: string, to: string | undefined): JobKind {
    const { environment, now, random } = this.parts;
    if (to === undefined) {
      const name = `${plan}-${environment.name}-${runId(now(), random)}`.slice(-LONGEST_NAME);
      return {
        start: (table) => natives.startBackup(table, name),
        look: (arn) => natives.backup(arn),
      };
    }
    const place = s3Location(to);
    if (place === undefined) {
      throw new UsageError(
        'BACKUP_LOCATION',
        `The store exports to S3 only, not to ${to}.`,
        'Name s3://bucket/prefix, or leave --to out for an on-demand backup.',
      );
    }
    return {
      start: (table) => natives.startExport(table, place.bucket, place.prefix),
      look: (arn) => natives.export(arn),
    };
  }

  private async wait(
    kind: JobKind,
    started: readonly StartedJob[],
    signal: AbortSignal | undefined,
  ): Promise<StartedJob[]> {
    const { progress } = this.parts;
    let jobs = [...started];
    progress.started('wait for the store', jobs.length);
    try {
      for (;;) {
        const ended = jobs.filter(({ job }) => job.state !== 'under way').length;
        progress.advanced(ended);
        if (ended === jobs.length) return jobs;
        await sleep(this.interval, undefined, signal === undefined ? {} : { signal });
        const looked: StartedJob[] = [];
        for (const one of jobs) {
          looked.push(one.job.state === 'under way' ? { ...one, job: await kind.look(one.job.arn) } : one);
        }
        jobs = looked;
      }
    } finally {
      progress.finished();
    }
  }
}

function tableResult({ table, physicalName, job }: StartedJob): NativeBackupResult['tables'][number] {
  return { table, physicalName, arn: job.arn, status: job.status };
}

function requireDone(jobs: readonly StartedJob[]): void {
  const failed = jobs.filter(({ job }) => job.state === 'failed');
  if (failed.length === 0) return;
  const told = failed.map(
    ({ physicalName, job }) => `${physicalName} (${job.failure ?? job.status}, ${job.arn})`,
  );
  throw new StoreError(
    'NATIVE_BACKUP_FAILED',
    `The store could not back up ${told.join(', ')}.`,
    'Look at the backup or export in the AWS console, then run the command again.',
  );
}

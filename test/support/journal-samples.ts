import { createHash, randomBytes } from 'node:crypto';
import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import type { Acceptance } from '../../src/runner/ports/attestation.js';
import type {
  JournalEntry,
  RunRecord,
  SegmentCheckpoint,
  StepRecord,
  StepState,
} from '../../src/runner/ports/journal.js';
import type { Fence } from '../../src/runner/ports/lease.js';

/** The run whose journal the suite opens, and the one that started after it. */
export const RUN = '20261121T053512Z-0a1b2c';
export const LATER_RUN = '20261121T070000Z-00ffee';

export function runRecord(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    run: RUN,
    plan: 'kpi',
    env: 'staging',
    planVersion: 'sha256:4f6a',
    dryRun: false,
    status: 'running',
    startedAt: '2026-11-21T05:35:12.000Z',
    steps: ['links', 'milestones'],
    flags: ['allow-unlinked'],
    ...changes,
  };
}

export function stepRecord(changes: Partial<StepRecord> = {}): StepRecord {
  return {
    run: RUN,
    step: 'links',
    status: 'running',
    counters: {
      read: 7,
      created: 2,
      updated: 1,
      unchanged: 1,
      skipped: 0,
      quarantined: 2,
      conflict: 1,
      rows: 4,
    },
    checks: [
      { name: 'count', passed: true, expected: 4, found: 4 },
      { name: 'digest', passed: false, expected: 'ab12', found: 'cd34' },
    ],
    findings: 1,
    reasons: { KPI_MISSING: 1, ID_INVALID: 1 },
    ...changes,
  };
}

export function stepState(changes: Partial<StepState> = {}): StepState {
  return {
    plan: 'kpi',
    step: 'links',
    status: 'validated',
    run: RUN,
    planVersion: 'sha256:4f6a',
    at: '2026-11-21T05:36:00.000Z',
    ...changes,
  };
}

export function quarantined(source: string, changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    kind: 'quarantine',
    step: 'links',
    source,
    reason: 'KPI_MISSING',
    field: 'kpiId',
    detail: 'no such KPI',
    image: { id: { S: source } },
    ...changes,
  };
}

export function checkpoint(changes: Partial<SegmentCheckpoint> = {}): SegmentCheckpoint {
  return {
    run: RUN,
    step: 'links',
    segment: 0,
    slices: 3,
    cursor: { id: { S: 'a' } },
    done: false,
    counters: { read: 30, created: 29, quarantined: 1 },
    reasons: { KPI_MISSING: 1 },
    announced: [],
    ...changes,
  };
}

export function acceptance(changes: Partial<Acceptance> = {}): Acceptance {
  return {
    gate: 'acceptance',
    at: '2026-11-21T08:00:00.000Z',
    by: 'ada@example.org',
    why: 'deleted in 2019',
    reason: 'KPI_MISSING',
    ...changes,
  };
}

/** The fence of a lease that never ends by itself. */
export function fenceOf(token: number, plan = 'kpi'): Fence {
  return { plan, token, assertHeld: () => undefined };
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** Every type a stored value can have, at its edges. */
export const EVERY_TYPE: StoredItem = Object.fromEntries([
  ['text', { S: 'Zürich \u0000 \u2028 😀 "quoted"' }],
  ['empty', { S: '' }],
  ['number', { N: '-1.2345678901234567890123456789012345678E-100' }],
  ['trailing', { N: '100.00' }],
  ['bytes', { B: new Uint8Array([0, 255, 128, 10, 13]) }],
  ['noBytes', { B: new Uint8Array() }],
  ['yes', { BOOL: true }],
  ['no', { BOOL: false }],
  ['nothing', { NULL: true }],
  ['strings', { SS: ['b', 'a', ''] }],
  ['numbers', { NS: ['3', '0.30', '1e5'] }],
  ['byteSets', { BS: [new Uint8Array([1]), new Uint8Array([0, 2])] }],
  ['list', { L: [{ S: 'x' }, { L: [] }, { M: {} }, { N: '0' }] }],
  [
    'map',
    { M: Object.fromEntries([['__proto__', { M: Object.fromEntries([['toString', { S: 'own' }]]) }]]) },
  ],
  ['__proto__', { S: 'an attribute like any other' }],
  ['constructor', { BOOL: true }],
  ['S', { M: { S: { S: 'looks like a tag' } } }],
  ['', { S: 'a nested name may be empty' }],
]);

/** About 390 KB that no compression makes smaller. */
export function hugeRecord(source: string): StoredItem {
  return { id: { S: source }, blob: { B: new Uint8Array(randomBytes(390 * 1024)) } };
}

/** The entry with its blobs as digests: comparing megabytes byte by byte takes the test library minutes. */
export function digested(entry: JournalEntry | undefined): unknown {
  return JSON.parse(
    JSON.stringify(entry, (_, value: unknown) =>
      value instanceof Uint8Array
        ? { length: value.length, sha256: createHash('sha256').update(value).digest('hex') }
        : value,
    ),
  );
}

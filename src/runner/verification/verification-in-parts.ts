import { createHash } from 'node:crypto';
import { addDigest, SUM_WORDS } from '../../domain/storage/content-sum.js';
import { stampOf, type AggregateMapper } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { IMigrationStep, StepContext } from '../../migrations/contract/migration-step.js';
import { parallelScan } from '../engine/parallel-scan.js';
import type { Journal, SegmentCheckpoint } from '../ports/journal.js';
import { actualRow } from './row-sides.js';
import { SideReader } from './side-reader.js';
import { StepVerification } from './step-verification.js';
import { Together } from './together.js';
import type { VerificationParts, VerificationResult } from './verification-parts.js';
import { verifySteps, type JointParts, type StepToVerify } from './verify-steps.js';

/** Where the parts of a verification are kept from one process to the next. */
export interface PartsKept {
  readonly journal: Pick<Journal, 'checkpoints' | 'saveCheckpoint'>;
  readonly run: string;
  /** told how many rows of both sides have been taken, those of earlier processes included */
  readonly onTaken: (rows: number) => void;
}

/** What a segment has told so far; the sum modulo 2^256 of what its rows are, as eight words. */
type Totals = Readonly<Record<string, number>>;

interface Pass {
  /** as the step of its checkpoints */
  readonly name: string;
  readonly table: string;
  /** adds what a row or record tells */
  readonly take: (item: StoredItem, add: Adder) => Promise<void> | void;
}

interface Adder {
  count(name: string, by?: number): void;
  row(table: string, key: string, owner: string, digest: string): void;
}

/**
 * Verifies a step for a process that may not have the time for all of it. Both sides are taken page by page, and after each
 * page the journal has its cursor and totals, so that the next process goes on there. Where both sides add up to the same
 * and no row gives rise to any doubt (an edit, a pin, a fault), that is the verdict. Else the step is verified from the
 * beginning, in one go: only that tells what is wrong (ADR 0008).
 */
export async function verifyInParts(
  parts: JointParts,
  step: StepToVerify,
  kept: PartsKept,
  settled: (step: IMigrationStep, result: VerificationResult) => Promise<void>,
): Promise<unknown> {
  const result = step.step.verifiesInParts === true ? await verdict(parts, step, kept) : undefined;
  if (result === undefined) return verifySteps(parts, [step], settled);
  return settled(step.step, result);
}

/** Undefined: there is doubt. */
async function verdict(
  parts: JointParts,
  step: StepToVerify,
  kept: PartsKept,
): Promise<VerificationResult | undefined> {
  const names = [step.step.source, ...step.step.mappers.keys()].map((table, at) =>
    nameOf(step.step, table, at),
  );
  const known = await Promise.all(names.map((name) => kept.journal.checkpoints(kept.run, name)));
  // what was doubtful before stays so, and time is short
  if (isRefuted(known, parts.segments)) return undefined;
  const together = new Together(parts.signal);
  const { reader, indexes, segments, check } = parts;
  const context: StepContext = { reader, indexes, segments, check, signal: together.signal };
  const planner = await step.step.prepare(context);
  const own: VerificationParts = { ...parts, ...step, planner, signal: together.signal };
  const verification = new StepVerification(own);
  try {
    await verification.survey();
    const folds = passesOf(own, names).map((pass, at) => new Fold(pass, own, kept, known[at] ?? []));
    const taken = (): void =>
      kept.onTaken(folds.reduce((sum, fold) => sum + (fold.totals()['taken'] ?? 0), 0));
    taken();
    await together.all(folds.map((fold) => () => fold.run(taken)));
    const [expected = {}, ...targets] = folds.map((fold) => fold.totals());
    const actual = added(targets);
    if (!agree(expected, actual)) return undefined;
    verification.adopt({
      ...{ sources: expected['sources'] ?? 0, quarantined: expected['quarantined'] ?? 0 },
      ...{ rows: actual['rows'] ?? 0, foreignRows: actual['foreign'] ?? 0 },
    });
    return await verification.settle();
  } finally {
    await verification.close();
  }
}

function nameOf(step: IMigrationStep, table: string, at: number): string {
  return `${step.name}/${at === 0 ? 'expected' : `actual/${table}`}`;
}

function passesOf(parts: VerificationParts, names: readonly string[]): Pass[] {
  const { step } = parts;
  const sides = new SideReader(parts);
  const mappers = [...step.mappers.values()];
  const [source = '', ...targets] = names;
  return [
    { name: source, table: step.source, take: expecting(sides) },
    ...mappers.map((mapper, at) => ({
      ...{ name: targets[at] ?? '', table: mapper.table },
      take: taking(parts, sides, mapper),
    })),
  ];
}

function expecting(sides: SideReader): Pass['take'] {
  return (record, add) => {
    const decision = sides.decision(record);
    add.count('sources');
    if (decision.kind === 'quarantined') add.count('quarantined');
    for (const { table, key, source, digest } of sides.expectedRows(record, decision))
      add.row(table, key, source, digest);
  };
}

function taking(
  { planner, keys }: VerificationParts,
  sides: SideReader,
  mapper: AggregateMapper<unknown>,
): Pass['take'] {
  const key = keys(mapper.table);
  return async (item, add) => {
    const stamp = stampOf(item);
    if (stamp === undefined) add.count('foreign');
    if (stamp === undefined || !sides.isAccountedFor(item, stamp.source)) return;
    const row = actualRow(mapper, key.text(item), item, stamp);
    add.row(row.table, row.key, stamp.source, row.digest);
    if (row.edited || row.broken !== undefined) add.count('doubts');
    const pinned = planner.pin?.(item) ?? false;
    if (typeof pinned === 'boolean' ? pinned : await pinned) add.count('doubts');
    if (planner.audit?.(row.table, item) !== undefined) add.count('doubts');
  };
}

/** One pass over a table: segments that go on where they stood, each page ended by a checkpoint. */
class Fold {
  private readonly segments: SegmentCheckpoint[];

  constructor(
    private readonly pass: Pass,
    private readonly parts: VerificationParts,
    private readonly kept: PartsKept,
    stored: readonly SegmentCheckpoint[],
  ) {
    this.segments = Array.from({ length: parts.segments }, (_, segment) => {
      const beginning = { slices: 0, done: false, counters: {}, reasons: {}, announced: [] };
      const known = stored.find((one) => one.segment === segment);
      return known ?? { run: kept.run, step: pass.name, segment, ...beginning };
    });
  }

  totals(): Totals {
    return added(this.segments.map(({ counters }) => counters));
  }

  async run(onTaken: () => void): Promise<void> {
    const { pass, parts, kept } = this;
    await parallelScan(
      parts.reader,
      pass.table,
      parts.segments,
      async ({ items, next }, segment) => {
        const before = this.at(segment);
        const page = new PageTotals();
        for (const item of items) {
          const taken = pass.take(item, page);
          if (taken !== undefined) await taken;
        }
        page.count('taken', items.length);
        const { run, step, slices, counters } = before;
        const after: SegmentCheckpoint = {
          ...{ run, step, segment, slices: slices + 1, reasons: {}, announced: [] },
          counters: added([counters, page.totals()]),
          ...(next === undefined ? { done: true } : { done: false, cursor: next }),
        };
        await kept.journal.saveCheckpoint(after);
        this.segments[segment] = after;
        onTaken();
      },
      {
        ...(parts.signal === undefined ? {} : { signal: parts.signal }),
        from: (segment) => (this.at(segment).done ? 'done' : this.at(segment).cursor),
      },
    );
  }

  private at(segment: number): SegmentCheckpoint {
    const checkpoint = this.segments[segment];
    if (checkpoint === undefined) throw new RangeError(`no segment ${segment} of ${this.segments.length}`);
    return checkpoint;
  }
}

class PageTotals implements Adder {
  private readonly counts = new Map<string, number>();
  private readonly sum = new Uint32Array(SUM_WORDS);

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  /** Everything that makes the row what it is goes into one digest: only equal rows can cancel each other out. */
  row(table: string, key: string, owner: string, digest: string): void {
    this.count('rows');
    const whole = createHash('sha256')
      .update(JSON.stringify([table, key, owner, digest]))
      .digest('hex');
    addDigest(this.sum, 0, whole);
  }

  totals(): Totals {
    return { ...Object.fromEntries(this.counts), ...sumFields(this.sum) };
  }
}

const WORDS = Array.from({ length: SUM_WORDS }, (_, at) => `sum${at}`);

function sumFields(sum: Uint32Array): Totals {
  return Object.fromEntries(WORDS.map((word, at) => [word, sum[at] ?? 0]));
}

function added(all: readonly Totals[]): Totals {
  const page = new PageTotals();
  const sum = new Uint32Array(SUM_WORDS);
  for (const totals of all) {
    for (const [name, count] of Object.entries(totals)) if (!WORDS.includes(name)) page.count(name, count);
    addDigest(sum, 0, WORDS.map((word) => (totals[word] ?? 0).toString(16).padStart(8, '0')).join(''));
  }
  return { ...page.totals(), ...sumFields(sum) };
}

/** Whether what is known, the source's checkpoints first, says already that the sides can't be shown to be equal. */
function isRefuted(known: readonly (readonly SegmentCheckpoint[])[], segments: number): boolean {
  const [expected = {}, ...targets] = known.map((all) => added(all.map(({ counters }) => counters)));
  const actual = added(targets);
  if ((actual['doubts'] ?? 0) > 0) return true;
  const isOver = known.every((all) => all.filter(({ done }) => done).length === segments);
  return isOver && !agree(expected, actual);
}

function agree(expected: Totals, actual: Totals): boolean {
  return (
    (actual['doubts'] ?? 0) === 0 &&
    ['rows', ...WORDS].every((name) => (expected[name] ?? 0) === (actual[name] ?? 0))
  );
}

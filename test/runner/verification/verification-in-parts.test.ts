import { Trial } from '../../../src/conformance/trial/trial.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import { NO_PROGRESS } from '../../../src/conformance/trial/surroundings.js';
import { withStamp, stampOf } from '../../../src/domain/storage/stored.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import type { IMigrationStep, RecordPlanner } from '../../../src/migrations/contract/migration-step.js';
import type { Page, RecordReader } from '../../../src/migrations/contract/record-reader.js';
import { rowKeys } from '../../../src/migrations/contract/row-key.js';
import { conflictSources } from '../../../src/runner/engine/step-runner.js';
import type { FindingKind, StepResult } from '../../../src/runner/application.js';
import { strayStamps } from '../../../src/runner/verification/stray-stamps.js';
import type { VerificationResult } from '../../../src/runner/verification/verification-parts.js';
import { verifyInParts } from '../../../src/runner/verification/verification-in-parts.js';
import {
  verifySteps,
  type JointParts,
  type StepToVerify,
} from '../../../src/runner/verification/verify-steps.js';
import { KpiDemoData } from '../../../src/migrations/kpi/demo/kpi-demo-data.js';
import { kpiPlanInMemory } from '../../support/engine/kpi-trial.js';
import { TABLE } from '../../support/kpi/tables.js';

const STEP = 'readings';
const RUN = 'a-run';

/** Demo data after a run; `defects`: some records of it are set aside. */
async function migrated(defects: boolean): Promise<{ trial: Trial; result: StepResult; run: string }> {
  const tables = new Map<string, StoredItem[]>();
  for (const { table, item } of new KpiDemoData().rows({ defects, scale: 120 }))
    tables.set(table, [...(tables.get(table) ?? []), item]);
  const trial = new Trial(kpiPlanInMemory, Object.fromEntries(tables));
  const { steps, run } = await trial.wholeRun();
  const result = steps.find(({ step }) => step === STEP);
  if (result === undefined) throw new Error('the step did not run');
  return { trial, result, run };
}

interface Verifier {
  /** pages that were read so far, by table */
  readonly pages: Map<string, number>;
  readonly taken: number[];
  complete(): Promise<VerificationResult>;
  /** rejects when that many pages of the target have been read */
  inParts(pages?: number): Promise<VerificationResult>;
}

async function verifierOf(
  trial: Trial,
  result: StepResult,
  run: string,
  other: (step: IMigrationStep) => IMigrationStep = (step) => step,
): Promise<Verifier> {
  const found = trial.plan.steps.find(({ name }) => name === STEP);
  const step = found === undefined ? undefined : other(found);
  if (step === undefined) throw new Error('there is no such step');
  const indexes = new MemoryIndexes(false);
  const conflicts = await conflictSources(indexes, trial.journal, [{ run, step: STEP }]);
  const kept = new MemoryJournal();
  const toVerify: StepToVerify = {
    ...{ step, conflicts: conflicts.has, isStray: strayStamps(trial.plan, step) },
    counters: result.counters,
  };
  const pages = new Map<string, number>();
  const taken: number[] = [];
  const partsOf = (stop: AbortController, most: number): JointParts => ({
    ...{ reader: counted(trial.reader, stop, most, pages), indexes, check: () => undefined },
    ...{ keys: rowKeys(trial.plan.tables), segments: 2, progress: NO_PROGRESS, signal: stop.signal },
  });
  return {
    pages,
    taken,
    complete: async () => (await verifySteps(partsOf(new AbortController(), Infinity), [toVerify]))[0],
    inParts: async (most = Infinity) => {
      const results: VerificationResult[] = [];
      const store = { journal: kept, run: RUN, onTaken: (rows: number) => void taken.push(rows) };
      await verifyInParts(partsOf(new AbortController(), most), toVerify, store, (_, one) => {
        results.push(one);
        return Promise.resolve();
      });
      if (results[0] === undefined) throw new Error('nothing was settled');
      return results[0];
    },
  };
}

function counted(
  reader: RecordReader,
  stop: AbortController,
  most: number,
  pages: Map<string, number>,
): RecordReader {
  let read = 0;
  const scan = async function* (...of: Parameters<RecordReader['scan']>): AsyncGenerator<Page> {
    for await (const page of reader.scan(...of)) {
      pages.set(of[0], (pages.get(of[0]) ?? 0) + 1);
      if (of[0] === TABLE.kpiData && (read += 1) > most) stop.abort(new Error('the time is over'));
      yield page;
    }
  };
  return {
    scan,
    get: (table, keys) => reader.get(table, keys),
    positionBehind: (table, item) => reader.positionBehind(table, item),
  };
}

function rowsOf(trial: Trial): StoredItem[] {
  const own = (row: StoredItem): boolean => stampOf(row)?.source.startsWith(`${TABLE.readings}#`) === true;
  return (trial.tables().get(TABLE.kpiData) ?? []).filter(own);
}

/** name → the findings that come of it, and what somebody does to the rows of the step */
const DEFECTS: Readonly<Record<string, readonly [readonly FindingKind[], (trial: Trial) => void]>> = {
  'nothing is wrong': [[], () => undefined],
  'a row is gone': [['missing'], (trial) => trial.change({ [TABLE.kpiData]: rowsOf(trial).slice(0, 1) }, {})],
  'a row was edited': [
    ['different'],
    (trial) => {
      const [row = {}] = rowsOf(trial);
      trial.put(TABLE.kpiData, [{ ...row, notes: { S: 'by hand' } }]);
    },
  ],
  'a row nobody asks for': [
    ['extra'],
    (trial) => {
      const [row = {}] = rowsOf(trial);
      const source = `${TABLE.readings}#00000000-0000-4000-8000-0000000000aa`;
      const id = { S: '00000000-0000-4000-8000-0000000000aa' };
      trial.put(TABLE.kpiData, [withStamp({ ...row, id }, { ...stampOf(row)!, source })]);
    },
  ],
  'two rows have the owner of each other': [
    ['different'],
    (trial) => {
      const [one = {}, two = {}] = rowsOf(trial);
      trial.put(TABLE.kpiData, [
        withStamp(one, { ...stampOf(one)!, source: stampOf(two)!.source }),
        withStamp(two, { ...stampOf(two)!, source: stampOf(one)!.source }),
      ]);
    },
  ],
  'two rows have the id of each other': [
    ['id'],
    (trial) => {
      const [one = {}, two = {}] = rowsOf(trial);
      trial.put(TABLE.kpiData, [
        { ...one, id: two['id']! },
        { ...two, id: one['id']! },
      ]);
    },
  ],
  'a source record is gone': [
    ['extra'],
    (trial) => {
      const [record = {}] = trial.tables().get(TABLE.readings) ?? [];
      trial.change({ [TABLE.readings]: [record] }, {});
    },
  ],
  'a link is gone': [
    ['orphan'],
    (trial) => {
      const [link = {}] = trial.tables().get(TABLE.kpiLinks) ?? [];
      trial.change({ [TABLE.kpiLinks]: [link] }, {});
    },
  ],
  'the application has rows of its own': [
    [],
    (trial) => {
      const [row = {}] = rowsOf(trial);
      const own = Object.entries(row).filter(([name]) => name !== '_migration');
      const id = { S: '00000000-0000-4000-8000-0000000000bb' };
      trial.put(TABLE.kpiData, [{ ...Object.fromEntries(own), id }]);
    },
  ],
};

/** The step, with a planner that says something else of stored rows. */
function saying(said: Pick<RecordPlanner, 'audit' | 'pin'>): (step: IMigrationStep) => IMigrationStep {
  return (step) => {
    const prepare: IMigrationStep['prepare'] = async (context) =>
      Object.assign(Object.create(await step.prepare(context)) as RecordPlanner, said);
    return Object.assign(Object.create(step) as IMigrationStep, { prepare });
  };
}

describe('a verification in parts', () => {
  it.each(Object.entries(DEFECTS))(
    'invariant 8: says the same as a complete one where %s, however often it was cut off',
    async (_, [kinds, spoil]) => {
      for (const defects of [false, true]) {
        const { trial, result, run } = await migrated(defects);
        spoil(trial);
        const verifier = await verifierOf(trial, result, run);
        const complete = await verifier.complete();
        expect(new Set(complete.findings.map(({ kind }) => kind))).toEqual(new Set(kinds));
        for (const pages of [1, 2, 3]) await verifier.inParts(pages).catch(() => undefined);
        expect(await verifier.inParts()).toEqual(complete);
        expect(await (await verifierOf(trial, result, run)).inParts()).toEqual(complete);
      }
    },
  );

  it('has no verdict of its own where a row is as it should be and its neighbours are not', async () => {
    const { trial, result, run } = await migrated(false);
    const [orphan] = rowsOf(trial);
    const audit: RecordPlanner['audit'] = (_table, row) =>
      row['id'] === orphan?.['id'] ? { kind: 'orphan', field: 'kpiLinkId', detail: 'gone' } : undefined;
    const verifier = await verifierOf(trial, result, run, saying({ audit }));
    const complete = await verifier.complete();
    expect(complete.findings.map(({ kind }) => kind)).toEqual(['orphan']);
    expect(await verifier.inParts()).toEqual(complete);
  });

  it('has none either where a stored row pins another choice than the plan would make', async () => {
    const { trial, result, run } = await migrated(false);
    let pins = 0;
    const pin: RecordPlanner['pin'] = () => (pins += 1) % 7 === 0;
    const verifier = await verifierOf(trial, result, run, saying({ pin }));
    await verifier.inParts();
    const taken = verifier.taken.length;
    await verifier.inParts();
    expect(verifier.taken).toHaveLength(taken);
  });

  it('goes on where it was cut off: what was taken once is not read again', async () => {
    const { trial, result, run } = await migrated(false);
    const once = await verifierOf(trial, result, run);
    await once.inParts();
    const verifier = await verifierOf(trial, result, run);
    for (let n = 0; n < 4; n += 1) await expect(verifier.inParts(3)).rejects.toThrow('the time is over');
    await verifier.inParts();
    const [target, repeated] = [once.pages.get(TABLE.kpiData) ?? 0, verifier.pages.get(TABLE.kpiData) ?? 0];
    // of each of the four that were cut off, a page for each segment was read and not taken any more
    expect(target).toBeGreaterThan(12);
    expect(repeated).toBeGreaterThanOrEqual(target);
    expect(repeated).toBeLessThanOrEqual(target + 4 * 2);
    expect(verifier.taken).toEqual([...verifier.taken].sort((a, b) => a - b));
    expect(verifier.taken.at(-1)).toBe(once.taken.at(-1));
  });

  it('does not begin in parts again where it had doubts: only a complete one tells what is wrong', async () => {
    const { trial, result, run } = await migrated(false);
    DEFECTS['a row was edited']?.[1](trial);
    const verifier = await verifierOf(trial, result, run);
    await verifier.inParts();
    const taken = verifier.taken.length;
    expect((await verifier.inParts()).findings.map(({ kind }) => kind)).toEqual(['different']);
    expect(verifier.taken).toHaveLength(taken);
  });
});

import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileJournal } from '../../../src/infrastructure/journal/file-journal.js';
import { FileJournals } from '../../../src/infrastructure/journal/file-journals.js';
import type { RunLog } from '../../../src/runner/ports/run-log.js';
import { journalContract } from '../../support/journal-contract.js';
import {
  acceptance,
  all,
  checkpoint,
  EVERY_TYPE,
  fenceOf,
  LATER_RUN,
  quarantined,
  RUN,
  runRecord,
  stepRecord,
  stepState,
} from '../../support/journal-samples.js';

let root: string;
const roots: string[] = [];

async function newRoot(): Promise<string> {
  root = await mkdtemp(join(tmpdir(), 'waybill-journal-'));
  roots.push(root);
  return root;
}

afterAll(async () => {
  await Promise.all(roots.map((folder) => rm(folder, { recursive: true, force: true })));
});

const oneRun = { severalRuns: false };
journalContract('FileJournal', async () => new FileJournal(join(await newRoot(), RUN)), oneRun);
journalContract(
  'FileJournal that sorts in scratch files',
  async () => new FileJournal(join(await newRoot(), RUN), { sortCeiling: 600 }),
  oneRun,
);

describe('FileJournal in its folder', () => {
  let events: [string, Readonly<Record<string, unknown>>][];
  let folder: string;
  const log: RunLog = { event: (_level, event, fields) => void events.push([event, fields ?? {}]) };
  const file = (name: string): string => join(folder, name);
  const journal = (sortCeiling?: number): FileJournal =>
    new FileJournal(folder, sortCeiling === undefined ? { log } : { log, sortCeiling });
  const sources = async (from = journal()): Promise<string[]> =>
    (await all(from.entries(RUN, 'links', 'quarantine'))).map((entry) => entry.source);
  beforeEach(async () => {
    events = [];
    folder = join(await newRoot(), RUN);
  });

  it('lets nobody but the owner read anything, also in a folder that was open before', async () => {
    await mkdir(folder);
    await chmod(folder, 0o755);
    const own = journal();
    await own.append(RUN, [quarantined('t#1')]);
    await own.saveRun(runRecord());
    await own.saveStep(stepRecord());
    const mode = async (name: string): Promise<number> => (await stat(file(name))).mode & 0o777;
    expect(await mode('.')).toBe(0o700);
    expect(await mode('steps')).toBe(0o700);
    for (const name of ['run.json', 'steps/links.json', 'entries-quarantine-links.jsonl']) {
      expect([name, await mode(name)]).toEqual([name, 0o600]);
    }
    expect((await readdir(folder)).sort()).toEqual(['entries-quarantine-links.jsonl', 'run.json', 'steps']);
  });

  it('has lines that any JSON reader understands', async () => {
    await journal().append(RUN, [
      quarantined('t#1', { image: { id: { S: 'x' }, b: { B: new Uint8Array([1]) } } }),
    ]);
    expect(await readFile(file('entries-quarantine-links.jsonl'), 'utf8')).toBe(
      '{"source":"t#1","reason":"KPI_MISSING","field":"kpiId","detail":"no such KPI",' +
        '"image":{"id":{"S":"x"},"b":{"B":"AQ=="}}}\n',
    );
  });

  it('keeps no states, checkpoints and attestations: a dry run establishes nothing and is never resumed', async () => {
    const own = journal();
    await own.saveRun(runRecord());
    await own.saveState(stepState());
    await own.saveCheckpoint(checkpoint());
    await own.attest('kpi', acceptance());
    expect(await own.states('kpi')).toEqual([]);
    expect(await own.checkpoints(RUN, 'links')).toEqual([]);
    expect(await own.attestations('kpi', 'acceptance')).toEqual([]);
    expect(await readdir(folder)).toEqual(['run.json']);
  });

  it('knows no leases: a dry run takes none', async () => {
    const own = journal();
    await own.fencedBy(fenceOf(1)).append(RUN, [quarantined('t#1')]);
    expect(await sources(own)).toEqual(['t#1']);
  });

  it('prunes by writing the file anew, readable by its owner only, and appends behind that', async () => {
    const own = journal();
    await own.append(RUN, [quarantined('t#1'), quarantined('t#2'), quarantined('t#1', { detail: 'again' })]);
    await appendFile(file('entries-quarantine-links.jsonl'), '{"source":"t#3","rea');
    const pruned = own.prune(RUN, 'links', 'quarantine', ({ source }) => source !== 't#2');
    await Promise.all([pruned, own.append(RUN, [quarantined('t#4')])]);
    expect(await pruned).toBe(1);
    expect(await sources(own)).toEqual(['t#1', 't#4']);
    const text = await readFile(file('entries-quarantine-links.jsonl'), 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(2);
    expect((await stat(file('entries-quarantine-links.jsonl'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['entries-quarantine-links.jsonl']);
  });

  it('works through calls in the order they are made', async () => {
    const own = journal();
    const calls = Array.from({ length: 40 }, (_, index) => [
      own.append(RUN, [quarantined(`t#${index}`)]).then(() => 0),
      own.prune(RUN, 'links', 'quarantine', () => false),
    ]);
    const removed = await Promise.all(calls.flat());
    expect(removed.filter((_, index) => index % 2 === 1)).toEqual(calls.map(() => 1));
    expect(await sources(own)).toEqual([]);
  });

  it('keeps the old file when pruning fails', async () => {
    await journal().append(RUN, [quarantined('t#1'), quarantined('t#2')]);
    const failing = (): boolean => {
      throw new RangeError('no');
    };
    await expect(journal().prune(RUN, 'links', 'quarantine', failing)).rejects.toThrow(RangeError);
    expect(await sources()).toEqual(['t#1', 't#2']);
    expect(await readdir(folder)).toEqual(['entries-quarantine-links.jsonl']);
  });

  it('refuses what is of another run, and has nothing of it', async () => {
    await expect(journal().saveRun(runRecord({ run: LATER_RUN }))).rejects.toThrow(LATER_RUN);
    await expect(journal().saveStep(stepRecord({ run: LATER_RUN }))).rejects.toThrow(LATER_RUN);
    await expect(journal().append(LATER_RUN, [])).rejects.toThrow(LATER_RUN);
    await expect(journal().prune(LATER_RUN, 'links', 'warning', () => true)).rejects.toThrow(LATER_RUN);
    await journal().saveRun(runRecord());
    await journal().saveStep(stepRecord());
    expect(await journal().run(LATER_RUN)).toBeUndefined();
    expect(await journal().steps(LATER_RUN)).toEqual([]);
    expect(await journal().runs('personnel', 5)).toEqual([]);
    expect(await journal().runs('kpi', 0)).toEqual([]);
  });

  it('reads past a last line that a crash cut short, and reports it by its length only', async () => {
    await journal().append(RUN, [quarantined('t#1'), quarantined('t#2')]);
    await appendFile(file('entries-quarantine-links.jsonl'), '{"source":"t#3","rea');
    expect(await sources()).toEqual(['t#1', 't#2']);
    expect((await journal().entry(RUN, 'links', 'quarantine', 't#2'))?.source).toBe('t#2');
    const torn = { run: RUN, file: 'entries-quarantine-links.jsonl', bytes: 20 };
    expect(events).toEqual([
      ['journal.torn-line', torn],
      ['journal.torn-line', torn],
    ]);
  });

  it('removes such a line before it appends behind it', async () => {
    for (const torn of ['{"source":"t#9"', `{"source":"${'x'.repeat(200_000)}`]) {
      await journal().append(RUN, [quarantined('t#1')]);
      await appendFile(file('entries-quarantine-links.jsonl'), torn);
      await journal().append(RUN, [quarantined('t#2')]);
      expect(await sources()).toEqual(['t#1', 't#2']);
      expect(events.splice(0).map(([, fields]) => fields['bytes'])).toEqual([torn.length]);
    }
    await writeFile(file('entries-quarantine-links.jsonl'), 'torn from the start');
    await journal().append(RUN, [quarantined('t#3')]);
    expect(await sources()).toEqual(['t#3']);
  });

  it('refuses a whole line that is no entry, without quoting it', async () => {
    await journal().append(RUN, [quarantined('t#1')]);
    await appendFile(file('entries-quarantine-links.jsonl'), '{"source": Jane Doe}\n');
    const failure: unknown = await sources().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'JOURNAL_DAMAGED', exit: 3 });
    expect((failure as Error).message).toContain('entries-quarantine-links.jsonl:2');
    expect((failure as Error).message).not.toContain('Jane');
  });

  it('refuses a folder of another format, or whose record is no JSON, reading and writing', async () => {
    await journal().append(RUN, [quarantined('t#1')]);
    await journal().saveStep(stepRecord());
    const entries = await readFile(file('entries-quarantine-links.jsonl'), 'utf8');
    for (const [content, code] of [
      ['{"format":3,"record":{}}', 'JOURNAL_FORMAT'],
      ['{"format":0,"record":{}}', 'JOURNAL_FORMAT'],
      ['{"format":"2","record":{}}', 'JOURNAL_FORMAT'],
      ['{"run":"x"}', 'JOURNAL_FORMAT'],
      ['null', 'JOURNAL_FORMAT'],
      ['{"format":1', 'JOURNAL_DAMAGED'],
    ] as const) {
      await writeFile(file('run.json'), content);
      for (const attempt of [
        () => journal().run(RUN),
        () => journal().steps(RUN),
        () => sources(),
        () => journal().entry(RUN, 'links', 'quarantine', 't#1'),
        () => journal().saveRun(runRecord()),
        () => journal().saveStep(stepRecord()),
        () => journal().append(RUN, [quarantined('t#2')]),
        () => journal().prune(RUN, 'links', 'quarantine', () => false),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code, exit: 3 });
      }
      expect(await readFile(file('run.json'), 'utf8')).toBe(content);
      expect(await readFile(file('entries-quarantine-links.jsonl'), 'utf8')).toBe(entries);
    }
  });

  it('reads a folder of format 1, and makes it one of format 2 before anything is written to it', async () => {
    const record = runRecord({ status: 'complete' });
    await mkdir(join(folder, 'steps'), { recursive: true });
    await writeFile(file('run.json'), JSON.stringify({ format: 1, record }));
    await writeFile(file('steps/links.json'), JSON.stringify({ format: 1, record: stepRecord() }));
    const line = '{"source":"t#1","reason":"KPI_MISSING","field":"kpiId","detail":"no such KPI"}\n';
    await writeFile(file('entries-quarantine-links.jsonl'), line);
    expect(await journal().run(RUN)).toEqual(record);
    expect(await journal().steps(RUN)).toEqual([stepRecord()]);
    expect(await sources()).toEqual(['t#1']);
    expect(await readFile(file('run.json'), 'utf8')).toContain('"format":1');
    await journal().append(RUN, [quarantined('t#2')]);
    expect(JSON.parse(await readFile(file('run.json'), 'utf8'))).toEqual({ format: 2, record });
    expect(await sources()).toEqual(['t#1', 't#2']);
    expect(await journal().steps(RUN)).toEqual([stepRecord()]);
  });

  it('sorts a large file in pieces and leaves no scratch file behind, left early or read to the end', async () => {
    const names = Array.from({ length: 2_000 }, (_, i) => `t#${String((i * 37) % 1_000).padStart(4, '0')}`);
    const own = journal(5_000);
    for (const [i, name] of names.entries()) {
      await own.append(RUN, [quarantined(name, { detail: String(i), image: EVERY_TYPE })]);
      if (i % 500 === 0) expect(await readdir(folder)).toEqual(['entries-quarantine-links.jsonl']);
    }
    const read = await all(own.entries(RUN, 'links', 'quarantine'));
    expect(read.map((entry) => entry.source)).toEqual([...new Set(names)].sort());
    expect(read.every((entry) => Number(entry.detail) >= 1_000)).toBe(true);
    for await (const entry of own.entries(RUN, 'links', 'quarantine')) {
      expect(entry.source).toBe('t#0000');
      expect(await readdir(folder)).toEqual(['entries-quarantine-links.jsonl']);
      break;
    }
  });
});

describe('FileJournals', () => {
  const record = (run: string, changes = {}) => runRecord({ run, dryRun: true, ...changes });

  it('lists the runs of a plan and environment newest first, and opens one', async () => {
    const journals = new FileJournals(await newRoot());
    await journals.journal(RUN).saveRun(record(RUN));
    await journals.journal(LATER_RUN).saveRun(record(LATER_RUN));
    const others = [
      ['20261121T080000Z-000001', { plan: 'personnel' }],
      ['20261121T080000Z-000002', { env: 'dev' }],
    ] as const;
    for (const [run, changes] of others) await journals.journal(run).saveRun(record(run, changes));
    await mkdir(join(root, '20261121T090000Z-000003'));
    await writeFile(join(root, 'notes.txt'), 'not a run');
    expect((await journals.runs('kpi', 'staging')).map((run) => run.run)).toEqual([LATER_RUN, RUN]);
    expect(await (await journals.open(RUN))?.run(RUN)).toEqual(record(RUN));
  });

  it('opens nothing where there is no run, and no folder outside its own', async () => {
    const journals = new FileJournals(join(await newRoot(), 'runs'));
    expect(await journals.runs('kpi', 'staging')).toEqual([]);
    expect(await journals.open(RUN)).toBeUndefined();
    await new FileJournal(join(root, RUN)).saveRun(record(RUN));
    expect(await journals.open(`../${RUN}`)).toBeUndefined();
    expect(() => journals.journal('..')).toThrow(TypeError);
  });

  it('passes over a run of another format and reports it; opening it is refused', async () => {
    const events: unknown[] = [];
    const log: RunLog = { event: (level, event, fields) => void events.push([level, event, fields]) };
    const journals = new FileJournals(await newRoot(), { log });
    await journals.journal(RUN).saveRun(record(RUN));
    await mkdir(join(root, LATER_RUN));
    await writeFile(join(root, LATER_RUN, 'run.json'), '{"format":3}');
    expect((await journals.runs('kpi', 'staging')).map((run) => run.run)).toEqual([RUN]);
    expect(events).toEqual([['warn', 'journal.unreadable-run', { run: LATER_RUN, code: 'JOURNAL_FORMAT' }]]);
    await expect(journals.open(LATER_RUN)).rejects.toMatchObject({ code: 'JOURNAL_FORMAT' });
  });
});

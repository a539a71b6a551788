import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application, EntriesRequest } from '../../../src/runner/application.js';
import type { JournalEntry } from '../../../src/runner/ports/journal.js';
import { StoreError } from '../../../src/runner/ports/errors.js';
import { CONFLICT, QUARANTINED, entriesOf, type } from './command-line-harness.js';

const application: Partial<Application> = { entries: entriesOf([...QUARANTINED, CONFLICT]) };

/** Two entries, then the store fails. */
const failing: Partial<Application> = {
  async *entries() {
    yield* entriesOf(QUARANTINED)({ kind: 'quarantine' });
    throw new StoreError('STORE_UNREACHABLE', 'No answer.', 'Is it running?');
  },
};

describe('quarantine list', () => {
  it('gives one object per record without its values', async () => {
    const { exit, stdout } = await type('quarantine list --env local --json', { application });

    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      {
        step: 'links',
        source: 'purposepath-goal-kpi-links#l-1',
        reason: 'KPI_MISSING',
        field: 'kpiId',
        detail: 'no such KPI',
      },
      {
        step: 'milestones',
        source: 'purposepath-kpi-milestones#m-1',
        reason: 'KPI_UNLINKED',
        detail: 'the KPI has no link',
      },
    ]);
  });

  it('gives an empty list where nothing is quarantined', async () => {
    const json = await type('quarantine list --env local --json', {
      application: { entries: entriesOf([]) },
    });
    const text = await type('quarantine list --env local', { application: { entries: entriesOf([]) } });

    expect(JSON.parse(json.stdout)).toEqual([]);
    expect(text.stdout).toBe('None.\n');
  });

  it('prints lines for people and what to type next', async () => {
    const { stdout } = await type('quarantine list --env local --plan kpi', { application });

    expect(stdout).toBe(
      'links  KPI_MISSING  purposepath-goal-kpi-links#l-1 kpiId: no such KPI\n' +
        'milestones  KPI_UNLINKED  purposepath-kpi-milestones#m-1: the KPI has no link\n\n' +
        '2 quarantined. The whole record: node runner quarantine show SOURCE --env local\n',
    );
  });

  it('passes on steps and run, asks for no images and keeps the reasons asked for', async () => {
    const asked: EntriesRequest[] = [];
    const spy: Partial<Application> = {
      entries: (request) => {
        asked.push(request);
        return entriesOf(QUARANTINED)(request);
      },
    };

    const { stdout } = await type(
      'quarantine list --env local --step milestones --run r-1 --reason KPI_UNLINKED,NO_SUCH --json',
      { application: spy },
    );

    expect(asked[0]).toEqual({
      plan: 'kpi',
      kind: 'quarantine',
      images: false,
      steps: ['milestones'],
      run: 'r-1',
    });
    expect(JSON.parse(stdout).map((entry: JournalEntry) => entry.reason)).toEqual(['KPI_UNLINKED']);
  });

  it('prints one document, that of the error, when the store fails in the middle of the list', async () => {
    const { exit, stdout } = await type('quarantine list --env local --json', { application: failing });

    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'STORE_UNREACHABLE', message: 'No answer.', next: 'Is it running?' },
    });
  });

  it('prints foreign control characters as text', async () => {
    const entry: JournalEntry = {
      kind: 'quarantine',
      step: 'links',
      source: 'table#\u001b[2J\u202eid',
      reason: 'ID_INVALID',
      detail: 'not a\nGUID',
    };

    const { stdout } = await type('quarantine list --env local', {
      application: { entries: entriesOf([entry]) },
    });

    expect(stdout.split('\n')[0]).toBe('links  ID_INVALID  table#\\u{1b}[2J\\u{202e}id: not a\\u{a}GUID');
  });
});

describe('conflicts list and warnings list', () => {
  it('give the objects that the spec names', async () => {
    const warning: JournalEntry = {
      kind: 'warning',
      step: 'links',
      source: 'purposepath-goal-kpi-links#l-3',
      reason: 'WEIGHT_RANGE',
      field: 'weight',
      detail: 'above 100',
    };
    const both = { application: { entries: entriesOf([CONFLICT, warning]) } };

    const conflicts = await type('conflicts list --env local --json', both);
    const warnings = await type('warnings list --env local --json', both);

    expect(JSON.parse(conflicts.stdout)).toEqual([
      {
        step: 'links',
        source: 'purposepath-goal-kpi-links#l-2',
        key: 'l-2',
        detail: 'the row was not written by the engine',
        table: 'purposepath-kpi-links',
      },
    ]);
    expect(JSON.parse(warnings.stdout)).toEqual([
      {
        step: 'links',
        source: 'purposepath-goal-kpi-links#l-3',
        code: 'WEIGHT_RANGE',
        field: 'weight',
        detail: 'above 100',
      },
    ]);
  });
});

describe('quarantine show', () => {
  it('shows the whole record as DynamoDB JSON', async () => {
    const asked: unknown[] = [];
    const show: Partial<Application> = {
      entry: (request) => {
        asked.push(request);
        return Promise.resolve(QUARANTINED[0]);
      },
    };

    const json = await type('quarantine show purposepath-goal-kpi-links#l-1 --env local --json', {
      application: show,
    });
    const text = await type('quarantine show purposepath-goal-kpi-links#l-1 --env local', {
      application: show,
    });

    expect(asked[0]).toEqual({
      plan: 'kpi',
      kind: 'quarantine',
      images: true,
      source: 'purposepath-goal-kpi-links#l-1',
    });
    expect(JSON.parse(json.stdout)).toMatchObject({
      reason: 'KPI_MISSING',
      record: { id: { S: 'l-1' }, thresholdPct: { N: '10.50' }, photo: { B: 'AQL/' } },
    });
    expect(text.stdout).toContain('"thresholdPct": {\n    "N": "10.50"\n  }');
  });

  it('refuses a source that is not there and names the list', async () => {
    const ended = await type('quarantine show t#x --env local --plan company --run r-1 --json', {
      application: { entry: () => Promise.resolve(undefined) },
    });

    expect(ended.exit).toBe(2);
    expect(JSON.parse(ended.stdout).error).toEqual({
      code: 'ENTRY_NOT_FOUND',
      message: "There is no quarantine entry of 't#x' here.",
      next: 'List what there is: node runner quarantine list --env local --plan company --run r-1',
    });
  });
});

describe('conflicts show', () => {
  it('sets the expected row beside the one found and marks what differs', async () => {
    const show: Partial<Application> = { entry: () => Promise.resolve(CONFLICT) };

    const json = await type('conflicts show purposepath-goal-kpi-links#l-2 --env local --json', {
      application: show,
    });
    const text = await type('conflicts show purposepath-goal-kpi-links#l-2 --env local', {
      application: show,
    });

    expect(JSON.parse(json.stdout)).toMatchObject({
      expected: { id: { S: 'l-2' }, weight: { N: '5' }, isPrimary: { BOOL: false } },
      found: { id: { S: 'l-2' }, weight: { N: '7' }, note: { S: 'by hand' } },
      differences: ['isPrimary', 'note', 'weight'],
    });
    expect(text.stdout).toBe(
      [
        'links  purposepath-goal-kpi-links#l-2  purposepath-kpi-links#l-2: the row was not written by the engine',
        '',
        '   Attribute  Expected        Found',
        '   id         {"S":"l-2"}     {"S":"l-2"}',
        '*  isPrimary  {"BOOL":false}  -',
        '*  note       -               {"S":"by hand"}',
        '*  weight     {"N":"5"}       {"N":"7"}',
        '',
      ].join('\n'),
    );
  });
});

describe('quarantine export', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waybill-test-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('invariant 11: writes whole records as JSON lines that only the owner can read', async () => {
    const file = join(folder, 'out.jsonl');

    const ended = await type(`quarantine export --env local --out ${file} --json`, { application });

    expect(JSON.parse(ended.stdout)).toEqual({ file, records: 2 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0]!)).toEqual({
      step: 'links',
      source: 'purposepath-goal-kpi-links#l-1',
      reason: 'KPI_MISSING',
      field: 'kpiId',
      detail: 'no such KPI',
      record: { id: { S: 'l-1' }, photo: { B: 'AQL/' }, thresholdPct: { N: '10.50' } },
    });
  });

  it('never overwrites a file', async () => {
    const file = join(folder, 'out.jsonl');
    await writeFile(file, 'mine');

    const ended = await type(`quarantine export --env local --out ${file} --json`, { application });

    expect(ended.exit).toBe(2);
    expect(JSON.parse(ended.stdout).error.code).toBe('OUTPUT_EXISTS');
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('leaves no half-written file behind', async () => {
    const file = join(folder, 'out.jsonl');

    const ended = await type(`quarantine export --env local --out ${file}`, { application: failing });

    expect(ended.exit).toBe(3);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a folder that is not there', async () => {
    const ended = await type(`quarantine export --env local --out ${folder}/no/file --json`, { application });

    expect(ended.exit).toBe(2);
    expect(JSON.parse(ended.stdout).error.code).toBe('OUTPUT_UNWRITABLE');
  });
});

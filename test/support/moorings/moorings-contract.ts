import { STAMP_ATTRIBUTE, stampOf } from '../../../src/domain/storage/stored.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { JournalEntry, EntryKind } from '../../../src/runner/ports/journal.js';
import type { RunRequest, RunResult, ValidateResult } from '../../../src/runner/application.js';
import { MOORINGS } from './moorings-plan.js';
import type { MooringsTrial } from './moorings-trial.js';

const PLAN = 'moorings';
const RUN: RunRequest = {
  ...{ plan: PLAN, dryRun: false, accept: [], confirmProduction: false, overrides: [] },
  resume: 'auto',
};

/** What must hold of a plan whose tables all have composite keys, whatever store they stand in. */
export function describeCompositeKeys(open: () => Promise<MooringsTrial>): void {
  let trial: MooringsTrial;

  beforeEach(async () => {
    trial = await open();
    for (const [table, rows] of Object.entries(MOORINGS)) await trial.put(table, ...rows);
  });
  afterEach(() => trial.close());

  const run = (): Promise<RunResult> => trial.application.run(RUN);

  async function validate(sample?: number): Promise<ValidateResult> {
    const request = sample === undefined ? {} : { sample };
    return trial.application.validate({ plan: PLAN, ...request });
  }

  /** The call with this key. */
  async function call(port: string, name: string): Promise<StoredItem> {
    const all = await trial.rows('calls');
    const found = all.find((row) => textOf(row['port']) === port && textOf(row['call']) === name);
    if (found === undefined) throw new Error(`there is no call ${name} in ${port}`);
    return found;
  }

  /** Somebody gives a row another key; its stamp goes along. */
  async function move(row: StoredItem, key: StoredItem): Promise<void> {
    await trial.erase('calls', row);
    await trial.put('calls', { ...row, ...key });
  }

  async function entries(kind: EntryKind): Promise<string[]> {
    const all: JournalEntry[] = [];
    for await (const entry of trial.application.entries({ plan: PLAN, kind })) all.push(entry);
    return all.map(({ source, reason, table, key }) =>
      [source, reason, ...(table === undefined ? [] : [`${table}#${key ?? ''}`])].join(' '),
    );
  }

  it('passes preflight', async () => {
    const result = await trial.application.preflight({ plan: PLAN });
    expect(result.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(result.checks.map(({ name, found }) => `${name}: ${found}`)).toContainEqual(
      expect.stringMatching(/^key of port-log.*: ship, arrival$/),
    );
  });

  it('runs and validates, writes a row for each key, and names each record in its stamp', async () => {
    const result = await run();
    expect(result.steps).toMatchObject([
      { status: 'validated', counters: { read: 21, created: 19, skipped: 1, quarantined: 1, rows: 21 } },
    ]);
    const rows = await trial.rows('calls');
    const named = rows.map(
      (row) =>
        `${textOf(row['port']) ?? ''} ${textOf(row['call']) ?? ''} <- ${stampOf(row)?.source ?? 'none'}`,
    );
    expect(named).toHaveLength(22);
    expect(named.filter((line) => !line.includes('Delos')).sort()).toEqual([
      'Kiel 1/Ariel/1 <- port-log#Ariel|1',
      'Kiel 1/Boreas/1 <- port-log#Boreas|1',
      'Kiel 1/Boreas/2 <- port-log#Boreas|1',
      'Kiel 1/Boreas/3 <- port-log#Boreas|1',
      'Kiel 2/Ariel/1 <- port-log#Ariel|2',
      'Kiel own <- none',
      'Riga 2/Boreas/1 <- port-log#Boreas|2',
      'a\\ b#c/a\\/1 <- port-log#a\\\\|b#c',
      'y|z b|c/a/1 <- port-log#a|b\\|c',
      'z c/a|b/1 <- port-log#a\\|b|c',
    ]);
    expect(await entries('quarantine')).toEqual(['port-log#Ceres|2 PIER_MISSING']);
    expect((await validate()).passed).toBe(true);
    expect((await validate(100)).passed).toBe(true);
  });

  it('adds each pier that is absent once, and leaves the one that is there alone', async () => {
    await run();
    const piers = (await trial.rows('piers')).map(
      (row) => `${textOf(row['port']) ?? ''} ${textOf(row['pier']) ?? ''} ${stampOf(row)?.source ?? 'none'}`,
    );
    expect(piers.filter((line) => !line.includes('Delos')).sort()).toEqual([
      'Kiel north none',
      'Riga north port-log#Boreas|2',
      'a\\ | port-log#a\\\\|b#c',
      'y|z x port-log#a|b\\|c',
      'z x|y port-log#a\\|b|c',
    ]);
    expect(piers).toHaveLength(9);
  });

  it('counts in a dry run what the run then counts, and writes nothing in it', async () => {
    const before = await trial.rows('calls');
    const dry = await trial.application.run({ ...RUN, dryRun: true });
    expect(await trial.rows('calls')).toEqual(before);
    expect(dry.steps.map(({ status }) => status)).toEqual(['validated']);
    const wet = await run();
    expect(dry.steps.map(({ counters }) => counters)).toEqual(wet.steps.map(({ counters }) => counters));
  });

  it('changes nothing in a second run', async () => {
    await run();
    const before = await trial.rows('calls');
    const again = await run();
    expect(again.steps).toMatchObject([{ status: 'validated', counters: { created: 0, unchanged: 19 } }]);
    expect(await trial.rows('calls')).toEqual(before);
  });

  it('replaces the row of a record that has changed, and no other row of its port or ship', async () => {
    await run();
    const before = await trial.rows('calls');
    await trial.put('port-log', { ...recordOf('Ariel', '2'), tons: { N: '8' } });
    const again = await run();
    expect(again.steps).toMatchObject([{ status: 'validated', counters: { updated: 1, unchanged: 18 } }]);
    const replaced = await call('Kiel', '2/Ariel/1');
    expect(replaced['tons']).toEqual({ N: '8' });
    const isOther = (row: StoredItem): boolean => textOf(row['call']) !== '2/Ariel/1';
    expect((await trial.rows('calls')).filter(isOther)).toEqual(before.filter(isOther));
  });

  it('reports a row of the application under a key as the conflict of that record alone', async () => {
    const own = { port: { S: 'z' }, call: { S: 'c/a|b/1' }, note: { S: 'by hand' } };
    await trial.put('calls', own);
    const result = await run();
    expect(result.steps).toMatchObject([{ counters: { created: 18, conflict: 1 } }]);
    expect(await entries('conflict')).toEqual(['port-log#a\\|b|c CONFLICT calls#z|c/a\\|b/1']);
    expect(await call('z', 'c/a|b/1')).toEqual(own);
  });

  describe('validates', () => {
    const findings = ({ findings: all }: ValidateResult): string[] =>
      all
        .map(({ kind, table, key, field, home }) =>
          [kind, `${table}#${key}`, field ?? '-', ...(home === undefined ? [] : [`home ${home}`])].join(' '),
        )
        .sort();

    beforeEach(async () => {
      await run();
    });

    it('and names a row that is missing, where others of its port and of its record are there', async () => {
      await trial.erase('calls', await call('Kiel', '1/Boreas/2'), await call('z', 'c/a|b/1'));
      const expected = ['missing calls#Kiel|1/Boreas/2 -', 'missing calls#z|c/a\\|b/1 -'];
      expect(findings(await validate())).toEqual(expected);
      expect(findings(await validate(100))).toEqual(expected);
    });

    it('and names rows of records that are gone or never were as extra', async () => {
      await trial.erase('port-log', recordOf('a', 'b|c'));
      const row = await call('Kiel', '1/Ariel/1');
      const stamp = { M: { ...stampMap(row), source: { S: 'port-log#Ariel|9' } } };
      await trial.put('calls', {
        ...row,
        call: { S: '9/Ariel/1' },
        tons: { N: '1' },
        [STAMP_ATTRIBUTE]: stamp,
      });
      expect(findings(await validate())).toEqual([
        'extra calls#Kiel|9/Ariel/1 -',
        'extra calls#y\\|z|b\\|c/a/1 -',
        'extra piers#y\\|z|x -',
      ]);
    });

    it('and names the field in which a row differs', async () => {
      await trial.put('calls', { ...(await call('Riga', '2/Boreas/1')), tons: { N: '6' } });
      expect(findings(await validate())).toEqual(['different calls#Riga|2/Boreas/1 tons']);
      expect(findings(await validate(100))).toEqual(['different calls#Riga|2/Boreas/1 tons']);
    });

    it('and tells a row that was moved by its sort key, its partition key or both from missing and extra ones', async () => {
      await move(await call('Kiel', '2/Ariel/1'), { call: { S: 'elsewhen' } });
      await move(await call('Riga', '2/Boreas/1'), { port: { S: 'Kiel' } });
      await move(await call('port 1', '1/Delos 1/1'), { port: { S: 'port 2' }, call: { S: 'a|b' } });
      expect(findings(await validate())).toEqual([
        'id calls#Kiel|2/Boreas/1 port home Riga|2/Boreas/1',
        'id calls#Kiel|elsewhen call home Kiel|2/Ariel/1',
        'id calls#port 2|a\\|b port, call home port 1|1/Delos 1/1',
      ]);
    });

    it('and tells each of several moved rows of one record that differ in their keys alone', async () => {
      await move(await call('Kiel', '1/Boreas/1'), { call: { S: 'x1' } });
      await move(await call('Kiel', '1/Boreas/3'), { call: { S: 'x3' } });
      const { findings: all } = await validate();
      expect(all.map(({ kind, key }) => `${kind} ${key}`).sort()).toEqual(['id Kiel|x1', 'id Kiel|x3']);
      expect(all.map(({ home }) => home).sort()).toEqual(['Kiel|1/Boreas/1', 'Kiel|1/Boreas/3']);
    });

    it('and names a pier that is gone once, not the calls at it', async () => {
      await trial.erase('piers', { port: { S: 'Riga' }, pier: { S: 'north' } });
      expect(findings(await validate())).toEqual(['missing piers#Riga|north -']);
    });

    it('and does not take a mangled stamp for that of another record', async () => {
      const row = await call('z', 'c/a|b/1');
      const stamp = { M: { ...stampMap(row), source: { S: 'port-log#a|b|c' } } };
      await trial.put('calls', { ...row, [STAMP_ATTRIBUTE]: stamp });
      expect(findings(await validate())).toEqual([`different calls#z|c/a\\|b/1 ${STAMP_ATTRIBUTE}`]);
    });
  });

  it('tries a record that was set aside once more by its key text', async () => {
    await run();
    await trial.put('port-log', { ...recordOf('Ceres', '2'), pier: { S: 'north' } });
    await trial.put('port-log', { ...recordOf('Ceres', '1'), pier: { S: 'south' } });
    const retry = { plan: PLAN, accept: [], confirmProduction: false };
    const result = await trial.application.retry({ ...retry, ids: ['Ceres|2'] });
    expect(result.steps).toMatchObject([{ counters: { created: 1, read: 1 } }]);
    expect(stampOf(await call('Kiel', '2/Ceres/1'))?.source).toBe('port-log#Ceres|2');
    expect(await entries('quarantine')).toEqual([]);
    expect((await validate()).passed).toBe(true);
  });

  it('is rolled back to what was there before, rows apart that somebody has edited', async () => {
    await run();
    const edited = { ...(await call('y|z', 'b|c/a/1')), note: { S: 'by hand' } };
    await trial.put('calls', edited);
    const result = await trial.application.rollback({ plan: PLAN, dryRun: false, confirmProduction: false });
    expect(result.steps).toMatchObject([{ status: 'rolled-back', removed: 28, kept: 1, foreign: 2 }]);
    expect(result.kept.map(({ source, reason }) => `${source} ${reason}`)).toEqual([
      'calls#y\\|z|b\\|c/a/1 EDITED',
    ]);
    const left = await trial.rows('calls');
    expect(left).toHaveLength(2);
    expect(left).toEqual(expect.arrayContaining([...(MOORINGS['calls'] ?? []), edited]));
    expect(await trial.rows('piers')).toEqual(MOORINGS['piers']);
  });
}

function recordOf(ship: string, arrival: string): StoredItem {
  const found = MOORINGS['port-log']?.find(
    (row) => textOf(row['ship']) === ship && textOf(row['arrival']) === arrival,
  );
  if (found === undefined) throw new Error(`there is no entry ${ship} ${arrival}`);
  return found;
}

function stampMap(row: StoredItem): StoredItem {
  const stamp = row[STAMP_ATTRIBUTE];
  if (stamp === undefined || !('M' in stamp)) throw new Error('the row has no stamp');
  return stamp.M;
}

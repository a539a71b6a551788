import { statSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import { itemBytes } from '../../src/infrastructure/dynamodb/item-size.js';
import type { ForecastComparison } from '../../src/runner/forecast/comparison.js';
import type { Forecast } from '../../src/runner/forecast/forecast.js';
import { Stage } from '../support/e2e/stage.js';
import { TABLE } from '../support/kpi/tables.js';

interface Preflight {
  readonly passed: boolean;
  readonly forecast?: Forecast & { readonly unmade?: string };
}

const EVERYTHING = 100_000;
const KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  [TABLE.kpiLinks]: [['kpiId', 'id'], ['personId'], ['goalId'], ['tenantId']],
  [TABLE.kpiData]: [
    ['kpiLinkId', 'postDate'],
    ['dataCategory', 'id'],
  ],
  [TABLE.people]: [['linkedUserId']],
};

describe('the forecast of preflight', () => {
  let stage: Stage;
  let whole: Forecast;
  let part: Forecast;

  const preflight = async (words: string): Promise<{ exit: number | null; document: Preflight }> =>
    stage.runner.json<Preflight>(`preflight --env dev ${words}`);
  const made = async (words: string): Promise<Forecast> => {
    const { forecast } = (await preflight(words)).document;
    if (forecast === undefined || forecast.unmade !== undefined)
      throw new Error(`no forecast: ${forecast?.unmade ?? ''}`);
    return forecast;
  };
  const ours = async (table: string): Promise<StoredItem[]> =>
    // no demo row has binary data, which would be base64 text here
    (await stage.raw.scan(table)).filter((row) => Object.hasOwn(row, '_migration')) as StoredItem[];

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.runner.run('seed --env dev --scale 2000 --defects');
  });
  afterAll(() => stage.close());

  it('says why it is not made where tables are missing, and the exit code is that of the checks', async () => {
    const { exit, document } = await preflight('');
    expect([exit, document.passed, document.forecast?.unmade]).toEqual([
      3,
      false,
      expect.stringContaining('the tables are not'),
    ]);
  });

  it('is left out where nobody wants it', async () => {
    await stage.runner.run('tables create --env dev');
    const { exit, document } = await preflight('--no-forecast');
    expect([exit, document.passed, document.forecast]).toEqual([0, true, undefined]);
  });

  it('is made from a part of the records, and writes nothing', async () => {
    part = await made('--sample 200 --seed monday --max-wcu 100 --max-rcu 200');
    const sampled = part.steps.map(({ records }) => records.sampled);
    expect(sampled.slice(1)).toEqual([200, 200, 200]);
    expect(await Promise.all([TABLE.kpiLinks, TABLE.kpiData].map((table) => stage.raw.scan(table)))).toEqual([
      [],
      [],
    ]);
    expect(await ours(TABLE.people)).toEqual([]);
    const again = await made('--sample 200 --seed monday --max-wcu 100 --max-rcu 200');
    expect(again.steps).toEqual(part.steps);
  });

  it('is kept for its owner only, without a stored value', async () => {
    whole = await made(`--sample ${EVERYTHING}`);
    const path = join(stage.runner.folder, '.waybill/forecasts/kpi-dev.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(whole);
    expect(whole.steps.map(({ records }) => records.basis)).toEqual(Array(4).fill('counted'));
  });

  it('is exact where every record was planned: rows, units of tables and indexes, sizes', async () => {
    await stage.runner.run('run --env dev');
    const told = new Map<string, number[]>();
    for (const table of whole.steps.flatMap(({ tables }) => tables)) {
      const sum = told.get(table.table) ?? [0, 0, ...table.indexes.map(() => 0), 0];
      const values = [table.rows, table.tableUnits, ...table.indexes.map(({ writeUnits }) => writeUnits)];
      told.set(table.table, [
        ...values.map((value, at) => value + (sum[at] ?? 0)),
        Math.max(sum.at(-1) ?? 0, table.bytes.max),
      ]);
    }
    const found = new Map<string, number[]>();
    for (const [table, indexes] of Object.entries(KEYS)) {
      const rows = await ours(table);
      const units = (of: readonly StoredItem[]): number =>
        of.reduce((sum, row) => sum + Math.ceil(itemBytes(row) / 1024), 0);
      found.set(table, [
        rows.length,
        units(rows),
        ...indexes.map((keys) => units(rows.filter((row) => keys.every((key) => Object.hasOwn(row, key))))),
        Math.max(...rows.map(itemBytes)),
      ]);
    }
    expect([...told].sort()).toEqual([...found].sort());
    expect(found.get(TABLE.kpiData)?.[0]).toBeGreaterThan(2000);
  });

  it('of a part of the records is as close as it says', () => {
    for (const [at, step] of part.steps.entries()) {
      const exact = whole.steps[at];
      expect(Math.abs(step.rows - (exact?.rows ?? 0))).toBeLessThanOrEqual(step.rowsMargin);
      expect(exact?.quarantine.share).toBeLessThanOrEqual(step.quarantine.below);
    }
  });

  it('stands in the reports of the run beside what came of it', async () => {
    const { document } = await stage.runner.json<{ forecast: ForecastComparison }>('report --env dev');
    expect(document.forecast.at).toBe(whole.at);
    expect(document.forecast.steps.map(({ step }) => step)).toEqual([
      'links',
      'milestones',
      'actuals',
      'readings',
    ]);
    for (const { records, rows, quarantined, writeUnits, complete } of document.forecast.steps) {
      expect(complete).toBe(true);
      for (const { forecast, outcome } of [records, rows, quarantined, writeUnits])
        expect(outcome).toBe(forecast);
    }
    const markdown = await stage.runner.run('report --env dev --format markdown');
    expect(markdown.stdout).toMatch(/\| links \| Rows \| (\d+) \| \1 \| none \|/);
    const html = await stage.runner.run('report --env dev --format html');
    expect(html.stdout).toContain(`<h2>Forecast of ${whole.at}</h2>`);
  });

  it('finds after the run that the rows are there, and that indexes are not written', async () => {
    const { steps } = await made(`--sample ${EVERYTHING}`);
    for (const { tables } of steps) {
      for (const { existing, tableUnits, writeUnits, role } of tables) {
        if (role === 'target') expect([existing, writeUnits]).toEqual([1, tableUnits]);
      }
    }
    // made after the run began, so there is nothing to compare
    const { document } = await stage.runner.json<{ forecast?: unknown }>('report --env dev');
    expect(document.forecast).toBeUndefined();
  });

  it('stops at once where it is asked to', async () => {
    const command = stage.runner.start('preflight --env dev');
    await command.said(/sample|forecast/);
    command.signal('SIGINT');
    expect((await command.ended).exit).toBe(4);
  });
});

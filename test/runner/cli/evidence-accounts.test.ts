import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { actual, kpi, link, milestone, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';
import { type } from './command-line-harness.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: [milestone(1)],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};
const RUN = 'run --env production --confirm-production --json';

/** Two accounts: neither sees anything of the other one but the file. */
const accounts = async (): Promise<{ readonly staging: KpiTrial; readonly production: KpiTrial }> => ({
  staging: await new KpiTrial({ name: 'staging' }).put(TABLES),
  production: await new KpiTrial(
    { name: 'production', production: true, backup: 'required', after: 'staging' },
    { pointInTimeRecovery: true },
  ).put(TABLES),
});
const at = ({ application }: KpiTrial) => ({
  composition: { openApplication: () => Promise.resolve(application) },
});
const codeOf = (stdout: string): string | undefined =>
  (JSON.parse(stdout) as { readonly error?: { readonly code: string } }).error?.code;

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-test-'));
  file = join(folder, 'staging.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('invariant 10: evidence of staging in another account', () => {
  it('opens production once it was exported there, brought over, and imported here', async () => {
    const { staging, production } = await accounts();
    const exporting = `evidence export --env staging --by ann --out ${file}`;
    const importing = `evidence import --env production --from ${file} --by ben --json`;

    const unproven = await type(`${exporting} --json`, at(staging));
    expect([unproven.exit, codeOf(unproven.stdout)]).toEqual([3, 'EVIDENCE_MISSING']);
    expect((await type('run --env staging --json', at(staging))).exit).toBe(0);
    const closed = await type(RUN, at(production));
    expect([closed.exit, codeOf(closed.stdout)]).toEqual([3, 'STAGING_REQUIRED']);

    expect((await type(exporting, at(staging))).exit).toBe(0);
    const imported = await type(importing, at(production));
    expect([imported.exit, JSON.parse(imported.stdout)]).toEqual([
      0,
      expect.objectContaining({ env: 'staging', plan: 'kpi', by: 'ann', importedBy: 'ben' }),
    ]);

    const opened = await type(RUN, at(production));
    expect([opened.exit, opened.stderr]).toEqual([0, '']);
    expect(production.store.rows(TABLE.kpiLinks)).toHaveLength(1);
  });

  it('leaves production closed where the file was changed on the way, or is of another environment', async () => {
    const { staging, production } = await accounts();
    await staging.run();
    await type(`evidence export --env staging --by ann --out ${file}`, at(staging));
    await writeFile(file, (await readFile(file, 'utf8')).replace('"ann"', '"eve"'));
    const words = `evidence import --env production --from ${file} --by ben --json`;
    const changed = await type(words, at(production));
    expect([changed.exit, codeOf(changed.stdout)]).toEqual([2, 'EVIDENCE_INVALID']);

    const dev = await new KpiTrial({ name: 'dev' }).put(TABLES);
    await dev.run();
    const other = join(folder, 'dev.json');
    await type(`evidence export --env dev --by ann --out ${other}`, at(dev));
    const foreign = await type(words.replace(file, other), at(production));
    expect([foreign.exit, codeOf(foreign.stdout)]).toEqual([3, 'EVIDENCE_FOREIGN']);
    expect(codeOf((await type(RUN, at(production))).stdout)).toBe('STAGING_REQUIRED');
  });
});

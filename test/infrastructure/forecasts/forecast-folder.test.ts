import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForecastFolder } from '../../../src/infrastructure/forecasts/forecast-folder.js';
import type { Forecast } from '../../../src/runner/forecast/forecast.js';

const FORECAST = {
  format: 1,
  plan: 'kpi',
  env: 'dev',
  at: '2026-11-21T08:00:00.000Z',
  steps: [],
} as unknown as Forecast;

describe('the folder of forecasts', () => {
  let root: string;
  let folder: ForecastFolder;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'waybill-forecasts-'));
    folder = new ForecastFolder(join(root, 'forecasts'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('keeps the newest one of a plan and environment, for its owner only', async () => {
    await folder.save({ ...FORECAST, seed: 'old' });
    await folder.save(FORECAST);
    expect(await folder.load('kpi', 'dev')).toEqual(FORECAST);
    const modes = ['', 'kpi-dev.json'].map((name) => statSync(join(root, 'forecasts', name)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
  });

  it('has none where none was made, or of another plan under the same name', async () => {
    expect(await folder.load('kpi', 'dev')).toBeUndefined();
    await folder.save({ ...FORECAST, plan: 'kpi-dev', env: 'eu' });
    expect(await folder.load('kpi', 'dev-eu')).toBeUndefined();
  });

  it.each(['', '{', 'null', '[]', '{"format":2}', '{"format":1,"plan":"kpi","env":"dev"}'])(
    'has none where the file is damaged or of another version: %s',
    async (text) => {
      await folder.save(FORECAST);
      writeFileSync(join(root, 'forecasts/kpi-dev.json'), text);
      expect(await folder.load('kpi', 'dev')).toBeUndefined();
    },
  );
});

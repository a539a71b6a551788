import { join } from 'node:path';
import type { Forecast, Forecasts } from '../../runner/ports/forecasting.js';
import { ownerOnlyFolder, readJson, replaceJson } from '../journal/owner-only-files.js';

/** Forecasts as JSON files, one for each plan and environment (`.waybill/forecasts/<plan>-<env>.json`). */
export class ForecastFolder implements Forecasts {
  constructor(private readonly folder: string) {}

  async save(forecast: Forecast): Promise<void> {
    await ownerOnlyFolder(this.folder);
    await replaceJson(this.path(forecast.plan, forecast.env), forecast);
  }

  /** One that a person or another version made unreadable counts for none: nothing depends on it but a comparison. */
  async load(plan: string, env: string): Promise<Forecast | undefined> {
    try {
      const found = await readJson(this.path(plan, env));
      if (!isForecast(found)) return undefined;
      return found.plan === plan && found.env === env ? found : undefined;
    } catch {
      return undefined;
    }
  }

  private path(plan: string, env: string): string {
    return join(this.folder, `${plan}-${env}.json`);
  }
}

/** Whether this version wrote it; what is in it is then as it was written. */
function isForecast(found: unknown): found is Forecast {
  if (typeof found !== 'object' || found === null) return false;
  const { format, at, steps } = found as Partial<Record<keyof Forecast, unknown>>;
  return format === 1 && typeof at === 'string' && Array.isArray(steps);
}

import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Forecast } from '../forecast/forecast.js';

export type { Forecast } from '../forecast/forecast.js';

/** The newest forecast of each plan and environment on this machine. Readable by its owner only. */
export interface Forecasts {
  save(forecast: Forecast): Promise<void>;
  /** undefined where there is none, or none that can be read */
  load(plan: string, env: string): Promise<Forecast | undefined>;
}

/** What forecasts need of the store and of this machine. */
export interface Forecasting {
  /** bytes of an item as the store counts them, under the names that it is stored with */
  itemBytes(table: string, item: StoredItem): number;
  readonly forecasts: Forecasts;
  /** undefined: unknown */
  readonly region?: string;
}

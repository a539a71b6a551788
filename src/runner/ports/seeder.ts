import type { SeedResult } from '../application.js';

/** Creates the legacy and look-up tables of a plan and fills them with demo data. Local and dev only. */
export interface Seeder {
  seed(options: {
    readonly defects: boolean;
    readonly scale?: number;
    readonly signal?: AbortSignal;
  }): Promise<SeedResult>;
}

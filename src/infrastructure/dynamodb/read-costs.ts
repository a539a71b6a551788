import { CautiousMeans } from '../rate/cautious-means.js';

/** Read units for a row or key of each table, learnt from what the last pages and batches cost. */
export class ReadCosts {
  readonly #units = new CautiousMeans();

  /** Undefined where nothing was read yet. */
  of(use: 'scan' | 'get', table: string): number | undefined {
    return this.#units.of(`${use} ${table}`);
  }

  learn(use: 'scan' | 'get', table: string, units: number, rows: number): void {
    if (rows > 0) this.#units.learn(`${use} ${table}`, units / rows);
  }
}

/** Weight of what was seen last. */
const WEIGHT = 0.3;

/** Read units for a row or key of each table, learnt from what the last pages and batches cost. */
export class ReadCosts {
  readonly #units = new Map<string, number>();

  /** Undefined where nothing was read yet. */
  of(use: 'scan' | 'get', table: string): number | undefined {
    return this.#units.get(`${use} ${table}`);
  }

  learn(use: 'scan' | 'get', table: string, units: number, rows: number): void {
    if (rows === 0) return;
    const name = `${use} ${table}`;
    const [seen, before] = [units / rows, this.#units.get(name)];
    // dearer than before counts at once, cheaper bit by bit: what is owed was spent too fast
    this.#units.set(name, before === undefined || seen > before ? seen : before + WEIGHT * (seen - before));
  }
}

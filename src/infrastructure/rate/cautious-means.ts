/** Weight of what was seen last. */
const WEIGHT = 0.3;

/**
 * Means by name, learnt as they come. More than before counts at once, less bit by bit: who reckons with too little takes
 * more than there is.
 */
export class CautiousMeans {
  readonly #means = new Map<string, number>();

  /** Undefined where nothing was seen yet. */
  of(name: string): number | undefined {
    return this.#means.get(name);
  }

  learn(name: string, seen: number): void {
    const before = this.of(name);
    this.#means.set(name, before === undefined || seen > before ? seen : before + WEIGHT * (seen - before));
  }
}

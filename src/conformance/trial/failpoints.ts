/** The end of a process, as those see it who wait for an answer in it. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** What a process meets at a point: its end, an error of the store, or (undefined) nothing. */
export type Fate = 'crash' | Error | undefined;

/**
 * Numbers every operation of a process on what outlives it, and decides what happens there. A process that has crashed
 * is dead: the operation throws, and so does everything that it tries from then on, before it reaches anything.
 */
export class Failpoints {
  /** the points that were passed, in their order */
  readonly points: string[] = [];
  private dead = false;
  private readonly mourners: (() => void)[] = [];

  /** Omitted: nothing happens anywhere. */
  constructor(private readonly fateAt: (index: number, point: string) => Fate = () => undefined) {}

  /** `index`: a position in `points` */
  static crashingAt(index: number): Failpoints {
    return new Failpoints((here) => (here === index ? 'crash' : undefined));
  }

  get crashed(): boolean {
    return this.dead;
  }

  /** Calls back when the process ends, by a crash or otherwise. */
  onEnd(mourner: () => void): void {
    this.mourners.push(mourner);
  }

  /** The process has ended by itself. */
  end(): void {
    for (const mourner of this.mourners.splice(0)) mourner();
  }

  /** Throws `Crash` if the process ends here or is dead already, or the store's error. */
  pass(point: string): void {
    this.requireAlive();
    const fate = this.fateAt(this.points.push(point) - 1, point);
    if (fate === undefined) return;
    if (fate !== 'crash') throw fate;
    this.dead = true;
    this.end();
    throw new Crash(point);
  }

  requireAlive(): void {
    if (this.dead) throw new Crash('dead already');
  }
}

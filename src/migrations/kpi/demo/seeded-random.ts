/**
 * A small generator of repeatable numbers (sfc32, public domain, from PractRand): the same two seeds give the same
 * sequence on every machine. Good enough to look random, and for nothing else.
 */
export class SeededRandom {
  private readonly state: Uint32Array;

  constructor(stream: number, index: number) {
    this.state = new Uint32Array([stream, index, 0x9e3779b9, 1]);
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** a whole number from 0 to 2^32 - 1 */
  next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.state;
    const result = (a + b + counter) >>> 0;
    this.state[0] = b ^ (b >>> 9);
    this.state[1] = c + (c << 3);
    this.state[2] = ((c << 21) | (c >>> 11)) + result;
    this.state[3] = counter + 1;
    return result;
  }

  /** a whole number from `low` to `high`, both included */
  between(low: number, high: number): number {
    return low + (this.next() % (high - low + 1));
  }

  /** true once in `times` */
  once(times: number): boolean {
    return this.next() % times === 0;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.next() % choices.length] ?? choices[0];
  }

  digits(count: number): string {
    let text = '';
    while (text.length < count) text += String(this.next()).padStart(10, '0').slice(1);
    return text.slice(0, count);
  }

  /** a GUID that looks like those of .NET (version 4), in canonical form */
  guid(): string {
    const hex = [this.next(), this.next(), this.next(), this.next()]
      .map((word) => word.toString(16).padStart(8, '0'))
      .join('');
    const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-');
  }
}

/**
 * A small generator of repeatable numbers (sfc32, public domain, from PractRand): the same two seeds give the same
 * sequence on every machine. Good enough to look random, and for nothing else.
 */
export class SeededRandom {
  private a: number;
  private b: number;
  private c = 0x9e3779b9;
  private counter = 1;

  constructor(stream: number, index: number) {
    this.a = stream | 0;
    this.b = index | 0;
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** a whole number from 0 to 2^32 - 1 */
  next(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    this.counter = (this.counter + 1) | 0;
    return result >>> 0;
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

/** What was started, ended in the opposite order: by `close`, once. */
export class Closing {
  private readonly closers: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.closers.push(close);
  }

  /** Ends what was added since, then gives back what `work` did. */
  async around<T>(work: () => Promise<T>): Promise<T> {
    const before = this.closers.length;
    try {
      return await work();
    } finally {
      await this.closeTo(before);
    }
  }

  close(): Promise<void> {
    return this.closeTo(0);
  }

  private async closeTo(length: number): Promise<void> {
    while (this.closers.length > length) {
      const close = this.closers.pop();
      try {
        await close?.();
      } catch (error) {
        process.stderr.write(`closing: ${String(error)}\n`);
      }
    }
  }
}

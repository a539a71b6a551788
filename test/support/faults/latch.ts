/** Something that happens once, to be awaited by others. */
export class Latch<T = undefined> {
  readonly opened: Promise<T>;
  open!: (value: T) => void;

  constructor() {
    this.opened = new Promise((resolve) => (this.open = resolve));
  }
}

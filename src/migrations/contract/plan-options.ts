import type { OptionFault, OptionRule } from './option-rules.js';

/** One thing that an environment may set for a plan. Plain data and rules: light commands load it. */
export interface PlanOption<T> {
  readonly rule: OptionRule<T>;
  /** one line */
  readonly meaning: string;
  /**
   * What of a value decides what the plan makes of a record, and so counts in the plan version: what has passed in one
   * environment has not passed with another of it. Omitted: all of it. Where it only says which place or which
   * part of the data is meant here, environments differ in it rightly.
   */
  readonly decides?: (value: T) => unknown;
}

/** The options of a plan, by name; each a `PlanOption` of some type. */
export type PlanOptions = Readonly<
  Record<string, Omit<PlanOption<unknown>, 'decides'> & { readonly decides?: (value: never) => unknown }>
>;

/** What an environment sets, after the check. */
export type OptionValues<P extends PlanOptions> = {
  readonly [K in keyof P]?: P[K] extends { readonly rule: OptionRule<infer T> } ? T : never;
};

/** As an environment file has them. */
export type RawOptions = Readonly<Record<string, unknown>>;

/** All that is wrong with the options that an environment sets for a plan. */
export function optionFaults(options: PlanOptions | undefined, values: RawOptions): readonly OptionFault[] {
  const known = new Map(Object.entries(options ?? {}));
  const valid = [...known.keys()].join(', ');
  return Object.entries(values).flatMap(
    ([name, value]) =>
      known.get(name)?.rule.faults(value, [name]) ?? [{ at: [name], found: name, valid, isKey: true }],
  );
}

/** Option → what of it counts in the plan version, for those that are set. The values have passed the check. */
export function decisiveOptions(options: PlanOptions | undefined, values: RawOptions): RawOptions {
  const known = new Map(Object.entries(options ?? {}));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const decides = known.get(name)?.decides;
      return [name, decides === undefined ? value : decides(value as never)];
    }),
  );
}

/** The values as the plan reads them; the check vouches for their types. */
export function optionValues<P extends PlanOptions>(_options: P, values: RawOptions = {}): OptionValues<P> {
  return values as OptionValues<P>;
}

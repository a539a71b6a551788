/** Where in an option something stands: keys, from the option's value inwards. */
export type OptionPlace = readonly string[];

/** What is wrong with a value. `valid` completes "valid is …". */
export interface OptionFault {
  readonly at: OptionPlace;
  readonly found: unknown;
  readonly valid: string;
  /** the key itself is unknown, whatever its value; `valid` names those that there are, none: empty */
  readonly isKey?: true;
}

/** What a value must be; `T` is what one is that has no faults. */
export interface OptionRule<T> {
  readonly faults: (value: unknown, at: OptionPlace) => readonly OptionFault[];
  /** never there: it carries the type */
  readonly type?: T;
}

/** The members of an object, each of them required unless it is among `optional`. */
type Members = Readonly<Record<string, OptionRule<unknown>>>;
type TypeOf<R> = R extends OptionRule<infer T> ? T : never;
type ObjectOf<M extends Members> = { readonly [K in keyof M]: TypeOf<M[K]> };
type PartOf<O extends Members> = { readonly [K in keyof O]?: TypeOf<O[K]> };

function rule<T>(accepts: (value: unknown) => boolean, valid: string): OptionRule<T> {
  return { faults: (found, at) => (accepts(found) ? [] : [{ at, found, valid }]) };
}

export const yesOrNo: OptionRule<boolean> = rule((value) => typeof value === 'boolean', 'true or false');

export function text(pattern: RegExp, valid: string): OptionRule<string> {
  return rule((value) => typeof value === 'string' && pattern.test(value), valid);
}

export function word<const W extends string>(...words: readonly W[]): OptionRule<W> {
  const valid = words.map((one) => JSON.stringify(one)).join(' or ');
  return rule((value) => words.some((one) => one === value), valid);
}

/** A list of texts, none of them twice. `empty`: whether there may be none. */
export function texts(each: OptionRule<string>, { empty = false } = {}): OptionRule<readonly string[]> {
  const valid = empty ? 'a list of texts' : 'a list of texts, at least one';
  return {
    faults: (found, at) => {
      if (!Array.isArray(found) || (!empty && found.length === 0)) return [{ at, found, valid }];
      const values: readonly unknown[] = found;
      return values.flatMap((one, index) => {
        const place = [...at, String(index)];
        const faults = each.faults(one, place);
        if (faults.length > 0 || values.indexOf(one) === index) return faults;
        return [{ at: place, found: one, valid: 'a text that is not in the list already' }];
      });
    },
  };
}

/** An object with keys of one kind and values of one kind, and at least one of them. */
export function mapOf<T>(
  key: OptionRule<string>,
  value: OptionRule<T>,
): OptionRule<Readonly<Record<string, T>>> {
  return {
    faults: (found, at) => {
      if (!isObject(found) || Object.keys(found).length === 0)
        return [{ at, found, valid: 'an object that is not empty' }];
      return Object.entries(found).flatMap(([name, one]) => {
        const place = [...at, name];
        return [...key.faults(name, place), ...value.faults(one, place)];
      });
    },
  };
}

/** An object with these members and no others. */
export function object<const M extends Members>(required: M): OptionRule<ObjectOf<M>>;
export function object<const M extends Members, const O extends Members>(
  required: M,
  optional: O,
): OptionRule<ObjectOf<M> & PartOf<O>>;
export function object(required: Members, optional?: Members): OptionRule<object> {
  const members = new Map<string, OptionRule<unknown>>(Object.entries({ ...required, ...optional }));
  const names = [...members.keys()].join(', ');
  return {
    faults: (found, at) => {
      if (!isObject(found)) return [{ at, found, valid: `an object of ${names}` }];
      const unknown = Object.keys(found).filter((name) => !members.has(name));
      return [
        ...unknown.map((name) => ({ at: [...at, name], found: name, valid: names, isKey: true as const })),
        ...[...members].flatMap(([name, member]) => {
          const isThere = Object.hasOwn(found, name);
          if (!isThere && !Object.hasOwn(required, name)) return [];
          return member.faults(isThere ? found[name] : undefined, [...at, name]);
        }),
      ];
    },
  };
}

/** One of several objects, told apart by their member `kind`, which none of the rules names. */
export function kinds<const K extends Readonly<Record<string, OptionRule<object>>>>(
  rules: K,
): OptionRule<{ [N in keyof K]: { readonly kind: N } & TypeOf<K[N]> }[keyof K]> {
  const known = new Map<unknown, OptionRule<object>>(Object.entries(rules));
  const valid = [...known.keys()].map((one) => JSON.stringify(one)).join(' or ');
  return {
    faults: (found, at) => {
      if (!isObject(found)) return [{ at, found, valid: `an object with a kind, ${valid}` }];
      const { kind, ...members } = found;
      const own = known.get(kind);
      return own === undefined ? [{ at: [...at, 'kind'], found: kind, valid }] : own.faults(members, at);
    },
  };
}

/** As the rule says, and one thing more that no rule of a part can say. */
export function also<T>(first: OptionRule<T>, holds: (value: T) => boolean, valid: string): OptionRule<T> {
  return {
    faults: (found, at) => {
      const faults = first.faults(found, at);
      return faults.length > 0 || holds(found as T) ? faults : [{ at, found, valid }];
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

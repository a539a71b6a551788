import { RestoreError } from '../errors.js';
import { ExactNumber } from './exact-number.js';
import { Moment } from './moment.js';
import { isBlank } from './white-space.js';

/** `key`: text that is not blank, because rows are found by it; `text`: any text, blank too. */
export type FieldKind = 'key' | 'text' | 'number' | 'flag' | 'moment';

type KindOf<T> = T extends string
  ? 'key' | 'text'
  : T extends ExactNumber
    ? 'number'
    : T extends boolean
      ? 'flag'
      : T extends Moment
        ? 'moment'
        : never;

/** What each field of an aggregate's state is; optional ones with a question mark. The compiler checks it. */
type Structure<State> = {
  readonly [Name in keyof State]-?: undefined extends State[Name]
    ? `${KindOf<Exclude<State[Name], undefined>>}?`
    : KindOf<State[Name]>;
};

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
}

/** A structure as a list, in the order it was declared. */
export function fieldsOf<State>(structure: Structure<State>): readonly Field[] {
  return Object.entries<string>(structure).map(([name, kind]) => ({
    name,
    kind: kind.replace('?', '') as FieldKind,
    required: !kind.endsWith('?'),
  }));
}

/** Throws {@link RestoreError} for the first field that is absent though required, or no value of its kind. */
export function checkStructure(aggregate: string, fields: readonly Field[], state: object): void {
  const values = state as Readonly<Record<string, unknown>>;
  for (const { name, kind, required } of fields) {
    const value = values[name];
    if (value === undefined) {
      if (required) throw new RestoreError(aggregate, name, 'absent, but required');
    } else if (!IS[kind](value)) {
      throw new RestoreError(aggregate, name, `not of the kind ${kind}, or blank`);
    }
  }
}

const IS: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  key: (value) => typeof value === 'string' && !isBlank(value),
  text: (value) => typeof value === 'string',
  number: (value) => value instanceof ExactNumber,
  flag: (value) => typeof value === 'boolean',
  moment: (value) => value instanceof Moment,
};

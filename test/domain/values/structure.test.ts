import { RestoreError } from '../../../src/domain/errors.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';
import { Moment } from '../../../src/domain/values/moment.js';
import { checkStructure, fieldsOf } from '../../../src/domain/values/structure.js';

interface Thing {
  readonly name: string;
  readonly note?: string | undefined;
  readonly size: ExactNumber;
  readonly open?: boolean | undefined;
  readonly at?: Moment | undefined;
}

const FIELDS = fieldsOf<Thing>({ name: 'key', note: 'text?', size: 'number', open: 'flag?', at: 'moment?' });
const THING = { name: 'a', note: '', size: ExactNumber.of('1'), open: false, at: Moment.restore('?') };

describe('checkStructure', () => {
  test('lets pass what has all that is required and nothing of another kind', () => {
    expect(() => checkStructure('Thing', FIELDS, THING)).not.toThrow();
    expect(() => checkStructure('Thing', FIELDS, { name: 'a', size: THING.size })).not.toThrow();
  });

  test.each([
    ['name', undefined],
    ['name', ''],
    ['name', ' \t'],
    ['name', 7],
    ['note', 7],
    ['size', undefined],
    ['size', '1'],
    ['size', 1],
    ['open', 'true'],
    ['at', '2024-01-01'],
    ['at', null],
  ])('names the field %s that is %p, and not its value', (field, value) => {
    const attempt = () => checkStructure('Thing', FIELDS, { ...THING, [field]: value });
    expect(attempt).toThrow(RestoreError);
    expect(attempt).toThrow(expect.objectContaining({ aggregate: 'Thing', field }));
    expect(attempt).toThrow(/^Thing\.\w+: (?:absent, but required|not of the kind \w+, or blank)$/);
  });
});

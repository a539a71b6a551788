import { compareReads, type Answer } from '../../../src/cutover/phases/read-comparison.js';

interface OldRow {
  readonly user: string;
  readonly id: string;
  readonly amount: string;
}
interface NewRow {
  readonly createdBy: string;
  readonly sk: string;
  readonly total: string;
  readonly tags?: ReadonlySet<string>;
}

const old = (...rows: OldRow[]): Answer<OldRow> => ({
  rows,
  ownerOf: ({ user }) => user,
  keyOf: ({ id }) => id,
  contentOf: ({ amount }) => ({ amount }),
});
const fresh = (...rows: NewRow[]): Answer<NewRow> => ({
  rows,
  ownerOf: ({ createdBy }) => createdBy,
  keyOf: ({ sk }) => sk.replace('EXPENSE#', ''),
  contentOf: ({ total, tags }) => ({ amount: total, ...(tags === undefined ? {} : { tags }) }),
});

describe('the answers of the two models to one reader', () => {
  it('E-25: are consistent where the own rows are alike, in any order', () => {
    const comparison = compareReads(
      'dana',
      old({ user: 'dana', id: 'e1', amount: '10.50' }, { user: 'dana', id: 'e2', amount: '7' }),
      fresh(
        { createdBy: 'dana', sk: 'EXPENSE#e2', total: '7' },
        { createdBy: 'dana', sk: 'EXPENSE#e1', total: '10.50' },
      ),
    );
    expect(comparison).toEqual({
      equal: 2,
      missing: [],
      extra: [],
      different: [],
      repeated: [],
      alsoVisible: 0,
      isConsistent: true,
    });
  });

  it('E-X21: rows of colleagues that the new model shows as well are counted, and no inconsistency', () => {
    const comparison = compareReads(
      'dana',
      old({ user: 'dana', id: 'e1', amount: '10.50' }),
      fresh(
        { createdBy: 'dana', sk: 'EXPENSE#e1', total: '10.50' },
        { createdBy: 'omar', sk: 'EXPENSE#e8', total: '1' },
        { createdBy: 'lena', sk: 'EXPENSE#e1', total: '2' },
      ),
    );
    expect([comparison.alsoVisible, comparison.isConsistent]).toEqual([2, true]);
  });

  it('E-25: own rows that are missing, extra or different are told apart, by key and field', () => {
    const comparison = compareReads(
      'dana',
      old(
        { user: 'dana', id: 'e3', amount: '3' },
        { user: 'dana', id: 'e1', amount: '10.50' },
        { user: 'dana', id: 'e2', amount: '7' },
      ),
      fresh(
        { createdBy: 'dana', sk: 'EXPENSE#e2', total: '7.0', tags: new Set(['x']) },
        { createdBy: 'dana', sk: 'EXPENSE#e3', total: '3' },
        { createdBy: 'dana', sk: 'EXPENSE#e9', total: '1' },
      ),
    );
    expect(comparison).toEqual({
      equal: 1,
      missing: ['e1'],
      extra: ['e9'],
      different: [{ key: 'e2', fields: ['amount', 'tags'] }],
      repeated: [],
      alsoVisible: 0,
      isConsistent: false,
    });
  });

  it("E-X21: a colleague's row is not taken for an own one that is missing", () => {
    const comparison = compareReads(
      'dana',
      old({ user: 'dana', id: 'e1', amount: '1' }),
      fresh({ createdBy: 'omar', sk: 'EXPENSE#e1', total: '1' }),
    );
    expect([comparison.missing, comparison.alsoVisible, comparison.isConsistent]).toEqual([['e1'], 1, false]);
  });

  it('E-25: a row that is there twice is one too many', () => {
    const row = { createdBy: 'dana', sk: 'EXPENSE#e1', total: '1' };
    const comparison = compareReads('dana', old({ user: 'dana', id: 'e1', amount: '1' }), fresh(row, row));
    expect([comparison.repeated, comparison.alsoVisible, comparison.isConsistent]).toEqual([
      ['e1'],
      0,
      false,
    ]);
  });

  it('holds no values of fields, so that it may be logged', () => {
    const comparison = compareReads(
      'dana',
      old({ user: 'dana', id: 'e1', amount: 'SECRET-1' }),
      fresh({ createdBy: 'dana', sk: 'EXPENSE#e1', total: 'SECRET-2' }),
    );
    expect(JSON.stringify(comparison)).not.toContain('SECRET');
  });

  it('fields of any name are compared', () => {
    const named = (value: string): Answer<string> => ({
      rows: [value],
      ownerOf: () => 'dana',
      keyOf: () => 'e1',
      contentOf: (row) => Object.fromEntries([['__proto__', row]]),
    });
    expect(compareReads('dana', named('a'), named('b')).different).toEqual([
      { key: 'e1', fields: ['__proto__'] },
    ]);
    expect(compareReads('dana', named('a'), named('a')).isConsistent).toBe(true);
  });
});

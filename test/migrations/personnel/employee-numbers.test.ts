import { hash } from 'node:crypto';
import { initialsOf } from '../../../src/domain/personnel/employee-number.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { decided, plannerOver, rowOf, rowsAfter, stored, without } from './planning.js';

function employee(id: string, fullName: string, more: StoredItem = {}): StoredItem {
  return { PK: { S: `EMPLOYEE#${id}` }, SK: { S: 'PROFILE' }, full_name: { S: fullName }, ...more };
}

function number(text: string): StoredItem {
  return { employee_number: { S: text } };
}

function numbersOf(rows: readonly StoredItem[]): (string | undefined)[] {
  return rows.map((row) => textOf(row['employee_number']));
}

/** A repeatable shuffle: by the hash of a salt and the key. */
function shuffled(rows: readonly StoredItem[], salt: string): StoredItem[] {
  const rank = (row: StoredItem): string => hash('sha256', salt + (textOf(row['PK']) ?? ''), 'hex');
  return [...rows].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** The rule of the contract, told as simply as it can be: one after the other in the order of keys. */
function servedInOrder(
  rows: readonly StoredItem[],
  initials: string,
  taken: ReadonlySet<string>,
): Map<string, string> {
  const held = new Set(taken);
  const found = new Map<string, string>();
  const keys = rows.map((row) => `${textOf(row['PK']) ?? ''}|${textOf(row['SK']) ?? ''}`).sort();
  for (const key of keys) {
    const id = key.slice('EMPLOYEE#'.length, key.indexOf('|'));
    const start = Number.parseInt(hash('sha256', id, 'hex').slice(0, 12), 16);
    for (let digits = 3; !found.has(key); digits += 1) {
      for (let tried = 0; tried < 10 ** digits && !found.has(key); tried += 1) {
        const suffix = String((start + tried) % 10 ** digits).padStart(digits, '0');
        const candidate = `EMP${initials}${suffix}`;
        if (!held.has(candidate)) found.set(key, candidate);
      }
    }
    held.add(found.get(key) ?? '');
  }
  return found;
}

describe('employee numbers', () => {
  it('P-17: keep what is there, else are made of initials and a hash of the id', async () => {
    const known = employee('1', 'Ada Byron', number('SL-1'));
    expect(numbersOf([rowOf(await decided(known))])).toEqual(['SL-1']);
    // SHA-256 of "17" begins with 4523540f1504, which is 76018036446468
    expect(numbersOf([rowOf(await decided(employee('17', 'Ada Byron')))])).toEqual(['EMPAB468']);
  });

  it('P-X02: take letters only, by code point', () => {
    expect(initialsOf('🦺 Ána de la  Cruz')).toBe('ÁDLC');
    expect(initialsOf('(Jo) 4ever')).toBe('JE');
    expect(initialsOf('𝒳avier 007')).toBe('𝒳');
    expect(initialsOf('007 🦺')).toBe('X');
  });

  it('P-X01: go on to the next free one where the first is taken, in the order of keys', async () => {
    // sha256 leads both ids to 572
    const both = [employee('defect-x01-a4', 'Xenia Xu'), employee('defect-x01-a46', 'Xaver Xu')];
    expect(numbersOf(await rowsAfter(both))).toEqual(['EMPXX573', 'EMPXX572']);
    expect(numbersOf(await rowsAfter(both, [], both.toReversed()))).toEqual(['EMPXX573', 'EMPXX572']);
  });

  it('P-X01: avoid numbers of the source and of the target, whatever their case, whenever they are met', async () => {
    const wanted = employee('defect-x01-a4', 'Xenia Xu');
    const inSource = employee('0', 'Somebody Else', number(' empXX572 '));
    const inTarget = employee('00', 'Third Person', { ...number('EMPXX573'), employee_id: { S: '00' } });
    for (const order of [
      [wanted, inSource],
      [inSource, wanted],
    ])
      expect(numbersOf(await rowsAfter([wanted], [inTarget], order))).toEqual(['EMPXX574']);
  });

  it('P-X01: 2,000 employees who share initials have unique numbers, the same in two runs in different orders', async () => {
    const crowd = Array.from({ length: 2000 }, (_, n) =>
      employee(`crowd-${n}`, n % 2 ? 'Ada Byron' : 'Al Beck'),
    );
    const first = await rowsAfter(crowd);
    const numbers = numbersOf(first);
    expect(new Set(numbers).size).toBe(2000);
    expect(numbers.filter((one) => /^EMPAB\d{3}$/.test(one ?? ''))).toHaveLength(1000);
    expect(numbers.filter((one) => /^EMPAB\d{4}$/.test(one ?? ''))).toHaveLength(1000);
    const simple = servedInOrder(crowd, 'AB', new Set());
    expect(numbers).toEqual(crowd.map(({ PK }) => simple.get(`${textOf(PK) ?? ''}|PROFILE`)));
    for (const salt of ['one', 'other'])
      expect(numbersOf(await rowsAfter(crowd, [], shuffled(crowd, salt)))).toEqual(numbers);
    // the second run finds the rows of the first one, and a third those of a run that was killed half-way
    expect(
      await rowsAfter(
        crowd,
        first.map((row) => stored(row)),
        shuffled(crowd, 'two'),
      ),
    ).toEqual(first);
    const half = shuffled(first, 'half').slice(0, 1000);
    expect(
      await rowsAfter(
        crowd,
        half.map((row) => stored(row)),
        shuffled(crowd, 'three'),
      ),
    ).toEqual(first);
  }, 60_000);

  it('P-X01: fill a space to the last number around those that are taken', async () => {
    const crowd = Array.from({ length: 1100 }, (_, n) => employee(`c${n}`, 'Cy'));
    const owners = Array.from({ length: 40 }, (_, n) =>
      employee(`o${n}`, 'O', number(`EMPC${String(n * 25).padStart(3, '0')}`)),
    );
    const taken = new Set(owners.map((row) => textOf(row['employee_number']) ?? ''));
    const simple = servedInOrder(crowd, 'C', taken);
    for (const salt of ['a', 'b', 'c']) {
      const rows = await rowsAfter(crowd, [], shuffled([...crowd, ...owners], salt));
      expect(numbersOf(rows)).toEqual(crowd.map(({ PK }) => simple.get(`${textOf(PK) ?? ''}|PROFILE`)));
    }
  });

  it('P-X01: stay what they are when somebody comes who would have been served before', async () => {
    const later = employee('defect-x01-a4', 'Xenia Xu');
    const before = (await rowsAfter([later])).map((row) => stored(row));
    const sooner = employee('defect-x01-a46', 'Xaver Xu');
    expect(numbersOf(await rowsAfter([later, sooner], before))).toEqual(['EMPXX572', 'EMPXX573']);
  });

  it('P-X01: stay what they are when the name changes, also where somebody has edited the row', async () => {
    const [row = {}] = await rowsAfter([employee('17', 'Ada Byron')]);
    const renamed = employee('17', 'Zoe Young');
    const numbers = numbersOf([row]);
    expect(numbersOf(await rowsAfter([renamed], [stored(row)]))).toEqual(numbers);
    const edited = { ...stored(row), ...number('EDITED') };
    expect(numbersOf(await rowsAfter([renamed], [edited]))).toEqual(numbers);
  });

  it('P-X31: are those that the application has given, where it was first', async () => {
    const application = employee('17', 'Ada Byron', { ...number('APP-1'), employee_id: { S: '17' } });
    expect(numbersOf(await rowsAfter([employee('17', 'Ada Byron')], [application]))).toEqual(['APP-1']);
  });

  it('P-X05: are trimmed, and those that several have are told and kept', async () => {
    const rows = [
      employee('1', 'A', number(' S-1 ')),
      employee('2', 'B', number('s-1')),
      employee('3', 'C', number('S-3')),
    ];
    const planner = await plannerOver(rows);
    const decisions = rows.map((row) => planner.plan(row));
    expect(numbersOf(decisions.map(rowOf))).toEqual(['S-1', 's-1', 'S-3']);
    const codes = decisions.map(({ warnings }) =>
      warnings.map(({ code }) => code).filter((code) => code.startsWith('EMPLOYEE_')),
    );
    expect(codes).toEqual([
      ['EMPLOYEE_NUMBER_PADDED', 'EMPLOYEE_NUMBER_SHARED'],
      ['EMPLOYEE_NUMBER_SHARED'],
      [],
    ]);
    const faults = decisions.map((one) => planner.audit?.('sitelogix-personnel-v2', rowOf(one))?.kind);
    expect(faults).toEqual(['duplicate', 'duplicate', undefined]);
  });

  it('are not made up for a record that came after the survey', async () => {
    const planner = await plannerOver([]);
    expect(planner.plan(employee('17', 'Ada Byron'))).toMatchObject({
      kind: 'quarantined',
      problem: { reason: 'NUMBER_UNASSIGNED', field: 'employee_number' },
    });
  });

  it('are given up by others where a stored row turns out to pin them', async () => {
    const [one, other] = [employee('defect-x01-a4', 'Xenia Xu'), employee('defect-x01-a46', 'Xaver Xu')];
    const planner = await plannerOver([one, other]);
    const row = { ...rowOf(planner.plan(one)), ...number('EMPXX572') };
    const bare = without(row, 'legacyAttributes');
    expect(await planner.pin?.(stored(bare))).toBe(true);
    expect(await planner.pin?.(stored(bare))).toBe(false);
    expect(numbersOf([rowOf(planner.plan(one)), rowOf(planner.plan(other))])).toEqual([
      'EMPXX572',
      'EMPXX573',
    ]);
  });
});

describe('a stored row that is met late', () => {
  it('P-X01: changes nobody else’s number where it has the one that its record would get', async () => {
    const [later, sooner] = [employee('defect-x01-a4', 'Xenia Xu'), employee('defect-x01-a46', 'Xaver Xu')];
    const planner = await plannerOver([later, sooner]);
    const numbers = (): unknown => numbersOf([later, sooner].map((one) => rowOf(planner.plan(one))));
    expect(numbers()).toEqual(['EMPXX573', 'EMPXX572']);
    await planner.pin?.(stored(rowOf(planner.plan(sooner))));
    expect(numbers()).toEqual(['EMPXX573', 'EMPXX572']);
  });
});

describe('a second run', () => {
  it('P-X12: gives every row the times that it has, whatever the clock says by then', async () => {
    const record = employee('17', 'Ada Byron');
    const [row = {}] = await rowsAfter([record]);
    const planner = await plannerOver([record], [stored(row)], '2030-01-01T00:00:00.000Z');
    expect(rowOf(planner.plan(record))).toEqual(row);
  });
});

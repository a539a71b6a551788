import { conformanceCases } from '../../../src/conformance/index.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { LookupIndex } from '../../../src/migrations/contract/lookup-index.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { ScanOptions } from '../../../src/migrations/contract/record-reader.js';
import { RowsInUse, type RowsInUseParts } from '../../../src/runner/rollback/rows-in-use.js';
import { kpiPlanInMemory } from '../../support/engine/kpi-trial.js';
import { id } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';
import { COMPANY, migrated, OWN_LINK } from './company.js';
import { totals } from './rollback-trial.js';

/** The user of link 3, who has no person: the placeholder has the id of the user. */
const PLACEHOLDER = id('a5', 7);
const PEOPLE = TABLE.people;

describe('K-12: a placeholder person', () => {
  it.each([
    ['the application has a link to it', { ...OWN_LINK, id: { S: 'since' }, personId: { S: PLACEHOLDER } }],
    ['its link was edited', 'edit' as const],
  ])('invariant 9: stays, and is listed, where %s', async (_, row) => {
    const trial = await migrated();
    if (row === 'edit') trial.edit(TABLE.kpiLinks, id('11', 3), { note: { S: 'by hand' } });
    else trial.store.load(TABLE.kpiLinks, [row]);
    const result = await trial.rollback();
    expect(result.kept.filter(({ table }) => table === PEOPLE)).toMatchObject([
      {
        ...{ step: 'links', key: PLACEHOLDER, reason: 'IN_USE' },
        detail: `rows of ${TABLE.kpiLinks}, which stay, need it`,
      },
    ]);
    expect(trial.store.rows(PEOPLE).map((person) => textOf(person['id']))).toContain(PLACEHOLDER);
  });

  it('goes where only other persons have links', async () => {
    const trial = await migrated();
    trial.edit(TABLE.kpiLinks, id('11', 2), { note: { S: 'by hand' } });
    expect(totals(await trial.rollback())).toContain('links rolled-back 3/1/2');
    expect(trial.store.rows(PEOPLE).map((person) => textOf(person['id']))).not.toContain(PLACEHOLDER);
  });
});

describe('the conformance kit', () => {
  it('invariant 9: expects the person of an edited link to stay', async () => {
    const cases = conformanceCases({ plan: kpiPlanInMemory, tables: COMPANY });
    await expect(cases.find(({ id: one }) => one === 'rollback')?.run()).resolves.toBeUndefined();
  });
});

const USE = [{ table: PEOPLE, key: 'id', by: [{ table: TABLE.kpiLinks, attribute: 'personId' }] }];

/** Counts what is open. */
class Watched extends MemoryIndexes {
  open = 0;

  override create(): LookupIndex {
    const index = super.create();
    this.open += 1;
    const close = (): Promise<void> => {
      this.open -= 1;
      return index.close();
    };
    return { ...index, close };
  }
}

/** A store that tells which attributes it was asked for; `failing`: it does not answer. */
function watched(failing = false): { parts: RowsInUseParts; asked: unknown[]; indexes: Watched } {
  const store = new MemoryStore(kpiPlanInMemory().tables, { pageSize: 2 });
  store.load(TABLE.kpiLinks, [{ id: { S: 'l' }, personId: { S: 'p' } }]);
  const [asked, indexes]: [unknown[], Watched] = [[], new Watched()];
  const reader: RowsInUseParts['reader'] = {
    scan: (table: string, options: ScanOptions = {}) => {
      asked.push(options.attributes);
      if (failing) throw new TypeError('no answer');
      return store.scan(table, options);
    },
    positionBehind: (table, row) => store.positionBehind(table, row),
    get: (table, keys) => store.get(table, keys),
  };
  return { parts: { reader, indexes, segments: 1, ahead: [] }, asked, indexes };
}

const person = (name: string): StoredItem => ({ id: { S: name } });

describe('what others need', () => {
  it('invariant 12: is read by name alone where all rows stay, else as whole rows, and is closed', async () => {
    const { parts, asked, indexes } = watched();
    const use = await RowsInUse.build(PEOPLE, USE, parts);
    expect([use.fateOf(person('p'))?.kind, use.fateOf(person('q')), indexes.open]).toEqual([
      'kept',
      undefined,
      1,
    ]);
    await use.close();
    const scope = { source: TABLE.links };
    const ahead = [{ scope, tables: [TABLE.kpiLinks] }];
    await (await RowsInUse.build(PEOPLE, USE, { ...parts, ahead })).close();
    expect([asked, indexes.open]).toEqual([[['personId'], undefined], 0]);
  });

  it('leaves no look-up open where the store does not answer', async () => {
    const { parts, indexes } = watched(true);
    await expect(RowsInUse.build(PEOPLE, USE, parts)).rejects.toThrow('no answer');
    expect(indexes.open).toBe(0);
  });

  it('asks nothing for a row whose key is no text, nor takes a name for one that is no text', async () => {
    const { parts } = watched();
    const use = await RowsInUse.build(PEOPLE, USE, parts);
    expect(use.fateOf({ id: { N: '1' } })).toBeUndefined();
    await use.close();
  });
});

import { jest } from '@jest/globals';
import { Container } from 'inversify';

import { RestoreError } from '../../../src/domain/errors.js';
import type { AggregateMapper } from '../../../src/domain/storage/stored.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { StructuredMapper } from '../../../src/infrastructure/persistence/mapping/structured.mapper.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { KPI_TABLES } from '../../../src/migrations/kpi/kpi.tables.js';
import { plans } from '../../../src/runner/composition/plans.js';
import { bindRepositories } from '../../../src/runner/composition/repositories.js';
import { actualRow } from '../../../src/runner/verification/row-sides.js';
import { aKpiDataRow, aKpiLinkRow } from '../../support/mothers/rows.mother.js';
import { repositoriesOf } from '../../support/repositories.js';

const STAMP: StoredItem = {
  _migration: { M: { source: { S: 'legacy#1' }, run: { S: 'run-1' }, digest: { S: 'ab12' } } },
};

function stepMapper(table: string): AggregateMapper<unknown> {
  const mappers = plans().flatMap(({ plan }) => plan.steps.map(({ mappers: all }) => all.get(table)));
  return mappers.find((mapper) => mapper !== undefined)!;
}

function storeWith(table: string, item: StoredItem) {
  const memory = new MemoryStore(KPI_TABLES);
  memory.load(table, [item]);
  const container = new Container();
  bindRepositories(container, { memory });
  return repositoriesOf(container);
}

let fromItem: jest.SpiedFunction<AggregateMapper<unknown>['fromItem']>;
beforeEach(() => {
  fromItem = jest.spyOn(StructuredMapper.prototype as AggregateMapper<unknown>, 'fromItem');
});
afterEach(() => fromItem.mockRestore());

describe('invariant 8: verification loads rows through the read path of the repositories', () => {
  const cases = [
    { table: 'purposepath-kpi-links', of: 'links', item: { ...aKpiLinkRow({ id: { S: 'a' } }), ...STAMP } },
    { table: 'purposepath-kpi-data', of: 'data', item: { ...aKpiDataRow({ id: { S: 'a' } }), ...STAMP } },
  ] as const;

  test.each(cases)(
    '$table: both load by the same function and from the same row',
    async ({ table, of, item }) => {
      const repository = storeWith(table, item)[of];
      const mapper = stepMapper(table);

      const stored = await repository.findById('a');
      expect(fromItem).toHaveBeenCalledTimes(1);
      // what the function made is given out as it is: nothing is added between it and the caller
      expect(stored).toBe(fromItem.mock.results[0]!.value);

      expect(actualRow(mapper, 'a', item).broken).toBeUndefined();
      expect(fromItem).toHaveBeenCalledTimes(2);
      const [fromRepository, fromVerification] = fromItem.mock.contexts as [object, object];
      expect(fromVerification).toBe(mapper);
      expect(Object.getPrototypeOf(fromVerification)).toBe(Object.getPrototypeOf(fromRepository));
      expect(fromItem.mock.calls[0]).toEqual(fromItem.mock.calls[1]);
      expect(fromItem.mock.results[1]!.value).toEqual(stored);
    },
  );

  test.each(cases)('$table: a row that the function refuses, neither loads', async ({ table, of, item }) => {
    const repository = storeWith(table, item)[of];
    const refusal = new RestoreError('Any', 'field', 'refused');
    fromItem.mockImplementation(() => {
      throw refusal;
    });
    await expect(repository.findById('a')).rejects.toBe(refusal);
    await expect(repository.all()[Symbol.asyncIterator]().next()).rejects.toBe(refusal);
    expect(actualRow(stepMapper(table), 'a', item).broken).toBe(refusal);
  });
});

import { sameRow } from '../../domain/storage/canonical-digest.js';
import { stampOf } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { isOwnRow, type IMigrationStep } from '../../migrations/contract/migration-step.js';
import { differingAttributes } from '../trial/differences.js';
import type { Case } from './case.js';
import { errorPlace } from './error-place.js';

/** The read path of the new application: what the step wrote, loaded and stored again. */
export const MAPPERS: Case = {
  id: 'mappers',
  name: 'writes rows that its mappers load and store again without a loss',
  judge: async (bench) => {
    const { after } = await bench.firstRun();
    const trial = bench.trial({});
    let rows = 0;
    const problems: string[] = [];
    for (const step of trial.plan.steps) {
      for (const [table, item] of ownRows(step, after)) {
        rows += 1;
        const lost = lossOf(step, table, item);
        if (lost !== undefined)
          problems.push(`step ${step.name}, ${table}#${trial.key(table, item)}: ${lost}`);
      }
    }
    return {
      problems,
      told: `${rows} rows`,
      advice:
        'fromItem and toItem of the mapper must be inverse to each other, stamp and carried attributes included.',
    };
  },
};

function ownRows(
  step: IMigrationStep,
  tables: ReadonlyMap<string, readonly StoredItem[]>,
): [string, StoredItem][] {
  return [...step.mappers.keys()].flatMap((table) =>
    (tables.get(table) ?? [])
      .filter((item) => isOwnRow(step, item, stampOf(item)?.source))
      .map((item): [string, StoredItem] => [table, item]),
  );
}

function lossOf({ mappers }: IMigrationStep, table: string, item: StoredItem): string | undefined {
  const mapper = mappers.get(table);
  if (mapper === undefined) return 'no mapper';
  try {
    const again = mapper.toItem(mapper.fromItem(item));
    return sameRow(item, again)
      ? undefined
      : `is not the same in ${differingAttributes(item, again).join(', ')}`;
  } catch (error) {
    return `can't be loaded: ${errorPlace(error)}`;
  }
}

import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { stampOf } from '../../../src/domain/storage/stored.js';
import { DualWriter, type DualWritePolicy } from '../../../src/cutover/dual-writes/dual-writer.js';
import type { Conduct } from '../../../src/cutover/phases/phase.js';
import { EmployeeMapper } from '../../../src/infrastructure/persistence/personnel/employee.mapper.js';
import { EmployeesStep } from '../../../src/migrations/personnel/employees.step.js';
import { personnelDualWrites } from '../../../src/migrations/personnel/personnel.dual-writes.js';
import { CURRENT, LEGACY, MemoryModels } from './memory-models.js';

export const NOW = '2025-03-04T05:06:07.000Z';

export const ONLY_LEGACY: Conduct = { writes: 'legacy', truth: 'legacy', share: 0 };
export const BOTH: Conduct = { writes: 'both', truth: 'legacy', share: 0 };
export const NEW_FIRST: Conduct = { writes: 'both', truth: 'new', share: 50 };
export const ONLY_NEW: Conduct = { writes: 'new', truth: 'new', share: 100 };

/** Two tables in memory with a writer that does what `conduct` says at the moment. */
export class Stage {
  readonly models: MemoryModels;
  readonly writer: DualWriter;
  conduct = BOTH;
  /** milliseconds that have gone by since NOW */
  passed = 0;
  /** milliseconds for which processes were paused */
  paused = 0;

  constructor(policy: DualWritePolicy = 'atomic') {
    this.models = new MemoryModels(policy === 'truth-first');
    this.writer = this.anotherWriter(policy);
  }

  anotherWriter(policy: DualWritePolicy): DualWriter {
    const rules = personnelDualWrites(new EmployeesStep(new EmployeeMapper()), this.models.access);
    let time = 0;
    return new DualWriter({
      ...{ rules, models: this.models, policy },
      conduct: () => Promise.resolve(this.conduct),
      now: () => new Date(Date.parse(NOW) + this.passed),
      clock: () => (time += 2) + this.paused,
    });
  }

  record(id: string): StoredItem | undefined {
    return this.models.row(LEGACY, keyOf(id));
  }

  row(id: string): StoredItem | undefined {
    return this.models.row(CURRENT, keyOf(id));
  }

  /** What the application changes in the new model alone. */
  edit(id: string, change: StoredItem): void {
    const row = this.row(id);
    if (row === undefined) throw new Error(`no row of ${id}`);
    this.models.put(CURRENT, { ...row, ...change });
  }
}

export function keyOf(id: string): StoredItem {
  return { PK: { S: `EMPLOYEE#${id}` }, SK: { S: 'PROFILE' } };
}

export function sourceOf(id: string): string {
  return `${LEGACY}#EMPLOYEE#${id}|PROFILE`;
}

export function employee(id: string, more: StoredItem = {}): StoredItem {
  return { ...keyOf(id), full_name: { S: 'Ada Byron' }, ...more };
}

/** A row without its stamp and the account of the way here. */
export function content(row: StoredItem | undefined): StoredItem | undefined {
  if (row === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => name !== '_migration' && name !== 'legacyAttributes'),
  );
}

export function runOf(row: StoredItem | undefined): string | undefined {
  return row === undefined ? undefined : stampOf(row)?.run;
}

export function text(row: StoredItem | undefined, name: string): string | undefined {
  return textOf(row?.[name]);
}

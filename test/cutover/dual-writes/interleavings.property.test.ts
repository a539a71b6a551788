import fc from 'fast-check';
import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { stampOf } from '../../../src/domain/storage/stored.js';
import type { DualWritePolicy, DualWriter } from '../../../src/cutover/dual-writes/dual-writer.js';
import type { RowChange } from '../../../src/cutover/dual-writes/two-models.js';
import { EmployeeMapper } from '../../../src/infrastructure/persistence/personnel/employee.mapper.js';
import type { RecordReader } from '../../../src/migrations/contract/record-reader.js';
import { rowKeys } from '../../../src/migrations/contract/row-key.js';
import { EmployeesStep } from '../../../src/migrations/personnel/employees.step.js';
import { PERSONNEL_TABLES } from '../../../src/migrations/personnel/personnel.tables.js';
import { PageSettlement } from '../../../src/runner/engine/page-settlement.js';
import { RowSettlement } from '../../../src/runner/engine/row-settlement.js';
import { RefusedError, StoreError } from '../../../src/runner/ports/errors.js';
import type { RecordSink } from '../../../src/runner/ports/record-sink.js';
import { plannerOver } from '../../migrations/personnel/planning.js';
import { CURRENT, LEGACY, type Fault, type MemoryModels } from './memory-models.js';
import { BOTH, employee, keyOf, NEW_FIRST, sourceOf, Stage, text } from './stage.js';

const IDS = ['a', 'b'] as const;
const FIELDS = ['phone', 'email', 'health_notes'] as const;

const RUN = 'backfill';

type Operation =
  | { readonly do: 'create' | 'remove' | 'edit' | 'backfill' | 'reconcile'; readonly id: string }
  | { readonly do: 'update'; readonly id: string; readonly field: (typeof FIELDS)[number] };

const id = fc.constantFrom(...IDS);
const write: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('create' as const, 'remove' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('update' as const), id, field: fc.constantFrom(...FIELDS) }),
  },
);
const other: fc.Arbitrary<Operation> = fc.record({
  do: fc.constantFrom('edit' as const, 'backfill' as const, 'reconcile' as const),
  id,
});
const writes = fc.array(write, { maxLength: 5 });
const faults: fc.Arbitrary<Map<number, Fault>> = fc
  .array(fc.tuple(fc.nat({ max: 25 }), fc.constantFrom<Fault>('before', 'after')), { maxLength: 4 })
  .map((entries) => new Map(entries));

/** Two writers, the application's edits in the new model, a backfill and `reconcile`, all at the same time. */
class Chaos {
  readonly stage: Stage;
  /** the role that the application has set in the new model, as long as that row stands */
  readonly roles = new Map<string, string>();
  lost = false;
  private readonly replaced = new Set<string>();
  private readonly second: DualWriter;
  private count = 0;

  constructor(policy: DualWritePolicy, truth: 'legacy' | 'new') {
    this.stage = new Stage(policy);
    this.stage.conduct = truth === 'legacy' ? BOTH : NEW_FIRST;
    this.second = this.stage.anotherWriter(policy);
    const { models } = this.stage;
    models.changed = (change) => {
      this.checkReplaced(change, truth === 'legacy' ? LEGACY : CURRENT);
      if (change.table !== CURRENT) return;
      if (change.kind === 'insert') this.roles.delete(text(change.item, 'PK') ?? '');
      if (change.kind === 'remove') this.roles.delete(text(change.image, 'PK') ?? '');
    };
  }

  /** Each list is done one after the other, the lists among each other in any order. */
  async play(
    lists: readonly (readonly Operation[])[],
    scheduler: fc.Scheduler,
    failing: Map<number, Fault>,
  ): Promise<void> {
    const { models } = this.stage;
    let commits = 0;
    models.turn = () => scheduler.schedule(Promise.resolve());
    models.failing = () => failing.get((commits += 1));
    const actors = lists.map(async (list, index) => {
      for (const operation of list)
        await this.done(index === 0 ? this.stage.writer : this.second, operation, scheduler);
    });
    await scheduler.waitFor(Promise.all(actors));
    models.turn = () => Promise.resolve();
    models.failing = () => undefined;
  }

  /** What the store refuses or fails to do is the writer's to bear; anything else is a bug. */
  private async done(writer: DualWriter, operation: Operation, scheduler: fc.Scheduler): Promise<void> {
    try {
      await this.operation(writer, operation, scheduler);
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof StoreError)) throw error;
    }
  }

  private async operation(writer: DualWriter, operation: Operation, scheduler: fc.Scheduler): Promise<void> {
    const key = keyOf(operation.id);
    const value = { S: `v${(this.count += 1)}` };
    switch (operation.do) {
      case 'create':
        await writer.create(employee(operation.id, { phone: value }));
        break;
      case 'update':
        await writer.update(key, { set: { [operation.field]: value } });
        break;
      case 'remove':
        await writer.remove(key);
        break;
      case 'reconcile':
        await writer.reconcile(sourceOf(operation.id));
        break;
      case 'edit':
        await scheduler.schedule(Promise.resolve());
        this.edit(operation.id, value);
        break;
      case 'backfill':
        await this.backfill(operation.id);
    }
  }

  /** Values are never written twice: where one comes back, a change was lost. */
  private checkReplaced(change: RowChange, truth: string): void {
    if (change.kind !== 'replace' || change.table !== truth) return;
    for (const name of FIELDS) {
      const [old, now] = [text(change.image, name) ?? '', text(change.item, name) ?? ''];
      if (old === now) continue;
      this.lost ||= this.replaced.has(now) || now === '';
      this.replaced.add(old);
    }
  }

  private edit(one: string, role: { S: string }): void {
    const [record, row] = [this.stage.record(one), this.stage.row(one)];
    if (record === undefined || row === undefined) return;
    this.stage.models.put(CURRENT, { ...row, role });
    this.roles.set(text(row, 'PK') ?? '', role.S);
  }

  /** A run that has read the record at some time, and settles it at another one. */
  private async backfill(one: string): Promise<void> {
    const { models } = this.stage;
    const record = await models.read(LEGACY, keyOf(one));
    if (record === undefined) return;
    const planner = await plannerOver([record], models.rows(CURRENT));
    const reader: Pick<RecordReader, 'get'> = {
      get: (table, keys) => Promise.all(keys.map((key) => models.read(table, key))),
    };
    const rows = new RowSettlement(reader as RecordReader, sinkOf(models), RUN);
    const step = new EmployeesStep(new EmployeeMapper());
    const check = (): undefined => undefined;
    const pages = new PageSettlement(step, planner, check, rows, RUN, rowKeys(PERSONNEL_TABLES), reader);
    await pages.settle([record]);
  }

  /** What is wrong with an employee in the two models; undefined where they agree. */
  fault(one: string): string | undefined {
    const [record, row] = [this.stage.record(one), this.stage.row(one)];
    if (record === undefined || row === undefined)
      return record === row ? undefined : `${record === undefined ? 'a row' : 'a record'} alone`;
    const field = FIELDS.find((name) => (text(record, name) ?? '') !== text(row, name));
    if (field !== undefined) return `${field} differs`;
    const role = this.roles.get(text(row, 'PK') ?? '');
    if ((text(row, 'role') ?? '') !== (role ?? 'user'))
      return 'the role that was set in the new model is lost';
    const isOwn = stampOf(row)?.digest === contentDigest(row);
    return role === undefined && !isOwn ? 'nobody has edited the row, and its stamp says so' : undefined;
  }

  isOpen(one: string): boolean {
    return this.stage.models.open.has(sourceOf(one));
  }
}

/** What a run may do to the tables. */
function sinkOf(models: MemoryModels): RecordSink {
  return {
    check: () => undefined,
    insert: (rows) =>
      Promise.all(
        rows.map(async ({ table, item }) => ({
          kind: (await models.commit([{ kind: 'insert', table, item }], [])) ? 'inserted' : 'exists',
        })),
      ),
    replace: async ({ table, item }, image) => ({
      kind: (await models.commit([{ kind: 'replace', table, item, image }], [])) ? 'replaced' : 'changed',
    }),
    remove: () => Promise.reject(new Error('a run removes nothing')),
  };
}

const fired = { before: 0, after: 0 };

function seed(chaos: Chaos, seeded: readonly string[]): void {
  for (const one of seeded) chaos.stage.models.put(LEGACY, employee(one, { phone: { S: 'first' } }));
}

function property(policy: DualWritePolicy, truth: 'legacy' | 'new') {
  const others = fc.array(truth === 'legacy' ? other : other.filter((one) => one.do !== 'backfill'), {
    maxLength: 4,
  });
  return fc.asyncProperty(
    ...[fc.scheduler(), writes, writes, others, others, faults],
    fc.subarray([...IDS]),
    async (scheduler, first, second, third, fourth, failing, seeded) => {
      const chaos = new Chaos(policy, truth);
      seed(chaos, truth === 'legacy' ? seeded : []);
      await chaos.play([first, second, third, fourth], scheduler, failing);
      const { models, writer } = chaos.stage;
      expect(chaos.lost).toBe(false);
      await writer.sweep();
      for (const fault of models.fired) fired[fault] += 1;
      const untouched = (one: (typeof IDS)[number]): boolean =>
        seeded.includes(one) && chaos.stage.row(one) === undefined;
      for (const one of IDS)
        if (!chaos.isOpen(one) && !untouched(one)) expect([one, chaos.fault(one)]).toEqual([one, undefined]);
      chaos.stage.passed = 3_600_000;
      for (const { source } of [...models.open.values()]) {
        await writer.reconcile(source);
      }
      for (const one of IDS) {
        if (chaos.isOpen(one)) expect(models.open.get(sourceOf(one))?.reason).toBe('CONFLICT');
        else if (!untouched(one)) expect([one, chaos.fault(one)]).toEqual([one, undefined]);
      }
    },
  );
}

describe('P-X26, P-X27, P-X28: two writers, edits, a backfill and reconcile in any order, with legs that fail', () => {
  it.each([
    ['atomic', 'legacy'],
    ['truth-first', 'legacy'],
    ['atomic', 'new'],
    ['truth-first', 'new'],
  ] as const)(
    '%s, %s first: lose nothing and bring nothing back',
    async (policy, truth) => {
      Object.assign(fired, { before: 0, after: 0 });
      await fc.assert(property(policy, truth), { numRuns: 150 });
      expect(Math.min(fired.before, fired.after)).toBeGreaterThan(0);
    },
    60_000,
  );
});

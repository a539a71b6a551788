import { randomUUID } from 'node:crypto';
import { stampOf } from '../../src/domain/storage/stored.js';
import { textOf, type StoredItem, type StoredValue } from '../../src/domain/storage/stored-value.js';
import type {
  CompanionRow,
  IMigrationStep,
  RecordPlanner,
  StepContext,
} from '../../src/migrations/contract/migration-step.js';
import type { Decision } from '../../src/migrations/contract/outcome.js';
import { CratesPlanner, CratesStep, idOf, idsIn, LotMapper } from './crates-plan.js';

/** A plan with one mistake, and what the kit must say of it. */
export interface BrokenPlan {
  readonly title: string;
  readonly step: () => IMigrationStep;
  /** case that fails for this mistake → what it says */
  readonly failing: Readonly<Record<string, RegExp>>;
  /** cases that may fail, too, because of what the mistake leads to; all others pass */
  readonly consequences?: readonly string[];
  /** whether the plain run does not validate, so that what compares with it is blocked */
  readonly blocks?: true;
}

type PlannerClass = new (known: ReadonlySet<string>) => CratesPlanner;

function stepOf(planner: PlannerClass): () => IMigrationStep {
  return () =>
    new (class extends CratesStep {
      override async prepare(context: StepContext): Promise<RecordPlanner> {
        return new planner(await idsIn(context, 'holds'));
      }
    })();
}

class AsksForTheTime extends CratesPlanner {
  override lot(record: StoredItem, hold: string): StoredItem {
    return { ...super.lot(record, hold), century: { N: String(Math.floor(new Date().getFullYear() / 100)) } };
  }
}

class WritesTheTime extends CratesPlanner {
  override lot(record: StoredItem, hold: string): StoredItem {
    return { ...super.lot(record, hold), stowedAt: { N: String(Date.now()) } };
  }
}

class DrawsLots extends CratesPlanner {
  override plan(record: StoredItem): Decision {
    return Math.random() < 1 ? super.plan(record) : super.plan(record);
  }
}

class MakesUpIds extends CratesPlanner {
  override lot(record: StoredItem, hold: string): StoredItem {
    return { ...super.lot(record, hold), id: { S: randomUUID() } };
  }
}

class CountsAlong extends CratesPlanner {
  private planned = 0;

  override lot(record: StoredItem, hold: string): StoredItem {
    return { ...super.lot(record, hold), place: { N: String((this.planned += 1)) } };
  }
}

/** The last crate that the survey meets tells who is responsible for the hold. */
class BelievesTheLastOne extends CratesPlanner {
  private readonly responsible = new Map<string, string>();

  override survey(record: StoredItem): void {
    super.survey(record);
    this.responsible.set(textOf(record['hold']) ?? '', idOf(record));
  }

  override lot(record: StoredItem, hold: string): StoredItem {
    return { ...super.lot(record, hold), responsible: { S: this.responsible.get(hold) ?? '' } };
  }
}

/** Crates of a hold share a key where their ids have one length. */
class MixesUpKeys extends CratesPlanner {
  override lot(record: StoredItem, hold: string): StoredItem {
    return { ...super.lot(record, hold), id: { S: `${hold}-${idOf(record).length}` } };
  }
}

class TidiesUpRecords extends CratesPlanner {
  override plan(record: StoredItem): Decision {
    const open = record as Record<string, StoredValue>;
    open['hold'] = { S: textOf(record['hold'])?.trim() ?? 'main' };
    return super.plan(record);
  }
}

/** Where lots stand already it takes the survey for done, and what that would have found out from them. */
class TrustsWhatStandsThere extends CratesStep {
  override async prepare(context: StepContext): Promise<RecordPlanner> {
    const lots = new Map<string, StoredItem>();
    for await (const { items } of context.reader.scan('lots'))
      for (const lot of items) if (stampOf(lot) !== undefined) lots.set(idOf(lot), lot);
    return new (class extends CratesPlanner {
      override lot(record: StoredItem, hold: string): StoredItem {
        const lot = super.lot(record, hold);
        return lots.size === 0 ? lot : { ...lot, inHold: lots.get(idOf(record))?.['inHold'] ?? { N: '0' } };
      }
    })(await idsIn(context, 'holds'));
  }
}

/** Remembers in the step what it has decided, so that a verification looks at what the run has looked at. */
class KeepsItsDecisions extends CratesStep {
  private readonly decisions = new Map<string, Decision>();

  override async prepare(context: StepContext): Promise<RecordPlanner> {
    const { decisions } = this;
    return new (class extends CratesPlanner {
      override plan(record: StoredItem): Decision {
        const decision = decisions.get(idOf(record)) ?? super.plan(record);
        decisions.set(idOf(record), decision);
        return decision;
      }
    })(await idsIn(context, 'holds'));
  }
}

export class LosesAWeight extends LotMapper {
  override fromItem(item: StoredItem): ReturnType<LotMapper['fromItem']> {
    const names = Object.keys(item).filter((name) => name !== 'weight');
    return super.fromItem(Object.fromEntries(names.map((name) => [name, item[name] as StoredValue])));
  }
}

class StumblesOverAMissingWeight extends CratesPlanner {
  override lot(record: StoredItem, hold: string): StoredItem {
    const weight = record['weight'] as { readonly N: string };
    return { ...super.lot(record, hold), heavy: { BOOL: weight.N.length > 4 } };
  }
}

class HidesItsHolds extends CratesStep {
  override readonly companionTables = [];
}

/** Takes a table that can't be read for an empty one. */
class SwallowsErrors extends CratesStep {
  override async prepare(context: StepContext): Promise<RecordPlanner> {
    const lots = await idsIn(context, 'crates').catch(() => new Set<string>());
    return new (class extends CratesPlanner {
      override lot(record: StoredItem, hold: string): StoredItem {
        return { ...super.lot(record, hold), listed: { BOOL: lots.has(idOf(record)) } };
      }
    })(await idsIn(context, 'holds'));
  }
}

/** Adds a hold for every time that it looks. */
class AddsAHoldEachTime extends CratesPlanner {
  override async *companions(): AsyncIterable<CompanionRow> {
    yield* super.companions();
    yield { table: 'holds', item: { id: { S: `spare-${this.known.size}` } }, source: 'crates#crate-0' };
  }
}

/** Where the application has a lot under its key it takes another one. */
class GoesAroundOthers extends CratesStep {
  override async prepare(context: StepContext): Promise<RecordPlanner> {
    const taken = new Set<string>();
    for await (const { items } of context.reader.scan('lots'))
      for (const lot of items) if (stampOf(lot) === undefined) taken.add(idOf(lot));
    return new (class extends CratesPlanner {
      override lot(record: StoredItem, hold: string): StoredItem {
        const lot = super.lot(record, hold);
        return taken.has(idOf(lot)) ? { ...lot, id: { S: `${idOf(lot)}-b` } } : lot;
      }
    })(await idsIn(context, 'holds'));
  }
}

class WritesToItsSource extends CratesPlanner {
  override plan(record: StoredItem): Decision {
    const decision = super.plan(record);
    if (decision.kind !== 'rows') return decision;
    const done = { table: 'crates', item: { ...record, id: { S: `${idOf(record)}-done` } } };
    return { ...decision, rows: [...decision.rows, done] };
  }
}

/** Tells how the table was read. */
class TellsTheSegments extends CratesStep {
  override async prepare(context: StepContext): Promise<RecordPlanner> {
    return new (class extends CratesPlanner {
      override lot(record: StoredItem, hold: string): StoredItem {
        return { ...super.lot(record, hold), part: { N: String(context.segments) } };
      }
    })(await idsIn(context, 'holds'));
  }
}

class CannotBePrepared extends CratesStep {
  override prepare(): Promise<RecordPlanner> {
    return Promise.reject(new RangeError('crate-7 of hold fore'));
  }
}

class SkipsEverything extends CratesPlanner {
  override plan(): Decision {
    return { kind: 'skipped', rule: 'not today', warnings: [] };
  }
}

export const BROKEN_PLANS: readonly BrokenPlan[] = [
  {
    title: 'asks for the time, where nothing shows it for years',
    step: stepOf(AsksForTheTime),
    failing: { decisions: /^step crates: asks for .* record: new Date\(\) at broken-plans\.ts:\d+$/ },
  },
  {
    title: 'writes the time',
    step: stepOf(WritesTheTime),
    failing: {
      runs: /different lots#crate-19: .* in stowedAt/,
      decisions: /Date\.now\(\) at broken-plans\.ts:\d+/,
      repeats: /^lots#crate-0: differs in _migration\.run, stowedAt \(of crates#crate-0\)$/,
    },
    consequences: ['order', 'dry-run', 'rollback'],
    blocks: true,
  },
  {
    title: 'asks for chance, where nothing shows it',
    step: stepOf(DrawsLots),
    failing: { decisions: /Math\.random\(\) at broken-plans\.ts:\d+/ },
  },
  {
    title: 'makes up ids',
    step: stepOf(MakesUpIds),
    failing: {
      runs: /extra lots#[-0-9a-f]{36}/,
      decisions: /record crates#crate-0, planned twice: row 1, for lots, differs in id$/,
      repeats: /^lots#[-0-9a-f]{36}: is there, but should not be \(of crates#crate-\d+\)$/,
    },
    consequences: ['order', 'rollback'],
    blocks: true,
  },
  {
    title: 'counts along',
    step: stepOf(CountsAlong),
    failing: {
      decisions: /record crates#crate-0, planned twice: .* differs in place$/,
      order: /^in 1 segments: lots#crate-\d+: differs in place/,
      killed: /^killed after journal\.saveCheckpoint .*: lots#crate-\d+: differs in place/,
    },
    consequences: ['killed-after-change', 'throttled', 'source-changes', 'conflicts'],
  },
  {
    title: 'believes whoever comes last',
    step: stepOf(BelievesTheLastOne),
    failing: {
      decisions: /planned in another process and order: .* differs in responsible$/,
      order: /^in 3 segments: lots#crate-1: differs in responsible/,
    },
    // who comes last there is a matter of which segment is quicker
    consequences: ['killed', 'killed-after-change', 'throttled', 'repeats', 'source-changes'],
  },
  {
    title: 'decides by how the tables are read',
    step: () => new TellsTheSegments(),
    failing: { order: /^in 7 segments: lots#crate-0: differs in part/ },
  },
  {
    title: 'gives one key to several records',
    step: stepOf(MixesUpKeys),
    failing: {
      runs: /rows of this kind of record: \d+ instead of 18$/,
      order: /^step crates lots#main-8 is asked for by several records: crates#crate-10, crates#crate-13/,
    },
    blocks: true,
  },
  {
    title: 'changes the records that it is given',
    step: stepOf(TidiesUpRecords),
    failing: { decisions: /^step crates: record crates#crate-5: the plan changes it \(hold\)$/ },
  },
  {
    title: 'forgets the survey where rows stand already',
    step: () => new TrustsWhatStandsThere(),
    failing: {
      killed: /^killed amid sink\.insert lots: lots#crate-0: differs in inHold/,
      'source-changes': /^changed between two runs: lots#crate-2: differs in inHold/,
    },
    consequences: ['throttled'],
  },
  {
    title: 'keeps its decisions from the run for the verification',
    step: () => new KeepsItsDecisions(),
    failing: { 'source-changes': /between scan and verification: step crates: its verification passed/ },
  },
  {
    title: 'has a mapper that loses an attribute',
    step: () => new CratesStep(new LosesAWeight()),
    failing: {
      runs: /every field equal: 17 instead of 0$/,
      mappers: /^step crates, lots#crate-0: is not the same in weight$/,
    },
    blocks: true,
  },
  {
    title: 'throws for some records',
    step: stepOf(StumblesOverAMissingWeight),
    failing: {
      runs: /^step crates, record crates#crate-7: the plan threw TypeError at broken-plans\.ts:\d+$/,
    },
  },
  {
    title: 'throws in its preparation',
    step: () => new CannotBePrepared(),
    failing: {
      runs: /^the run stopped with INTERNAL: .* \(RangeError at broken-plans\.ts:\d+\)$/,
      decisions: /^stopped by RangeError at broken-plans\.ts:\d+$/,
    },
    blocks: true,
  },
  {
    title: 'writes to a table that it does not declare',
    step: () => new HidesItsHolds(),
    failing: { rollback: /^holds#fore: is there, but should not be \(of crates#crate-0\)$/ },
  },
  {
    title: 'takes a table that can not be read for an empty one',
    step: () => new SwallowsErrors(),
    failing: { throttled: /^failed at reader\.scan crates: step crates: failed instead of validated$/ },
  },
  {
    title: 'adds a row with every look',
    step: stepOf(AddsAHoldEachTime),
    failing: {
      repeats: /^holds#spare-4: is there, but should not be/,
      killed: /^killed after sink\.insert holds: holds#spare-4: is there, but should not be/,
    },
    consequences: ['killed-after-change', 'throttled'],
  },
  {
    title: 'goes around rows of the application',
    step: () => new GoesAroundOthers(),
    failing: { conflicts: /^lots#crate-0, a row of the application: is not reported as a conflict$/ },
  },
  {
    title: 'writes to its source',
    step: stepOf(WritesToItsSource),
    failing: {
      runs: /^the run stopped with WRITE_FORBIDDEN: insert into crates/,
    },
    blocks: true,
  },
  {
    title: 'makes nothing of anything',
    step: stepOf(SkipsEverything),
    failing: { runs: /^step crates: no record became a row/ },
  },
];

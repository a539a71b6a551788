import type { StoredItem } from '../../domain/storage/stored-value.js';
import { sourceName } from '../../migrations/contract/migration-step.js';
import { rowKeys } from '../../migrations/contract/row-key.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { copyOf } from '../trial/own-copies.js';
import { ReorderedReader } from '../trial/reordered-reader.js';
import type { Trial } from '../trial/trial.js';
import { decisionDifference, type Decided } from '../watch/decision-difference.js';
import { watching } from '../watch/impurity-watch.js';
import { WatchedPlanner } from '../watch/watched-planner.js';
import type { Case } from './case.js';

/** Planners alone, without the engine: the same record, look-ups and code give the same decision (invariant 2). */
export const DECISIONS: Case = {
  id: 'decisions',
  name: 'decides by the record and its look-ups alone, and changes neither',
  judge: async (bench) => {
    const trial = bench.trial();
    const problems: string[] = [];
    let records = 0;
    for (const { name } of trial.plan.steps) {
      const found = await examined(trial, name, bench.subject.plan);
      problems.push(...found.problems.map((line) => `step ${name}: ${line}`));
      records += found.records;
      const result = await trial.wholeRun({ steps: [name] });
      // the next one needs what this one writes; the case `runs` tells why that is missing
      if (result.steps[0]?.status !== 'validated') break;
    }
    return {
      problems,
      told: `${records} records, each planned five times`,
      advice:
        'A planner is a pure function of the record and the look-ups: no clock, no chance (derive ids by UUIDv5), no counting along, no write into what it is given.',
    };
  },
};

interface Examination {
  readonly problems: readonly string[];
  readonly records: number;
}

type MakePlan = () => { readonly steps: readonly IMigrationStep[] };

async function examined(trial: Trial, name: string, makePlan: MakePlan): Promise<Examination> {
  const notes = new Set<string>();
  const { problems, records } = await watching(notes, () => compared(trial, name, makePlan));
  const asked = [...notes].map((what) => `asks for what is no part of a record: ${what}`);
  return { problems: [...asked, ...problems], records };
}

async function compared(trial: Trial, name: string, makePlan: MakePlan): Promise<Examination> {
  const step = (): IMigrationStep => {
    const found = makePlan().steps.find((one) => one.name === name);
    if (found === undefined) throw new RangeError(`the plan had a step ${name} a moment ago`);
    return found;
  };
  const own = step();
  const records = trial.tables().get(own.source) ?? [];
  const reordered = new ReorderedReader(trial.reader, rowKeys(trial.plan.tables), 'another order');
  const one = await WatchedPlanner.prepare(own, trial.reader, trial);
  const other = await WatchedPlanner.prepare(step(), reordered, trial);
  try {
    await one.survey(records);
    await other.survey(records.toReversed());
    const companions = await one.companions();
    const problems = [
      ...companionProblems(trial, companions, await one.companions(), 'asked twice'),
      ...companionProblems(trial, companions, await other.companions(), 'in another process and order'),
      ...(await decisionProblems(own, records, one, other)),
    ];
    return {
      problems: [...new Set([...one.mutations, ...other.mutations]), ...problems],
      records: records.length,
    };
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
}

async function decisionProblems(
  step: IMigrationStep,
  records: readonly StoredItem[],
  one: WatchedPlanner,
  other: WatchedPlanner,
): Promise<string[]> {
  const planned = async (
    planner: WatchedPlanner,
    rows: readonly StoredItem[],
  ): Promise<Map<string, Decided>> => {
    const decisions = new Map<string, Decided>();
    for (const row of rows) decisions.set(sourceName(step, row), await planner.plan(row));
    return decisions;
  };
  const first = await planned(one, records);
  const others = [
    ['planned twice', await planned(one, records)],
    ['planned in another order', await planned(one, records.toReversed())],
    ['planned in another process and order', await planned(other, records.toReversed())],
    ['with its attributes in another order', await planned(one, records.map(turned))],
  ] as const;
  return [...first].flatMap(([source, decided]) => {
    // one line for each record: further ones would say the same
    for (const [how, decisions] of others) {
      const difference = decisionDifference(decided, decisions.get(source));
      if (difference !== undefined) return [`record ${source}, ${how}: ${difference}`];
    }
    return [];
  });
}

function turned(record: StoredItem): StoredItem {
  return Object.fromEntries(Object.entries(copyOf(record)).reverse());
}

function companionProblems(
  trial: Trial,
  first: readonly { readonly table: string; readonly item: StoredItem; readonly source: string }[],
  again: readonly { readonly table: string; readonly item: StoredItem; readonly source: string }[],
  how: string,
): string[] {
  const decided = (rows: typeof first): Decided => ({
    kind: 'rows',
    rows: [...rows].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    anchored: false,
    warnings: [],
  });
  const nameOf = ({ table, item, source }: (typeof first)[number]): string =>
    `${table}#${trial.key(table, item)} of ${source}`;
  const difference = decisionDifference(decided(first), decided(again));
  return difference === undefined ? [] : [`companions, ${how}: ${difference}`];
}

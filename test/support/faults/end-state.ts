import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoJournal } from '../../../src/infrastructure/journal/dynamo-journal.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import {
  ENTRY_KINDS,
  type Journal,
  type JournalEntry,
  type RunRecord,
  type StepRecord,
} from '../../../src/runner/ports/journal.js';
import type { ProcessStage } from './process-stage.js';

const PLAN = 'kpi';

/** All that must be the same however often a run was interrupted. Runs go by the names `earlier` and `this`. */
export interface EndState {
  /** table → rows in the order of their keys, whole, stamps included */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  /** how the latest run stands */
  readonly run: string;
  /** step → where it stands, as later commands go by it */
  readonly states: Readonly<Record<string, string>>;
  /** step → its status, counters, reasons and checks in the run that executed it last */
  readonly steps: Readonly<Record<string, object>>;
  /** kind → all that the steps' latest runs set aside or noticed, images included */
  readonly entries: Readonly<Record<string, readonly string[]>>;
}

/** Reads what a stage has come to. `earlier`: runs that were over before the one in question began. */
export async function endStateOf(stage: ProcessStage, earlier: readonly string[]): Promise<EndState> {
  const { client, journal } = openJournal(stage);
  try {
    const tables = await stage.tables();
    return await endState(tables, journal, earlier);
  } finally {
    client.destroy();
  }
}

/** Ids of all runs in the journal, newest first, and whether the newest can still be resumed. Refused ones did nothing. */
export async function runsOf(
  stage: ProcessStage,
): Promise<{ readonly runs: readonly string[]; readonly unfinished: boolean }> {
  const { client, journal } = openJournal(stage);
  try {
    const runs = await runsIn(journal);
    const status = runs[0]?.status;
    return { runs: runs.map(({ run }) => run), unfinished: status === 'running' || status === 'aborted' };
  } finally {
    client.destroy();
  }
}

function openJournal(stage: ProcessStage): { readonly client: DynamoDBClient; readonly journal: Journal } {
  const client = createDynamoClient({ endpoint: stage.endpoint, maxSockets: 16, requestTimeout: 20_000 });
  return { client, journal: new DynamoJournal(client, stage.raw.physicalName(JOURNAL_TABLE.name)) };
}

/** The same of any tables and journal; rows in the order of their keys. */
export async function endState(
  tables: ReadonlyMap<string, readonly object[]>,
  journal: Journal,
  earlier: readonly string[],
  plan = PLAN,
): Promise<EndState> {
  const runs = await runsIn(journal, plan);
  const named = naming(
    runs.map(({ run }) => run),
    earlier,
  );
  const states = await journal.states(plan);
  const steps: [string, object][] = [];
  const entries = new Map<string, string[]>(ENTRY_KINDS.map((kind) => [kind, []]));
  for (const { run, step } of states) {
    const record = (await journal.steps(run)).find((one) => one.step === step);
    steps.push([step, record === undefined ? {} : totals(record)]);
    for (const kind of ENTRY_KINDS) {
      for await (const entry of journal.entries(run, step, kind, { images: true })) {
        entries.get(kind)?.push(named(entryText(entry)));
      }
    }
  }
  const [latest] = runs;
  return {
    rows: Object.fromEntries(
      [...tables]
        .filter(([table]) => table !== JOURNAL_TABLE.name)
        .map(([table, rows]) => [table, rows.map((row) => named(sortedText(row)))]),
    ),
    run: `${latest?.status ?? 'none'} ${latest?.error?.code ?? ''}`.trim(),
    states: Object.fromEntries(states.map(({ step, run, status }) => [step, named(`${status} by ${run}`)])),
    steps: Object.fromEntries(steps),
    entries: Object.fromEntries([...entries].map(([kind, texts]) => [kind, texts.sort()])),
  };
}

async function runsIn(journal: Journal, plan = PLAN): Promise<RunRecord[]> {
  return (await journal.runs(plan, 1000)).filter(({ status }) => status !== 'refused');
}

function totals({ run: _, step: __, startedAt: ___, durationMs: ____, ...told }: StepRecord): object {
  return told;
}

/** Without its slice: how far a slice goes is a matter of when a run was stopped. */
function entryText({ slice: _, ...entry }: JournalEntry): string {
  return sortedText(entry);
}

/** As JSON, attributes in the order of their names. */
function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('base64');
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function naming(runs: readonly string[], earlier: readonly string[]): (text: string) => string {
  return (text) =>
    runs.reduce((named, run) => named.replaceAll(run, earlier.includes(run) ? 'earlier' : 'this'), text);
}

/** What is not the same, a line for each part; none where all is equal. */
export function differences(expected: EndState, found: EndState): string[] {
  const lines: string[] = [];
  for (const part of ['rows', 'states', 'entries'] as const)
    lines.push(...partDifferences(part, expected[part], found[part]));
  for (const step of new Set([...Object.keys(expected.steps), ...Object.keys(found.steps)]))
    lines.push(...partDifferences(step, { ...expected.steps[step] }, { ...found.steps[step] }));
  if (expected.run !== found.run) lines.push(`run: ${found.run} instead of ${expected.run}`);
  return lines;
}

type Named = Readonly<Record<string, unknown>>;

function partDifferences(part: string, expected: Named, found: Named): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].flatMap((name) => {
    const [wanted, is] = [expected[name] ?? 'absent', found[name] ?? 'absent'];
    if (Array.isArray(wanted) && Array.isArray(is))
      return listDifferences(`${part} ${name}`, wanted.map(textOf), is.map(textOf));
    if (textOf(wanted) === textOf(is)) return [];
    return [`${part} ${name}: ${textOf(is)} instead of ${textOf(wanted)}`];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : sortedText(value);
}

/** As many of each as it takes to see what happened. */
const SHOWN = 3;

function listDifferences(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const missing = without(expected, found).slice(0, SHOWN);
  const extra = without(found, expected).slice(0, SHOWN);
  return [...missing.map((one) => `${what}: missing ${one}`), ...extra.map((one) => `${what}: extra ${one}`)];
}

/** The elements of a list that another list does not have, repetitions counted. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of other) left.set(one, (left.get(one) ?? 0) + 1);
  return list.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}

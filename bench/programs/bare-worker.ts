import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { stringOf } from '../workload/rows.js';
import type { Row } from '../meter/write-units.js';
import { bareClient } from '../workload/client.js';
import { scanPages, writeBatch, writeRows, type Way } from '../workload/bare.js';
import { Decisions } from '../workload/decisions.js';
import { Model } from '../workload/model.js';
import { KINDS, LEGACY, TABLES, targetOf, type Kind } from '../workload/tables.js';
import { answer, ready, task } from './parent.js';

/** What the worker can be asked; times in seconds, processor time of this process only. */
export type BareQuestion =
  | {
      readonly do: 'scan';
      readonly tables: readonly string[];
      readonly segments: number;
      readonly digests: boolean;
    }
  | { readonly do: 'write'; readonly kind: Kind; readonly way: Way; readonly concurrency: number }
  | {
      readonly do: 'move';
      readonly kind: Kind;
      readonly segments: number;
      readonly concurrency: number;
      readonly way: Way;
    };

export interface BareAnswer {
  readonly seconds: number;
  /** of these, until the first record is read: where the plan decides, it loads its look-ups */
  readonly preparing: number;
  readonly cpu: number;
  readonly rows: number;
}

/**
 * What records pass on their way: the model, see `Model`, or all that the plan decides of them, see `Decisions`. Omitted:
 * nothing.
 */
export type Through = 'model' | 'plan';

export interface BareTask {
  readonly endpoint: string;
  readonly rowsFile?: string;
  readonly through?: Through;
}

/** Bare loops in a process of their own: no journal and, unless asked, no transform, no look-up and no condition. */
const { endpoint, rowsFile, through } = task() as BareTask;
/** rows that a run wrote, by the record that they come from; read before any clock runs */
const rowsOf = rowsFile === undefined ? new Map<string, Row[]>() : await readRows(rowsFile);
const rowsOfKind = new Map(
  KINDS.map((kind) => {
    const prefix = `${LEGACY[kind]}#`;
    return [kind, [...rowsOf].flatMap(([source, rows]) => (source.startsWith(prefix) ? rows : []))];
  }),
);

/** loaded by those only who are measured with them: others would pay for them at their start */
const model = through === 'model' ? await Model.load() : undefined;
const plan = through === 'plan' ? await Decisions.load(endpoint) : undefined;
const client = plan?.client ?? bareClient(endpoint);

ready(true);
answer(async (question: BareQuestion): Promise<BareAnswer> => {
  const cpu = process.cpuUsage();
  const from = performance.now();
  const { rows, readFrom = from } = await work(question);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, preparing: (readFrom - from) / 1000, cpu: (user + system) / 1e6, rows };
});

interface Done {
  readonly rows: number;
  /** by `performance.now()`; omitted: from the start */
  readonly readFrom?: number;
}

function work(question: BareQuestion): Promise<Done> {
  if (question.do === 'scan') return scan(question);
  if (question.do === 'move') return move(question);
  return write(question);
}

/** With `digests` also a SHA-256 of each row, the least that says whether two sides have equal rows. */
async function scan({
  tables,
  segments,
  digests,
}: Extract<BareQuestion, { readonly do: 'scan' }>): Promise<Done> {
  let rows = 0;
  await Promise.all(
    tables.map((table) =>
      scanPages(client, table, segments, (page) => {
        rows += page.length;
        if (digests) for (const row of page) createHash('sha256').update(JSON.stringify(row)).digest();
        if (model !== undefined) for (const row of page) model.pass(table, row);
      }),
    ),
  );
  return { rows };
}

async function write({
  kind,
  way,
  concurrency,
}: Extract<BareQuestion, { readonly do: 'write' }>): Promise<Done> {
  const rows = rowsOfKind.get(kind) ?? [];
  await writeRows(client, targetOf(kind), rows, { way, concurrency });
  return { rows: rows.length };
}

/** Scans the records of a kind and writes the rows that belong to them, as a step does. */
async function move({
  kind,
  segments,
  concurrency,
  way,
}: Extract<BareQuestion, { readonly do: 'move' }>): Promise<Done> {
  const step = await plan?.step(kind, segments);
  const readFrom = performance.now();
  let rows = 0;
  const waiting: Row[] = [];
  const flying = new Set<Promise<void>>();
  const send = async (least: number): Promise<void> => {
    while (waiting.length >= least && waiting.length > 0) {
      const batch = waiting.splice(0, 25);
      const sent = writeBatch[way](client, targetOf(kind), batch).finally(() => flying.delete(sent));
      flying.add(sent);
      if (flying.size >= concurrency) await Promise.race(flying);
    }
  };
  await scanPages(client, TABLES[kind], segments, async (page) => {
    for (const record of page) {
      const mine = step?.rowsOf(record) ?? known(kind, record);
      rows += mine.length;
      waiting.push(...mine);
    }
    await send(25);
  });
  await send(1);
  await Promise.all(flying);
  await step?.close();
  return { rows, readFrom };
}

/** The rows that a run made of the record. */
function known(kind: Kind, record: Row): readonly Row[] {
  const rows = rowsOf.get(`${LEGACY[kind]}#${stringOf(record['id'])}`) ?? [];
  if (model === undefined) return rows;
  model.pass(TABLES[kind], record);
  return rows.map((row) => model.pass(targetOf(kind), row));
}

async function readRows(path: string): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const row = JSON.parse(line) as Row;
    const source = stringOf(row['_migration']?.M?.['source']);
    found.set(source, [...(found.get(source) ?? []), row]);
  }
  return found;
}

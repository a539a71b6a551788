import { pairedRatios, summaryOf, total } from '../measuring/statistics.js';
import type { Row } from '../meter/write-units.js';
import { bareClient } from '../workload/client.js';
import { writeRows, type Way } from '../workload/bare.js';
import { originalWay, type OriginalTime } from '../workload/original-way.js';
import { stringOf } from '../workload/rows.js';
import type { Outcome } from '../workload/stage.js';
import { KINDS, TABLES, type Kind } from '../workload/tables.js';
import { bareMove } from './bare-move.js';
import { alternate, type Figure } from './figure.js';

const LEAST = 40;

/** The whole plan, from the start of the process to its end, against the scripts that it replaces. */
export const wholeRun: Figure = async ({ options, stage, closing, say }) => {
  const place = await stage();
  const outcome = await place.rehearsed();
  const measuredRecords = total(Object.values(outcome.records));
  const client = bareClient(await place.endpointAt(options.latency), 50);
  closing.add(() => client.destroy());
  const records = shareOf(outcome, options.originalRecords);
  const original = async (queries: boolean): Promise<OriginalTime> => {
    await place.fresh();
    // all links first and off the clock, so that the records of the share find theirs
    await writeRows(client, TABLES.newLinks, outcome.links, { way: 'batch', concurrency: 16 });
    const common = { records, totals: outcome.records, linksOf: linksByKpi(outcome.links) };
    const time = await originalWay(client, { ...common, queries });
    say(`original way ${queries ? 'as described' : 'puts only'}: ${time.seconds.toFixed(1)} s`);
    return time;
  };
  const candidate = async (): Promise<OriginalTime> => {
    const { seconds } = await place.run();
    say(`whole run: ${seconds.toFixed(1)} s`);
    return { seconds, measuredSeconds: seconds, measuredRecords };
  };
  const bare = async (way: Way): Promise<OriginalTime> => {
    const { seconds } = await bareMove(place, { options, closing }, { way });
    return { seconds, measuredSeconds: seconds, measuredRecords };
  };
  const taken = await alternate(options.runs, [
    candidate,
    () => original(false),
    () => original(true),
    () => bare('insert'),
    () => bare('batch'),
  ]);
  const [run = [], puts = [], described = [], inserts = [], batches = []] = taken.map((times) =>
    times.map(({ seconds }) => seconds),
  );
  const share = `${total(Object.values(records))} of ${measuredRecords} records, scaled per record`;
  const rowsPerSecond = summaryOf(run.map((seconds) => total(Object.values(outcome.rows)) / seconds));
  const line = (what: string, baseline: readonly number[], measured: readonly OriginalTime[]) => ({
    what,
    bound: { kind: 'least', value: LEAST } as const,
    unit: '×',
    value: summaryOf(pairedRatios(baseline, run)),
    measured: {
      'whole run, s': summaryOf(run),
      'original way, scaled, s': summaryOf(baseline),
      'original way, measured, s': summaryOf(measured.map(({ measuredSeconds }) => measuredSeconds)),
      'whole run, rows/s': rowsPerSecond,
      'bare scan and conditional inserts, s': summaryOf(inserts),
      'that against the original way, ×': summaryOf(pairedRatios(baseline, inserts)),
      'bare scan and unconditional batches, s': summaryOf(batches),
      'even that against the original way, ×': summaryOf(pairedRatios(baseline, batches)),
    },
    note: `the original way moved ${share}`,
  });
  return {
    lines: [
      line('whole run against the original way, puts only', puts, taken[1] ?? []),
      line('whole run against the original way, with a query per record', described, taken[2] ?? []),
    ],
  };
};

/** Of each kind as large a part as of all. */
function shareOf({ records }: Outcome, wanted: number): Record<Kind, number> {
  const share = wanted / total(Object.values(records));
  return Object.fromEntries(
    KINDS.map((kind) => [kind, Math.min(records[kind], Math.max(1, Math.round(records[kind] * share)))]),
  ) as Record<Kind, number>;
}

function linksByKpi(links: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const link of links) {
    const kpi = stringOf(link['kpiId']);
    found.set(kpi, [...(found.get(kpi) ?? []), link]);
  }
  return found;
}

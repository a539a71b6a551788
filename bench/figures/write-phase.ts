import { phasesIn, type StepPhases } from '../measuring/phases.js';
import { pairedRatios, summaryOf, total } from '../measuring/statistics.js';
import { Program } from '../processes/program.js';
import type { BareAnswer, BareQuestion } from '../programs/bare-worker.js';
import type { Way } from '../workload/bare.js';
import { KINDS, type Kind } from '../workload/tables.js';
import type { Stage } from '../workload/stage.js';
import { bareMove } from './bare-move.js';
import { alternate, quickest, type Bench, type Figure } from './figure.js';

const LEAST = 0.85;
const CONCURRENCIES = [8, 16, 32, 64];
/** one link has many data rows: the links themselves are too few to time */
const DATA = KINDS.filter((kind) => kind !== 'links');

type Seconds = Readonly<Record<string, number>>;

/** A step's write phase against what the server takes of the same rows at best. */
export const writePhase: Figure = async (bench) => {
  const place = await bench.stage();
  const outcome = await place.rehearsed();
  const bare = await BareWriter.start(place, bench, outcome.file);
  const batch = await bare.tuned('batch');
  const insert = await bare.tuned('insert');
  const moved = async (through: { readonly through?: 'plan' } = {}): Promise<Seconds> => {
    const way = { way: 'insert', concurrency: insert, ...through } as const;
    return withData((await bareMove(place, bench, way)).writing);
  };
  const [own = [], batches = [], inserts = [], moves = [], decided = []] = await alternate<Seconds>(
    bench.options.runs,
    [
      async () => phaseSeconds(phasesIn((await place.run()).stderr)),
      () => bare.seconds('batch', batch),
      () => bare.seconds('insert', insert),
      () => moved(),
      () => moved({ through: 'plan' }),
    ],
  );
  const of = (taken: readonly Seconds[], name: string): number[] =>
    taken.map((each) => each[name] ?? Number.NaN);
  const rowsOf = (name: string): number =>
    name === 'data' ? total(DATA.map((kind) => outcome.rows[kind])) : outcome.rows[name as Kind];
  const line = (name: string, what: string) => ({
    what: `write phase of ${what} against bare BatchWriteItem`,
    bound: { kind: 'least', value: LEAST } as const,
    unit: '×',
    value: summaryOf(pairedRatios(of(batches, name), of(own, name))),
    measured: {
      'write phase, rows/s': summaryOf(of(own, name).map((seconds) => rowsOf(name) / seconds)),
      'BatchWriteItem, rows/s': summaryOf(of(batches, name).map((seconds) => rowsOf(name) / seconds)),
      'bare conditional inserts, rows/s': summaryOf(
        of(inserts, name).map((seconds) => rowsOf(name) / seconds),
      ),
      'against bare conditional inserts, ×': summaryOf(pairedRatios(of(inserts, name), of(own, name))),
      'bare conditional inserts while the records are read, against BatchWriteItem, ×': summaryOf(
        pairedRatios(of(batches, name), of(moves, name)),
      ),
      'the same with all that the plan decides, ×': summaryOf(
        pairedRatios(of(batches, name), of(decided, name)),
      ),
    },
    note: `${batch} batches, ${insert} inserts in flight, each the quickest of ${bare.choices.join(', ')}`,
  });
  return {
    lines: [line('data', 'the data steps together'), ...DATA.map((kind) => line(kind, `step \`${kind}\``))],
  };
};

function phaseSeconds(phases: readonly StepPhases[]): Seconds {
  const seconds = new Map(phases.map(({ step, writeFrom, writeTo }) => [step, (writeTo - writeFrom) / 1000]));
  const missing = KINDS.find((kind) => !seconds.has(kind));
  if (missing !== undefined) throw new Error(`the run does not tell when step ${missing} wrote`);
  return withData(Object.fromEntries(seconds));
}

function withData(seconds: Seconds): Seconds {
  return { ...seconds, data: total(DATA.map((kind) => seconds[kind] ?? Number.NaN)) };
}

class BareWriter {
  readonly choices: readonly number[];

  private constructor(
    private readonly place: Stage,
    private readonly program: Program,
    { options: { quick } }: Bench,
  ) {
    this.choices = quick ? [16, 64] : CONCURRENCIES;
  }

  static async start(place: Stage, bench: Bench, rowsFile: string): Promise<BareWriter> {
    const endpoint = await place.endpointAt(bench.options.latency);
    const program = await Program.start('bare-worker', { endpoint, rowsFile }, bench.closing);
    return new BareWriter(place, program, bench);
  }

  /** The number of requests in flight at which the server takes the rows of one kind quickest. */
  async tuned(way: Way): Promise<number> {
    return quickest(this.choices, async (concurrency) => {
      await this.place.fresh();
      return (await this.write('milestones', way, concurrency)).seconds;
    });
  }

  /** All kinds in the order of the steps, into tables that fill as they do in a run. */
  async seconds(way: Way, concurrency: number): Promise<Seconds> {
    await this.place.fresh();
    const taken: [string, number][] = [];
    for (const kind of KINDS) taken.push([kind, (await this.write(kind, way, concurrency)).seconds]);
    return withData(Object.fromEntries(taken));
  }

  private write(kind: Kind, way: Way, concurrency: number): Promise<BareAnswer> {
    const question: BareQuestion = { do: 'write', kind, way, concurrency };
    return this.program.ask(question);
  }
}

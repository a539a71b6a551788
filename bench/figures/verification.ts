import { pairedRatios, summaryOf } from '../measuring/statistics.js';
import { Program } from '../processes/program.js';
import type { BareAnswer, BareQuestion, BareTask } from '../programs/bare-worker.js';
import { ENVIRONMENT, KINDS, TABLES } from '../workload/tables.js';
import { alternate, quickest, type Figure } from './figure.js';

const MOST = 1.2;
const BOTH_SIDES = [...KINDS.map((kind) => TABLES[kind]), TABLES.newLinks, TABLES.data];

interface Times {
  /** from the start of the process */
  readonly whole: number;
  /** from its first word of a step, or its first request */
  readonly inside: number;
}

/** `node runner validate` against reading both sides once in parallel, each a process from its start on. */
export const verification: Figure = async ({ options, stage, closing, say }) => {
  const place = await stage();
  const endpoint = await place.endpointAt(options.latency);
  await place.run();
  const scan = (segments: number, { digests = false, model = false } = {}): Promise<Times> =>
    closing.around(async () => {
      const from = performance.now();
      const task: BareTask = model ? { endpoint, through: 'model' } : { endpoint };
      const program = await Program.start('bare-worker', task, closing);
      const started = (performance.now() - from) / 1000;
      const question: BareQuestion = { do: 'scan', tables: BOTH_SIDES, segments, digests };
      const { seconds } = await program.ask<BareAnswer>(question);
      return { whole: started + seconds, inside: seconds };
    });
  const choices = options.quick ? [2, 4] : [1, 2, 4, 8];
  const segments = await quickest(choices, async (choice) => (await scan(choice)).inside);
  const validate = async (): Promise<Times> => {
    const ran = await place.command(['validate', '--env', ENVIRONMENT]);
    const ended = Date.now();
    const first = ran.stderr.find(({ text }) => text.endsWith(': started'))?.at;
    say(`validate: ${ran.seconds.toFixed(2)} s`);
    return { whole: ran.seconds, inside: first === undefined ? ran.seconds : (ended - first) / 1000 };
  };
  const [own = [], bare = [], digested = [], modelled = []] = await alternate(options.runs, [
    validate,
    () => scan(segments),
    () => scan(segments, { digests: true }),
    () => scan(segments, { model: true }),
  ]);
  const whole = (times: readonly Times[]): number[] => times.map((time) => time.whole);
  const inside = (times: readonly Times[]): number[] => times.map((time) => time.inside);
  return {
    lines: [
      {
        what: '`validate` against a bare parallel scan of both sides',
        bound: { kind: 'most', value: MOST },
        unit: '×',
        value: summaryOf(pairedRatios(whole(own), whole(bare))),
        measured: { 'validate, s': summaryOf(whole(own)), 'bare scan, s': summaryOf(whole(bare)) },
        note: `each with the start of its process; the scan with ${segments} segments a table, the quickest of ${choices.join(', ')}`,
      },
      {
        what: 'the same without the start of the processes',
        unit: '×',
        value: summaryOf(pairedRatios(inside(own), inside(bare))),
        measured: {
          'validate, s': summaryOf(inside(own)),
          'bare scan, s': summaryOf(inside(bare)),
          'bare scan with a SHA-256 of each row, s': summaryOf(inside(digested)),
          'against that, ×': summaryOf(pairedRatios(inside(own), inside(digested))),
          'bare scan with each row through the model, s': summaryOf(inside(modelled)),
          'that against the bare scan, ×': summaryOf(pairedRatios(inside(modelled), inside(bare))),
        },
      },
    ],
  };
};

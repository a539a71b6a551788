import { phasesIn } from '../measuring/phases.js';
import { cpuAt } from '../measuring/process-figures.js';
import { pairedRatios, summaryOf, total } from '../measuring/statistics.js';
import type { Ran } from '../processes/runner.js';
import { bareMove, type BareWay } from './bare-move.js';
import { alternate, type Figure } from './figure.js';

const MOST = 1.5;

interface Cpu {
  /** seconds from the start of each step until its last record was settled, look-ups included */
  readonly execution: number;
  /** seconds from there until the steps were verified */
  readonly validation: number;
  /** the rest: start, gates, reports */
  readonly fixed: number;
}

/** Processor time of the runner's process against that of a loop that only scans and writes. */
export const cpu: Figure = async ({ options, stage, closing, say }) => {
  const place = await stage();
  const { rows } = await place.rehearsed();
  const written = total(Object.values(rows));
  const bare = async (way: BareWay): Promise<Cpu> => {
    const { cpu: execution } = await bareMove(place, { options, closing }, way);
    return { execution, validation: 0, fixed: 0 };
  };
  const own = async (): Promise<Cpu> => {
    const taken = cpuOf(await place.run());
    say(`runner: ${taken.execution.toFixed(2)} s, and ${taken.validation.toFixed(2)} s for validation`);
    return taken;
  };
  const [runner = [], loop = [], inserts = [], modelled = [], decided = []] = await alternate(options.runs, [
    own,
    () => bare({ way: 'batch' }),
    () => bare({ way: 'insert' }),
    () => bare({ way: 'insert', through: 'model' }),
    () => bare({ way: 'insert', through: 'plan' }),
  ]);
  const perThousand = (seconds: readonly number[]) =>
    summaryOf(seconds.map((each) => (each * 1e6) / written));
  const execution = runner.map((each) => each.execution);
  const all = runner.map((each) => each.execution + each.validation);
  const baseline = loop.map((each) => each.execution);
  const conditional = inserts.map((each) => each.execution);
  const withModel = modelled.map((each) => each.execution);
  const withPlan = decided.map((each) => each.execution);
  const measured = {
    'execution, ms per 1,000 rows': perThousand(execution),
    'bare loop, ms per 1,000 rows': perThousand(baseline),
    'bare loop of conditional inserts, ms per 1,000 rows': perThousand(conditional),
    'bare conditional inserts against the bare loop, ×': summaryOf(pairedRatios(conditional, baseline)),
    'against bare conditional inserts, ×': summaryOf(pairedRatios(execution, conditional)),
    'the same through the model, ms per 1,000 rows': perThousand(withModel),
    'that against the bare loop, ×': summaryOf(pairedRatios(withModel, baseline)),
    'the same with all that the plan decides, ms per 1,000 rows': perThousand(withPlan),
    'that against the bare loop itself, ×': summaryOf(pairedRatios(withPlan, baseline)),
    'execution against that, ×': summaryOf(pairedRatios(execution, withPlan)),
    'validation, ms per 1,000 rows': perThousand(runner.map(({ validation }) => validation)),
    'start and end of the process, s': summaryOf(runner.map(({ fixed }) => fixed)),
  };
  return {
    lines: [
      {
        what: "processor time of the steps' execution against a bare SDK loop",
        bound: { kind: 'most', value: MOST },
        unit: '×',
        value: summaryOf(pairedRatios(execution, baseline)),
        measured,
        note: 'start and end of the process are fixed costs and left out on both sides',
      },
      {
        what: 'the same, validation of every step included',
        unit: '×',
        value: summaryOf(pairedRatios(all, baseline)),
        measured: {},
      },
    ],
  };
};

function cpuOf({ stderr, samples }: Ran): Cpu {
  const phases = phasesIn(stderr);
  if (phases.length === 0 || samples.length === 0)
    throw new Error('the run told nothing of its phases or processor time');
  let execution = 0;
  let validation = 0;
  for (const { begun, writeTo, ended } of phases) {
    execution += cpuAt(samples, writeTo) - cpuAt(samples, begun);
    validation += cpuAt(samples, ended) - cpuAt(samples, writeTo);
  }
  return { execution, validation, fixed: (samples.at(-1)?.cpu ?? 0) - execution - validation };
}

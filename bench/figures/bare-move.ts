import { total } from '../measuring/statistics.js';
import { Program } from '../processes/program.js';
import type { BareAnswer, BareQuestion, BareTask, Through } from '../programs/bare-worker.js';
import type { Way } from '../workload/bare.js';
import type { Stage } from '../workload/stage.js';
import { KINDS, type Kind } from '../workload/tables.js';
import type { Bench } from './figure.js';

export interface BareWay {
  readonly way: Way;
  readonly through?: Through;
  /** requests in flight; omitted: 16 */
  readonly concurrency?: number;
}

export interface BareMove {
  readonly seconds: number;
  readonly cpu: number;
  /** seconds from the first record read to the last row written */
  readonly writing: Readonly<Record<Kind, number>>;
}

/**
 * What no migration can do with less: all records read once and all rows written into fresh tables, kind by kind, in a
 * process of its own, which compiles its code just as the runner does. Throws Error where it does not write the rows of a
 * run.
 */
export async function bareMove(
  place: Stage,
  { options, closing }: Pick<Bench, 'options' | 'closing'>,
  { way, through, concurrency = 16 }: BareWay,
): Promise<BareMove> {
  const { file, rows } = await place.rehearsed();
  return closing.around(async () => {
    await place.fresh();
    const endpoint = await place.endpointAt(options.latency);
    const task: BareTask =
      through === 'plan'
        ? { endpoint, through }
        : { endpoint, rowsFile: file, ...(through === undefined ? {} : { through }) };
    const program = await Program.start('bare-worker', task, closing);
    const answers: [Kind, BareAnswer][] = [];
    for (const kind of KINDS) {
      const question: BareQuestion = { do: 'move', kind, way, concurrency, segments: 4 };
      const answer = await program.ask<BareAnswer>(question);
      if (answer.rows !== rows[kind])
        throw new Error(`the bare loop wrote ${answer.rows} of ${rows[kind]} rows of ${kind}`);
      answers.push([kind, answer]);
    }
    const writing = answers.map(([kind, { seconds, preparing }]) => [kind, seconds - preparing] as const);
    return {
      seconds: total(answers.map(([, { seconds }]) => seconds)),
      cpu: total(answers.map(([, { cpu }]) => cpu)),
      writing: Object.fromEntries(writing) as Record<Kind, number>,
    };
  });
}

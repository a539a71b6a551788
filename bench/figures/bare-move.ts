import { Program } from '../processes/program.js';
import type { BareAnswer, BareQuestion, BareTask } from '../programs/bare-worker.js';
import type { Way } from '../workload/bare.js';
import type { Stage } from '../workload/stage.js';
import type { Bench } from './figure.js';

const BARE = { do: 'move', segments: 4, concurrency: 16 } as const;

/**
 * What no migration can do with less: all records read once and all rows written into fresh tables, in a process of its
 * own, which compiles its code just as the runner does. Throws Error where it does not write the rows of a run.
 */
export async function bareMove(
  place: Stage,
  { options, closing }: Pick<Bench, 'options' | 'closing'>,
  way: Way,
  model = false,
): Promise<BareAnswer> {
  const { file, rows } = await place.rehearsed();
  const written = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return closing.around(async () => {
    await place.fresh();
    const task = {
      endpoint: await place.endpointAt(options.latency),
      rowsFile: file,
      model,
    } satisfies BareTask;
    const program = await Program.start('bare-worker', task, closing);
    const answer = await program.ask<BareAnswer>({ ...BARE, way } satisfies BareQuestion);
    if (answer.rows !== written) throw new Error(`the bare loop wrote ${answer.rows} of ${written} rows`);
    return answer;
  });
}

import { conductOf, phaseWords } from '../../cutover/phases/conduct.js';
import { requireSettled } from '../../cutover/phases/phase-change.js';
import type { PhaseRecord } from '../../cutover/phases/phase-store.js';
import { RefusedError } from '../ports/errors.js';
import { confirmation, nextCommand } from '../reports/next-command.js';
import type { HistoryParts } from '../services/service-parts.js';

type GuardParts = Pick<HistoryParts, 'environment' | 'phases' | 'now'>;

/**
 * Rows that the application reads are not removed (E-29: reads go back first). Throws RefusedError `PHASE_FORBIDS`, and
 * `PHASE_NOT_SETTLED` while a process may still read them after the way back.
 */
export async function requireUnread(parts: GuardParts, plan: string): Promise<void> {
  const record = await recordOf(parts, plan);
  if (record === undefined) return;
  const { phase, last } = record;
  const { writes, share } = conductOf(phase);
  if (share === 0) {
    if (last !== undefined && conductOf(last.from).share > 0) requireSettled(record, parts.now());
    return;
  }
  const { name, production } = parts.environment;
  const back = `${nextCommand('phase back', { env: name, plan })} --by NAME --why TEXT${confirmation({ production })}`;
  throw new RefusedError(
    'PHASE_FORBIDS',
    `the application reads the rows of plan ${plan} in ${name}: its phase is ${phaseWords(phase)}`,
    writes === 'both'
      ? `Take the reads back first: ${back}`
      : 'Nothing brings them back: mend the rows where they are.',
  );
}

/**
 * Once the legacy model is not written any more it says nothing of what is right, and a run would bring rows back that the
 * application has removed since. Throws RefusedError `PHASE_FORBIDS`.
 */
export async function requireLegacyWritten(parts: GuardParts, plan: string): Promise<void> {
  const record = await recordOf(parts, plan);
  if (record === undefined || conductOf(record.phase).writes !== 'new') return;
  throw new RefusedError(
    'PHASE_FORBIDS',
    `the legacy tables of plan ${plan} are out of date in ${parts.environment.name}: its phase is ${phaseWords(record.phase)}`,
    'There is nothing left to migrate from them.',
  );
}

async function recordOf({ phases }: GuardParts, plan: string): Promise<PhaseRecord | undefined> {
  return (await phases?.())?.read(plan);
}

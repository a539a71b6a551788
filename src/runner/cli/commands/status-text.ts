import type { StatusResult } from '../../application.js';
import type { ToldRun } from '../../told-run.js';
import { isUnfinished } from '../../engine/unfinished-run.js';
import { signOffWords } from '../../reports/attested.js';
import { terminalSafe } from '../../reports/escape.js';
import { nextCommand } from '../../reports/next-command.js';
import { formatCount } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';
import { holderWords } from './lease-words.js';

type PlanStatus = StatusResult['plans'][number];

/** Runs that the text shows of each plan; the document has all that the application gave. */
const RUNS_SHOWN = 10;

/** Goes on behind the heading, which names the environment. */
export function statusText(status: StatusResult): string {
  const blocks = status.plans.map((plan) => [
    `${plan.plan}: ${plan.title}`,
    ...stepTable(plan),
    ...leaseLines(plan),
    ...acceptanceLines(plan),
    ...attestedLines(plan),
    ...unfinishedLines(plan, status.env),
    ...runLines(plan.runs),
  ]);
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function stepTable({ steps }: PlanStatus): string[] {
  return textTable(
    [
      { title: '  Step' },
      { title: 'Status' },
      { title: 'Read', align: 'right' },
      { title: 'Quarantined', align: 'right' },
      { title: 'Conflicts', align: 'right' },
      { title: 'Since' },
      { title: 'Run' },
    ],
    steps.map(({ step, status: standing, counters, at = '', run = '' }) => [
      `  ${step}`,
      standing,
      ...[counters?.read, counters?.quarantined, counters?.conflict].map((count) =>
        count === undefined ? '-' : formatCount(count),
      ),
      at,
      run,
    ]),
  );
}

function leaseLines({ lease }: PlanStatus): string[] {
  if (lease === undefined) return [];
  if (lease.expired === true)
    return [
      `  Not heard of any more: ${holderWords(lease)}`,
      terminalSafe(
        `    Lease expired at ${lease.expiresAt}; the next command takes it over if it stays silent`,
      ),
    ];
  return [
    `  At work: ${holderWords(lease)}`,
    terminalSafe(`    Lease until ${lease.expiresAt} unless it is renewed`),
    ...(lease.stopRequested ? ['    Asked to stop'] : []),
  ];
}

function acceptanceLines({ acceptances }: PlanStatus): string[] {
  if (acceptances.length === 0) return [];
  return [
    '  Accepted:',
    ...acceptances.map(({ reason, step, by, at, why }) =>
      terminalSafe(
        `    ${reason} in ${step ?? 'any step'}, by ${by} at ${at}${why === undefined ? '' : ` (${why})`}`,
      ),
    ),
  ];
}

function attestedLines({ attested = [] }: PlanStatus): string[] {
  if (attested.length === 0) return [];
  return [
    '  Attested:',
    ...attested.map((signOff) => terminalSafe(`    ${signOff.item}, ${signOffWords(signOff)}`)),
  ];
}

/** The newest run that did anything decides; refused ones did not. */
function unfinishedLines(plan: PlanStatus, env: string): string[] {
  const latest = plan.runs.find(({ status }) => status !== 'refused');
  if (!isUnfinished(latest)) return [];
  const target = { env, plan: plan.plan };
  const isSilent = plan.lease?.expired === true;
  if (plan.lease !== undefined && !isSilent) {
    return [`  Under way: ${terminalSafe(latest.run)}. To stop it: ${nextCommand('stop', target)}`];
  }
  const ended = latest.status === 'aborted' ? 'stopped' : isSilent ? 'killed or cut off' : 'killed';
  return [
    `  Unfinished: ${terminalSafe(latest.run)} (${ended})`,
    ...waysOn(plan, latest, target).map(([aim, command]) => `    ${aim}: ${terminalSafe(command)}`),
  ];
}

function waysOn(
  plan: PlanStatus,
  latest: ToldRun,
  target: { readonly env: string; readonly plan: string },
): (readonly [aim: string, command: string])[] {
  const { kind = 'migration', steps, flags, ofRun, pins, selection } = latest;
  const words = [
    ...(steps.length === plan.steps.length ? [] : [`--step ${steps.join(',')}`]),
    ...flags.map((flag) => `--${flag}`),
  ];
  const command = (...parts: readonly string[]): string =>
    [nextCommand(parts[0] ?? '', target), ...parts.slice(1)].join(' ');
  if (kind === 'retry') {
    const of = selection?.reasons === undefined ? [] : [`--reason ${selection.reasons.join(',')}`];
    return [['What it did not get to is still set aside', command('quarantine retry', ...words, ...of)]];
  }
  if (kind === 'rollback') {
    const of = ofRun === undefined ? [] : [`--run ${ofRun}`];
    return [['Go on', command('rollback', ...words, ...of)]];
  }
  const anew = ['Begin anew, what is done stays done', command('run', ...words, '--restart')] as const;
  return pins === undefined ? [anew] : [['Go on', command('run', ...words, '--resume')], anew];
}

function runLines(runs: PlanStatus['runs']): string[] {
  if (runs.length === 0) return ['  No runs yet.'];
  return [
    '  Latest runs:',
    ...textTable(
      [{ title: '  Run' }, { title: 'Status' }, { title: 'Kind' }, { title: 'Steps' }],
      runs.slice(0, RUNS_SHOWN).map((run) => [`  ${run.run}`, run.status, kindOf(run), run.steps.join(', ')]),
    ),
  ];
}

function kindOf({ dryRun, kind = 'migration' }: ToldRun): string {
  const work = kind === 'migration' ? 'run' : kind;
  return dryRun ? `dry ${work}` : work;
}

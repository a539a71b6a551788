import type { AcceptResult } from '../../application.js';
import type { CommandDefinition } from '../command-definition.js';
import { terminalSafe } from '../../reports/escape.js';
import { nextCommand } from '../../reports/next-command.js';
import { formatCount, formatQuantity } from '../../reports/quantities.js';
import { defined } from '../defined.js';
import { required } from '../required.js';
import { scopeOf } from '../scope.js';

export const quarantineAcceptCommand: CommandDefinition = {
  path: ['quarantine', 'accept'],
  summary: 'write down the decision that records set aside for a reason keep no run from being done',
  options: ['env', 'plan', 'acceptedReason', 'acceptedStep', 'responsible', 'why', 'revoke'],
  examples: [
    'quarantine accept --env staging --reason KPI_MISSING --by ann --why approved',
    'quarantine accept --env staging --reason CONFLICT --step links --by ann',
    'quarantine accept --env staging --reason KPI_MISSING --by ann --revoke',
  ],
  async execute({ options, catalog, open }) {
    const { env, plan, steps = [] } = scopeOf(options, catalog);
    const [reason = ''] = required(
      '--reason',
      options.reason,
      'the reason code that is accepted, or CONFLICT',
    );
    const by = required('--by', options.by, 'who decides: a decision needs a name');
    const [step] = steps;
    const application = await open(env);
    const { why, revoke = false } = options;
    // waited for to the end: whether a decision stands must not be left open
    const result = await application.accept({ plan, reason, by, revoke, ...defined({ why, step }) });
    return { exit: 0, document: { value: result }, text: acceptText(result) };
  },
};

function acceptText({ plan, env, acceptance, records, open }: AcceptResult): string {
  const { reason, step, by, at, why, revoked = false } = acceptance;
  const where = step === undefined ? 'any step' : `the step ${step}`;
  return [
    terminalSafe(
      `${revoked ? 'Taken back' : 'Accepted'}: ${reason} in ${where} of the plan ${plan}, environment ${env}, ` +
        `by ${by} at ${at}${why === undefined ? '' : ` (${why})`}.`,
    ),
    `${formatQuantity(records, 'record')} set aside for this reason now; ${formatCount(open)} set aside that nobody accepted.`,
    '',
    'Next:',
    `  ${nextCommand(open > 0 ? 'quarantine list' : 'run', { env, plan })}`,
    '',
  ].join('\n');
}

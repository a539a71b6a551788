import type { IamResult } from '../../application.js';
import type { CommandDefinition } from '../command-definition.js';
import { terminalSafe, terminalSafeLines } from '../../reports/escape.js';
import { defined } from '../defined.js';
import { untilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

type IamPolicy = IamResult['policies'][number];

const ATTACH: Readonly<Record<IamPolicy['attach'], string>> = {
  always: 'attach always',
  fallback: 'attach only while runs need the fallback path',
  rollback: 'attach only while rolling back',
  backup: 'attach only while making, verifying or restoring backups',
  tables: 'attach only while creating tables',
};

export const iamCommand: CommandDefinition = {
  path: ['iam'],
  summary: 'the least-privilege policies of the role that runs the plan in an environment',
  options: ['env', 'plan', 'restoreSuffix'],
  examples: [
    'iam --env production',
    'iam --env staging --plan kpi --json',
    'iam --env production --restore-suffix -restored',
  ],
  async execute({ options, catalog, open, signal }) {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    const result = await untilAborted(
      application.iam({ plan, ...defined({ restoreSuffix: options.restoreSuffix }) }),
      signal,
    );
    const text = result.policies.map(policyText).join('\n');
    return { exit: 0, document: { value: result }, text };
  },
};

function policyText({ name, attach, why, document }: IamPolicy): string {
  const heading = terminalSafe(`# ${name}: ${ATTACH[attach]} (${why})`);
  return `${heading}\n${terminalSafeLines(JSON.stringify(document, undefined, 2))}\n`;
}

import type { StagingEvidence } from '../../ports/attestation.js';
import type { CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import { evidenceDocument } from '../../ladder/evidence-document.js';
import { terminalSafe } from '../../reports/escape.js';
import { formatCount } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';
import { requireReadable } from '../input-file.js';
import { untilAborted } from '../interruption.js';
import { writeNewFile } from '../output-file.js';
import { required } from '../required.js';
import { scopeOf } from '../scope.js';

export const evidenceExportCommand: CommandDefinition = {
  path: ['evidence', 'export'],
  summary: 'sign off what passed here, as a document that another account can import',
  options: ['env', 'plan', 'responsible', 'out'],
  examples: [
    'evidence export --env staging --by ann --out staging.json',
    'evidence export --env staging --by ann --json',
  ],
  async execute({ options, catalog, open, signal, clock }): Promise<CommandResult> {
    const { env, plan } = scopeOf(options, catalog);
    const by = required('--by', options.by, 'who signs it off: a decision needs a name');
    const application = await open(env);
    const evidence = await untilAborted(application.evidence({ plan }), signal);
    const document = evidenceDocument(evidence, by, clock());
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    const { out } = options;
    if (out === undefined) return { exit: 0, document: { value: document }, text };
    await writeNewFile(out, once(text));
    return {
      exit: 0,
      document: { value: { file: out, plan, env, planVersion: evidence.planVersion } },
      text: `${evidenceText(evidence)}\nSigned off by ${terminalSafe(by)}, written to ${terminalSafe(out)}.\n`,
    };
  },
};

export const evidenceImportCommand: CommandDefinition = {
  path: ['evidence', 'import'],
  summary: 'record evidence that another account signed off, where it fits the plan that is here',
  options: ['env', 'plan', 'evidenceFile', 'responsible'],
  examples: ['evidence import --env production --from staging.json --by ben'],
  async execute({ options, catalog, open }): Promise<CommandResult> {
    const { env, plan } = scopeOf(options, catalog);
    const from = required('--from', options.from, 'the file that evidence export wrote');
    const by = required('--by', options.by, 'who vouches for it: a decision needs a name');
    const application = await open(env);
    await requireReadable(from);
    // waited for to the end: whether evidence stands must not be left open
    const evidence = await application.importEvidence({ plan, from, by });
    const signed = evidence.by === undefined ? '' : `; signed off by ${evidence.by}`;
    return {
      exit: 0,
      document: { value: evidence },
      text: `${evidenceText(evidence)}\n${terminalSafe(`Recorded in ${env} by ${by}${signed}.`)}\n`,
    };
  },
};

function evidenceText({ plan, env, planVersion, at, steps }: StagingEvidence): string {
  const columns = [
    { title: 'Step' },
    { title: 'Run' },
    { title: 'Validated' },
    { title: 'Checks', align: 'right' as const },
    { title: 'Records', align: 'right' as const },
  ];
  const rows = steps.map(({ step, run, validatedAt, checks, records }) => [
    step,
    run,
    validatedAt,
    formatCount(checks),
    formatCount(records),
  ]);
  return [
    terminalSafe(`Plan ${plan} passed in ${env} at ${at}, plan version ${planVersion}`),
    '',
    ...textTable(columns, rows),
    '',
  ].join('\n');
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

import type { CommandDefinition } from '../command-definition.js';
import type { ValidateResult } from '../../application.js';
import { EXIT, UsageError } from '../../ports/errors.js';
import { terminalSafe } from '../../reports/escape.js';
import { findingLine } from '../../reports/finding-line.js';
import { formatQuantity } from '../../reports/quantities.js';
import { tallyChecks } from '../../reports/step-document.js';
import { textTable } from '../../reports/text-table.js';
import { CHECK_TABLE, checkCells } from '../check-table.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';

/** Findings and warnings that the text shows; the document has all that the application gave. */
const LINES_SHOWN = 20;

export const validateCommand: CommandDefinition = {
  path: ['validate'],
  summary: 'compare what was migrated with what should be there, any time, any number of times',
  options: ['env', 'plan', 'step', 'sample', 'seed', 'maxRcu'],
  examples: ['validate --env local', 'validate --env staging --step links --sample 1000 --seed monday'],
  async execute({ options, catalog, open, signal }) {
    const { env, plan, steps } = scopeOf(options, catalog);
    const { sample, seed, maxRcu } = options;
    if (seed !== undefined && sample === undefined) {
      throw new UsageError('OPTION_INCOMPLETE', '--seed needs --sample.', 'Write --sample N --seed TEXT.');
    }
    const application = await open(env);
    const result = await application.validate({ plan, signal, ...defined({ steps, sample, seed, maxRcu }) });
    const text = validationText(result);
    if (result.passed) return { exit: EXIT.done, document: { value: result }, text };
    const error = {
      code: 'VALIDATION_FAILED',
      message: `${failures(result)} in the environment ${result.env}.`,
      next: 'Mend what the findings name, run the step again if rows are missing, then validate again.',
    };
    return { exit: EXIT.failed, document: { value: { ...result, error } }, text, error };
  },
};

function failures(result: ValidateResult): string {
  const { checks, failed } = tallyChecks(result.checks);
  return `${failed} of ${formatQuantity(checks, 'check')} failed with ${formatQuantity(result.findingsTotal, 'finding')}`;
}

function validationText(result: ValidateResult): string {
  const closing = result.passed
    ? `Validation passed: ${formatQuantity(result.checks.length, 'check')}.`
    : `Validation failed (exit 1): ${failures(result)}.`;
  return [
    `Plan ${result.plan}, environment ${result.env}, steps ${result.steps.join(', ')}`,
    '',
    ...textTable(CHECK_TABLE, result.checks.map(checkCells)),
    ...listed('Findings', result.findings.map(findingLine), result.findingsTotal),
    ...listed(
      "Warnings (rows of the application's own; they fail nothing)",
      result.warnings.map(terminalSafe),
    ),
    ...sampleLines(result.sample),
    '',
    closing,
    '',
  ].join('\n');
}

function listed(title: string, lines: readonly string[], total = lines.length): string[] {
  if (lines.length === 0) return [];
  const more = total - LINES_SHOWN;
  return [
    '',
    `${title}:`,
    ...lines.slice(0, LINES_SHOWN).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more; --json has them`] : []),
  ];
}

/** A sample that passes says little about rare faults; how little is part of the result. */
function sampleLines(sample: ValidateResult['sample']): string[] {
  if (sample === undefined) return [];
  return [
    '',
    `This was a sample of about ${formatQuantity(sample.size, 'record')} per step (seed ${terminalSafe(sample.seed)}), not all of them:`,
    ...sample.misses.map(
      ({ share, chance }) =>
        `  if ${percent(share)} of the rows were bad, it would see none of them with a chance of ${percent(chance)}`,
    ),
  ];
}

/** Rounded down, so that a chance below certainty never reads as 100 %. */
function percent(share: number): string {
  const perMyriad = Math.floor(Number((share * 10_000).toPrecision(6)));
  return `${perMyriad / 100} %`;
}

import type { CommandDefinition } from '../command-definition.js';
import type { PreflightResult } from '../../application.js';
import { EXIT } from '../../ports/errors.js';
import { terminalSafe } from '../../reports/escape.js';
import { formatQuantity } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';
import { CHECK_TABLE, checkCells } from '../check-table.js';
import { defined } from '../defined.js';
import { forecastLines } from '../forecast-text.js';
import { untilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

export const preflightCommand: CommandDefinition = {
  path: ['preflight'],
  summary: 'check what must hold before a run, and foresee what it takes: rows, units, time, cost',
  options: ['env', 'plan', 'forecastSample', 'seed', 'maxWcu', 'maxRcu', 'segments', 'forecast'],
  examples: ['preflight --env staging', 'preflight --env production --sample 5000 --max-wcu 500'],
  async execute({ options, catalog, open, signal }) {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    const { forecast, sample, seed, maxWcu, maxRcu, segments } = options;
    const asked = { signal, ...defined({ sample, seed, maxWcu, maxRcu, segments }) };
    const request = { plan, ...(forecast === false ? {} : { forecast: asked }) };
    const result = await untilAborted(application.preflight(request), signal);
    const text = preflightText(result);
    if (result.passed) return { exit: EXIT.done, document: { value: result }, text };
    const failed = result.checks.filter((check) => !check.passed);
    const error = {
      code: 'PREFLIGHT_FAILED',
      message: `${formatQuantity(failed.length, 'check')} before the run failed: ${failed.map(({ name }) => name).join(', ')}.`,
      next:
        failed.find((check) => check.next !== undefined)?.next ??
        'Mend what the checks name, then try again.',
    };
    return { exit: EXIT.refused, document: { value: { ...result, error } }, text, error };
  },
};

function preflightText(result: PreflightResult): string {
  const advice = result.checks.flatMap(({ name, passed, next }) =>
    passed || next === undefined ? [] : [terminalSafe(`  ${name}: ${next}`)],
  );
  return [
    ...textTable(CHECK_TABLE, result.checks.map(checkCells)),
    ...(advice.length === 0 ? [] : ['', 'What to do:', ...advice]),
    '',
    ...forecastLines(result.forecast),
    result.passed ? 'Preflight passed.' : 'Preflight failed (exit 3).',
    '',
  ].join('\n');
}

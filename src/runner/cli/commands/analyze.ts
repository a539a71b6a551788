import type { Analysis } from '../../application.js';
import { analysisReport, analysisText } from '../../reports/analysis-report.js';
import { terminalSafe } from '../../reports/escape.js';
import type { CommandDefinition } from '../command-definition.js';
import { defined } from '../defined.js';
import { untilAborted } from '../interruption.js';
import { writeNewFile } from '../output-file.js';
import { scopeOf } from '../scope.js';

export const analyzeCommand: CommandDefinition = {
  path: ['analyze'],
  summary:
    'what stands in the tables, and what the plan would decide, e.g. whose company gets a user’s records',
  options: ['env', 'plan', 'maxRcu', 'out'],
  examples: [
    'analyze --env staging --plan company',
    'analyze --env production --plan company --out analysis.md',
    'analyze --env local --plan kpi --json',
  ],
  async execute({ options, catalog, open, signal }) {
    const { env, plan } = scopeOf(options, catalog);
    const { out, maxRcu } = options;
    const application = await open(env);
    const analysis = await untilAborted(
      application.analyze({ plan, signal, ...defined({ maxRcu }) }),
      signal,
    );
    if (out === undefined) return { exit: 0, document: { value: analysis }, text: analysisText(analysis) };
    await writeNewFile(out, report(analysis));
    const document = { value: { file: out, format: 'markdown', kind: 'analysis', plan } };
    return { exit: 0, document, text: `Analysis written to ${terminalSafe(out)}.\n` };
  },
};

async function* report(analysis: Analysis): AsyncGenerator<string> {
  yield await Promise.resolve(analysisReport(analysis));
}

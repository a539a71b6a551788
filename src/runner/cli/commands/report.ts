import type { CommandCall, CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import { UsageError } from '../../ports/errors.js';
import type { RunReport } from '../../application.js';
import type { ReportFormat } from '../../reports/report-formats.js';
import { terminalSafe } from '../../reports/escape.js';
import { renderReport } from '../../reports/run-report.js';
import { defined } from '../defined.js';
import { itemsUntilAborted, untilAborted } from '../interruption.js';
import { writeNewFile } from '../output-file.js';
import { scopeOf } from '../scope.js';

export const reportCommand: CommandDefinition = {
  path: ['report'],
  summary:
    'all that is known of a run, as JSON, Markdown or one HTML page; of a rollback the incident; the mapping',
  options: ['env', 'plan', 'run', 'incident', 'mapping', 'format', 'out'],
  examples: [
    'report --env local',
    'report --env staging --format html --out report.html',
    'report --env staging --incident --out incident.md',
    'report --env staging --mapping',
  ],
  async execute(call): Promise<CommandResult> {
    const { options, catalog, open, signal } = call;
    const { env, plan } = scopeOf(options, catalog);
    if (options.incident === true || options.mapping === true) {
      const { reportOfKind } = await import('./report-kinds.js');
      return reportOfKind(() => open(env), { plan, options, signal });
    }
    const format = formatOf(call);
    const application = await open(env);
    const report = await untilAborted(application.report({ plan, ...defined({ run: options.run }) }), signal);
    const pieces = (): AsyncIterable<string> => itemsUntilAborted(renderReport(report, format), signal);
    if (options.out === undefined) return { exit: 0, document: { chunks: pieces() }, text: pieces() };
    await writeNewFile(options.out, pieces());
    return written(report, format, options.out);
  },
};

function written(report: RunReport, format: ReportFormat, file: string): CommandResult {
  const { run } = report.record;
  return {
    exit: 0,
    document: { value: { file, format, run } },
    text: `Report of the run ${terminalSafe(run)} written to ${terminalSafe(file)}.\n`,
  };
}

/** With `--json`, stdout holds one JSON document: another format then needs a file. */
function formatOf({ options }: CommandCall): ReportFormat {
  const { json = false, out, format } = options;
  if (!json || out !== undefined) return format ?? (json ? 'json' : 'markdown');
  if (format === undefined || format === 'json') return 'json';
  throw new UsageError(
    'OPTION_CONFLICT',
    `--json can't print a report as ${format}.`,
    'Leave --json out, or add --out FILE.',
  );
}

import type { Application } from '../../application.js';
import { UsageError } from '../../ports/errors.js';
import type { CommandOptions } from '../command-options.js';
import type { CommandResult } from '../command-result.js';
import { terminalSafe } from '../../reports/escape.js';
import { incidentDocument, incidentReport } from '../../reports/incident-report.js';
import { mappingReport } from '../../reports/mapping-report.js';
import { defined } from '../defined.js';
import { itemsUntilAborted, untilAborted } from '../interruption.js';
import { writeNewFile } from '../output-file.js';

/** Reports of another kind than that of a run; all are Markdown, or one JSON document. */
type ReportKind = 'incident' | 'mapping';

/** Throws UsageError `OPTION_CONFLICT` for what makes no sense together. */
function kindOf(options: CommandOptions): ReportKind {
  const { incident = false, mapping = false, format, run, json = false, out } = options;
  const kind = incident ? 'incident' : 'mapping';
  const asked = json && out === undefined ? 'json' : 'markdown';
  if (incident && mapping) throw conflict('--incident and --mapping are two reports.');
  if (mapping && run !== undefined) throw conflict('--mapping is of the plan, and --run of a run.');
  if (format !== undefined && format !== asked)
    throw conflict(`--${kind} can't be printed as ${format} here.`);
  return kind;
}

export async function reportOfKind(
  open: () => Promise<Application>,
  {
    plan,
    options,
    signal,
  }: { readonly plan: string; readonly options: CommandOptions; readonly signal: AbortSignal },
): Promise<CommandResult> {
  const kind = kindOf(options);
  const { json = false, out, run } = options;
  const application = await open();
  const report = await (kind === 'incident'
    ? incidentOf(application, { plan, ...defined({ run }) }, signal)
    : mappingOf(application, plan, signal));
  const pieces = (): AsyncIterable<string> => itemsUntilAborted(report.markdown(), signal);
  if (out === undefined) {
    const document = { value: json ? await untilAborted(report.document(), signal) : undefined };
    return { exit: 0, document, text: pieces() };
  }
  await writeNewFile(out, pieces());
  const about = { file: out, format: 'markdown', kind, plan, ...defined({ run: report.run }) };
  const text = `${kind === 'incident' ? 'Incident template' : 'Mapping document'} written to ${terminalSafe(out)}.\n`;
  return { exit: 0, document: { value: about }, text };
}

interface OtherReport {
  readonly run?: string;
  readonly markdown: () => AsyncIterable<string>;
  readonly document: () => Promise<unknown>;
}

async function incidentOf(
  application: Application,
  request: Parameters<Application['incident']>[0],
  signal: AbortSignal,
): Promise<OtherReport> {
  const incident = await untilAborted(application.incident(request), signal);
  return {
    run: incident.report.record.run,
    markdown: () => incidentReport(incident),
    document: () => incidentDocument(incident),
  };
}

async function mappingOf(application: Application, plan: string, signal: AbortSignal): Promise<OtherReport> {
  const mapping = await untilAborted(application.mapping({ plan }), signal);
  return { markdown: () => whole(mappingReport(mapping)), document: () => Promise.resolve(mapping) };
}

async function* whole(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

function conflict(message: string): UsageError {
  return new UsageError(
    'OPTION_CONFLICT',
    message,
    'Leave one out; both are Markdown, and JSON with --json.',
  );
}

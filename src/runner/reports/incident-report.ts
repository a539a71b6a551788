import type { Incident } from '../application.js';
import { markdownSafe } from './escape.js';
import { markdownFacts, markdownHeading, markdownTable } from './markdown-parts.js';
import { nextCommand } from './next-command.js';
import { formatCount, formatDuration } from './quantities.js';
import { ENTRY_COLUMNS, entryCells } from './report-sections.js';
import { keptDocument } from './rollback-document.js';

const NOT_KNOWN = 'not in the journal: fill in';

/** What no journal knows, for people to fill in (E-42). */
const TO_FILL = [
  ['Impact', 'Who noticed what, from when to when; what had to be done by hand.'],
  ['Root cause', 'What led to it, and why nothing stopped it before.'],
  ['Plan update', 'What changes in the plan, the code or the runbook, and who does it.'],
  ['Retry date', 'When the next attempt is, who has agreed to it, and what must be so before.'],
] as const;

/** The report of an incident behind a rollback, as Markdown: facts first, then what people have to add. Streamed. */
export async function* incidentReport(incident: Incident): AsyncGenerator<string> {
  const { report, migrations } = incident;
  const { record } = report;
  yield `# Incident: rollback of ${markdownSafe(record.plan)}, ${markdownSafe(record.env)}\n\n`;
  yield markdownFacts(facts(incident));
  yield markdownHeading('What was rolled back');
  yield markdownTable(
    ['Step', 'Status', record.dryRun ? 'To remove' : 'Removed', 'Kept', 'Time'],
    report.steps.map(({ step, status, removed, kept, durationMs }) => [
      step,
      status,
      ...[removed, kept].map((count) => (count === undefined ? 'not measured' : formatCount(count))),
      durationMs === undefined ? '' : formatDuration(durationMs),
    ]),
  );
  yield markdownHeading('Whose rows they were');
  yield markdownTable(
    ['Step', 'Run', 'Status', 'Started', 'Ended', 'Quarantined', 'Conflicts'],
    migrations.map(({ step, run, counters }) => [
      ...[step, run.run, run.status, run.startedAt, run.endedAt ?? 'not ended'],
      ...[counters.quarantined, counters.conflict].map(formatCount),
    ]),
  );
  if (migrations.length > 0) yield `\n${commandLines(incident).join('')}`;
  yield* listed('Rows that could not be rolled back', report, 'kept');
  for (const [title, hint] of TO_FILL) yield `${markdownHeading(title)}_${hint}_\n`;
}

async function* listed(title: string, report: Incident['report'], kind: 'kept'): AsyncGenerator<string> {
  yield markdownHeading(title);
  let isEmpty = true;
  for await (const entry of report.entries(kind)) {
    const table = markdownTable(ENTRY_COLUMNS, [entryCells(entry)]);
    // the head stands above the first row only
    yield isEmpty ? table : table.split('\n').slice(2).join('\n');
    isEmpty = false;
  }
  if (isEmpty) yield 'None.\n';
}

function facts({ report: { record } }: Incident): (readonly [string, string])[] {
  const { ofRun, error, resumedAt = [] } = record;
  return [
    ['Rollback', record.run],
    ['Plan version', record.planVersion],
    ['Status', record.dryRun ? `${record.status}, dry run: nothing was removed` : record.status],
    ['Steps', record.steps.join(', ')],
    ['Rows of', ofRun ?? 'any run'],
    ['Begun', record.startedAt],
    ...(resumedAt.length === 0 ? [] : [['Resumed', resumedAt.join(', ')] as const]),
    ['Ended', record.endedAt ?? 'not ended'],
    ['Asked for by', record.by ?? NOT_KNOWN],
    ['Trigger', record.why ?? NOT_KNOWN],
    ...(error === undefined ? [] : [['Error', `${error.code}: ${error.message}`] as const]),
  ];
}

/** What those runs set aside stands in their own lists. */
function commandLines({ report: { record }, migrations }: Incident): string[] {
  const runs = [...new Set(migrations.map(({ run }) => run.run))];
  const lists = ['conflicts list', 'quarantine list', 'report'];
  const { env, plan } = record;
  return runs.flatMap((run) => lists.map((list) => `- \`${nextCommand(list, { env, plan, run })}\`\n`));
}

/** The facts for programs; what people add is not in it. `kept` is capped as in the document of `rollback`. */
export async function incidentDocument({ report, migrations }: Incident, cap = 1_000) {
  const { record } = report;
  const kept: ReturnType<typeof keptDocument>[] = [];
  for await (const entry of report.entries('kept')) {
    if (kept.length === cap) break;
    kept.push(keptDocument(entry));
  }
  return {
    ...record,
    steps: report.steps.map(({ step, status, removed, kept: left, durationMs }) => ({
      ...{ step, status, removed: removed ?? null, kept: left ?? null, durationMs: durationMs ?? null },
    })),
    migrations: migrations.map(({ step, run, counters, reasons }) => ({
      ...{ step, run: run.run, status: run.status, startedAt: run.startedAt, endedAt: run.endedAt ?? null },
      ...{ counters, reasons },
    })),
    kept,
    toFill: TO_FILL.map(([title]) => title),
  };
}

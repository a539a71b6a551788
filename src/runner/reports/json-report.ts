import type { RunReport } from '../application.js';
import { acceptanceDocument } from './decisions.js';
import { conflictDocument, findingDocument, quarantineDocument, warningDocument } from './entry-document.js';
import { jsonArray, mapped } from './json-array.js';
import { isRollback } from './report-sections.js';
import { keptDocument } from './rollback-document.js';
import { stepDocument } from './step-document.js';

/**
 * The report as one JSON object: the run's record, `steps` as in `run --json`, `acceptances` with the records that each
 * covers, `forecast` where one was made before the run, and the lists `quarantine`, `conflicts`, `warnings`, `findings`, of a rollback also `kept`, with the objects that
 * the list commands give. Entries are streamed.
 */
export async function* jsonReport(report: RunReport): AsyncGenerator<string> {
  const { record } = report;
  const head = JSON.stringify(
    {
      ...record,
      kind: record.kind ?? 'migration',
      overrides: record.overrides ?? [],
      ...(report.refusedSince === undefined ? {} : { refusedSince: report.refusedSince }),
      acceptances: report.acceptances.map((acceptance) => acceptanceDocument(acceptance, report.steps)),
      ...(report.summary === undefined ? {} : { summary: report.summary }),
      ...(report.attested === undefined ? {} : { attested: report.attested }),
      steps: report.steps.map((step) => ({ ...stepDocument(step), findingsTotal: step.findings })),
      ...(report.forecast === undefined ? {} : { forecast: report.forecast }),
    },
    undefined,
    2,
  );
  yield head.slice(0, head.lastIndexOf('\n}'));
  const lists = [
    ['quarantine', mapped(report.entries('quarantine'), quarantineDocument)],
    ['conflicts', mapped(report.entries('conflict'), conflictDocument)],
    ['warnings', mapped(report.entries('warning'), warningDocument)],
    ['findings', mapped(report.entries('finding'), findingDocument)],
    ...(isRollback(report) ? [['kept', mapped(report.entries('kept'), keptDocument)] as const] : []),
  ] as const;
  for (const [name, members] of lists) {
    yield `,\n  "${name}": `;
    yield* jsonArray(members, '  ');
  }
  yield '\n}\n';
}

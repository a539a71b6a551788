import type { RunReport } from '../application.js';
import { conflictDocument, findingDocument, quarantineDocument, warningDocument } from './entry-document.js';
import { jsonArray, mapped } from './json-array.js';
import { stepDocument } from './step-document.js';

/**
 * The report as one JSON object: the run's record, `steps` as in `run --json`, and the lists `quarantine`,
 * `conflicts`, `warnings`, `findings` with the objects that the list commands give. Entries are streamed.
 */
export async function* jsonReport(report: RunReport): AsyncGenerator<string> {
  const head = JSON.stringify(
    {
      ...report.record,
      steps: report.steps.map((step) => ({ ...stepDocument(step), findingsTotal: step.findings })),
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
  ] as const;
  for (const [name, members] of lists) {
    yield `,\n  "${name}": `;
    yield* jsonArray(members, '  ');
  }
  yield '\n}\n';
}

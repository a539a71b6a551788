import type { RunReport } from '../application.js';
import { htmlReport } from './html-report.js';
import { jsonReport } from './json-report.js';
import { markdownReport } from './markdown-report.js';
import type { ReportFormat } from './report-formats.js';

/**
 * The text of a report, piece by piece; no entry is kept. It carries ids, reasons and details, never a stored
 * value (invariant 11). Throws what reading the entries throws.
 */
export function renderReport(report: RunReport, format: ReportFormat): AsyncIterable<string> {
  switch (format) {
    case 'json':
      return jsonReport(report);
    case 'markdown':
      return markdownReport(report);
    case 'html':
      return htmlReport(report);
  }
}

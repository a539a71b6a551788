import type { ProgressSummary } from '../application.js';
import { markdownSafe } from './escape.js';

/**
 * The progress-update comment (K-36, K-37, K-38): Markdown for an issue of the team, headings and order as its
 * template gives them. Counts are plain digits, so that they can be read back.
 */
export function progressComment(summary: ProgressSummary): string {
  const { checks } = summary;
  return [
    `### Progress Update - ${summary.date.slice(0, 10)}`,
    '',
    `**Status:** ${summary.status}`,
    '',
    `**Environment:** ${markdownSafe(capitalised(summary.env))}`,
    '',
    '**Migration Status:**',
    ...summary.phases.map(
      (phase) =>
        `- [${phase.done ? 'x' : ' '}] Phase ${phase.number}: ${markdownSafe(phase.title)} - ${phase.records} records`,
    ),
    '',
    '**Validation Results:**',
    `- Total checks: ${checks.total}`,
    `- Passed: ${checks.passed}`,
    `- Failed: ${checks.failed}`,
    '',
    ...listed('**Issues Found:**', summary.issues),
    '',
    ...listed('**Notes:**', summary.notes),
    '',
  ].join('\n');
}

function listed(heading: string, texts: readonly string[]): string[] {
  return texts.length === 0
    ? [`${heading} None`]
    : [heading, ...texts.map((text) => `- ${markdownSafe(text)}`)];
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

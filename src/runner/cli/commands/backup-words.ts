import type { BackupResult } from '../../application.js';
import { terminalSafe } from '../../reports/escape.js';
import { formatCount } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';

/** What is in a backup: one line per table, then where it is. */
export function backupText(
  { backup, location, at, verifiedAt, tables, notices }: BackupResult,
  verb: string,
): string {
  const columns = [
    { title: 'Table' },
    { title: 'Name in the store' },
    ...['Items', 'Bytes', 'Files'].map((title) => ({ title, align: 'right' as const })),
    { title: 'SHA-256' },
  ];
  return [
    ...textTable(
      columns,
      tables.map(({ table, physicalName, items, bytes, files, digest }) => [
        table,
        physicalName,
        ...[items, bytes, files].map(formatCount),
        digest,
      ]),
    ),
    '',
    terminalSafe(`${verb}: backup ${backup} of ${at}, read again and found complete at ${verifiedAt}.`),
    terminalSafe(`It is in ${location} and holds personal data.`),
    ...notices.map((notice) => terminalSafe(`Notice: ${notice}`)),
    '',
  ].join('\n');
}

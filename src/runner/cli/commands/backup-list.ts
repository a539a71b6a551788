import type { BackupEvidence } from '../../ports/attestation.js';
import type { CommandDefinition } from '../command-definition.js';
import { formatCount } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';
import { untilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

export const backupListCommand: CommandDefinition = {
  path: ['backup', 'list'],
  summary: 'the verified backups of the plan in an environment, newest first',
  options: ['env', 'plan'],
  examples: ['backup list --env staging'],
  async execute({ options, catalog, open, signal }) {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    const backups = await untilAborted(application.backups({ plan }), signal);
    return { exit: 0, document: { value: backups.map(backupDocument) }, text: listText(backups) };
  },
};

function backupDocument({ backup, at, verifiedAt, by, location, tables }: BackupEvidence) {
  return { backup, at, verifiedAt, by, location, tables };
}

function listText(backups: readonly BackupEvidence[]): string {
  if (backups.length === 0) return 'None.\n';
  const columns = [
    { title: 'Backup' },
    { title: 'Of' },
    { title: 'Verified' },
    { title: 'By' },
    { title: 'Tables', align: 'right' as const },
    { title: 'Items', align: 'right' as const },
    { title: 'Where' },
  ];
  const rows = backups.map(({ backup, at, verifiedAt, by, location, tables }) => [
    backup,
    at,
    verifiedAt,
    by,
    formatCount(tables.length),
    formatCount(tables.reduce((total, { items }) => total + items, 0)),
    location,
  ]);
  return `${textTable(columns, rows).join('\n')}\n`;
}

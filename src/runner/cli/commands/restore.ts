import type { RestoreResult } from '../../application.js';
import type { CommandDefinition } from '../command-definition.js';
import { terminalSafe } from '../../reports/escape.js';
import { formatCount } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';
import { defined } from '../defined.js';
import { required } from '../required.js';
import { scopeOf } from '../scope.js';

export const restoreCommand: CommandDefinition = {
  path: ['restore'],
  summary: 'load tables of a backup into new or empty tables, never over rows, and verify them',
  options: ['env', 'plan', 'from', 'table', 'suffix', 'confirmProduction'],
  examples: [
    'restore --env dev --from .waybill/backups/kpi-dev-20261121T053512Z-a1b2c3',
    'restore --env staging --from s3://backups/kpi --table purposepath-kpi-data --suffix -restored',
  ],
  async execute({ options, catalog, open, signal }) {
    const { env, plan } = scopeOf(options, catalog);
    const from = required(
      '--from',
      options.from,
      'the folder or s3://bucket/prefix of a backup, as backup list names it',
    );
    const { table: tables, suffix, confirmProduction = false } = options;
    const application = await open(env);
    const result = await application.restore({
      plan,
      from,
      confirmProduction,
      signal,
      ...defined({ tables, suffix }),
    });
    return { exit: 0, document: { value: result }, text: restoreText(result) };
  },
};

function restoreText({ backup, tables }: RestoreResult): string {
  const columns = [
    { title: 'Table' },
    { title: 'Name in the store' },
    { title: 'Items', align: 'right' as const },
    { title: 'Result' },
  ];
  const rows = tables.map(({ table, physicalName, created, items }) => [
    table,
    physicalName,
    formatCount(items),
    created ? 'created and filled' : 'filled',
  ]);
  return [
    ...textTable(columns, rows),
    '',
    terminalSafe(`Restored from the backup ${backup} and verified.`),
    '',
  ].join('\n');
}

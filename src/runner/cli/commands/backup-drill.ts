import type { DrillResult } from '../../application.js';
import type { CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import { EXIT } from '../../ports/errors.js';
import { terminalSafe } from '../../reports/escape.js';
import { formatCount } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';

export const backupDrillCommand: CommandDefinition = {
  path: ['backup', 'drill'],
  summary:
    'rehearse the restore: into scratch tables that are compared and removed (default: the latest backup)',
  options: ['env', 'plan', 'from', 'by'],
  examples: ['backup drill --env staging', 'backup drill --env staging --from /mnt/backups/kpi'],
  async execute({ options, catalog, open, signal, operator }): Promise<CommandResult> {
    const { env, plan } = scopeOf(options, catalog);
    const request = { plan, by: options.by ?? operator(), signal, ...defined({ from: options.from }) };
    const result = await (await open(env)).drillBackup(request);
    const text = drillText(result);
    if (result.passed) return { exit: EXIT.done, document: { value: result }, text };
    const error = {
      code: 'DRILL_FAILED',
      message: `What was restored is not what the backup ${result.backup} holds: ${unequal(result).join(', ')}.`,
      next: 'Make a new backup and drill that one; this one may not bring the tables back.',
    };
    return { exit: EXIT.failed, document: { value: { ...result, error } }, text, error };
  },
};

function unequal({ tables }: DrillResult): string[] {
  return tables.flatMap(({ table, equal }) => (equal ? [] : [table]));
}

function drillText(result: DrillResult): string {
  const columns = [
    { title: 'Table' },
    { title: 'Scratch table' },
    { title: 'Items', align: 'right' as const },
    { title: 'Restored', align: 'right' as const },
    { title: 'Result' },
  ];
  const rows = result.tables.map(({ table, scratchTable, items, restored, equal }) => [
    table,
    scratchTable,
    formatCount(items),
    formatCount(restored),
    equal ? 'equal' : 'DIFFERENT',
  ]);
  const closing = result.passed
    ? `Drill passed: the backup ${result.backup} was restored and compared.`
    : `Drill failed (exit ${EXIT.failed}): the backup ${result.backup} did not come back as it is.`;
  return [...textTable(columns, rows), '', terminalSafe(closing), ''].join('\n');
}

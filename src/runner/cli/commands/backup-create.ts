import type { NativeBackupResult } from '../../application.js';
import type { CommandCall, CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import { UsageError } from '../../ports/errors.js';
import { textTable } from '../../reports/text-table.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';
import { backupText } from './backup-words.js';

export const backupCreateCommand: CommandDefinition = {
  path: ['backup', 'create'],
  summary: 'write all tables of the plan, look-ups included, to a folder or to S3, and read them again',
  byDefault: true,
  options: ['env', 'plan', 'to', 'native', 'by'],
  examples: [
    'backup --env staging',
    'backup create --env staging --to /mnt/backups/kpi',
    'backup create --env production --to s3://backups/kpi --by ann',
    'backup create --env production --native --json',
  ],
  async execute(call): Promise<CommandResult> {
    const { options, catalog, open, signal, operator } = call;
    const { env, plan } = scopeOf(options, catalog);
    const native = nativeOf(call);
    const request = { plan, by: options.by ?? operator(), signal, ...defined({ to: options.to }) };
    const application = await open(env);
    if (native) {
      const result = await application.nativeBackup(request);
      return { exit: 0, document: { value: result }, text: nativeText(result) };
    }
    const result = await application.backup(request);
    return { exit: 0, document: { value: result }, text: backupText(result, 'Written') };
  },
};

function nativeOf({ options: { native = false, to } }: CommandCall): boolean {
  if (!native || to === undefined || to.startsWith('s3://')) return native;
  throw new UsageError(
    'OPTION_CONFLICT',
    "--native can't write to a folder.",
    'Write --to s3://bucket/prefix for an export, or leave --to out for on-demand backups.',
  );
}

/** What the service made is its own affair: it is not read again here. */
function nativeText({ tables }: NativeBackupResult): string {
  const columns = [{ title: 'Table' }, { title: 'Name in the store' }, { title: 'Status' }, { title: 'ARN' }];
  return [
    ...textTable(
      columns,
      tables.map(({ table, physicalName, status, arn }) => [table, physicalName, status, arn]),
    ),
    '',
    'Made by the service; not read again here.',
    '',
  ].join('\n');
}

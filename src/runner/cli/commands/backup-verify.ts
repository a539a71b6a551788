import type { CommandDefinition } from '../command-definition.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';
import { backupText } from './backup-words.js';

export const backupVerifyCommand: CommandDefinition = {
  path: ['backup', 'verify'],
  summary: 'read a backup again: every file, every checksum, every count (default: the latest backup)',
  options: ['env', 'plan', 'from', 'by'],
  examples: ['backup verify --env staging', 'backup verify --env staging --from s3://backups/kpi --json'],
  async execute({ options, catalog, open, signal, operator }) {
    const { env, plan } = scopeOf(options, catalog);
    const request = { plan, by: options.by ?? operator(), signal, ...defined({ from: options.from }) };
    const result = await (await open(env)).verifyBackup(request);
    return { exit: 0, document: { value: result }, text: backupText(result, 'Verified') };
  },
};

import type { CommandDefinition } from '../command-definition.js';
import { nextCommand } from '../../reports/next-command.js';
import { formatCount } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';

export const seedCommand: CommandDefinition = {
  path: ['seed'],
  summary: 'fill the legacy tables with demo data, where the environment allows it',
  options: ['env', 'plan', 'defects', 'scale'],
  examples: ['seed --env local', 'seed --env local --defects --scale 10000'],
  async execute({ options, catalog, open, signal }) {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    const result = await application.seed({
      plan,
      defects: options.defects ?? false,
      signal,
      ...defined({ scale: options.scale }),
    });
    const rows = result.tables.map(({ table, rows: count }) => [table, formatCount(count)]);
    const table = textTable([{ title: 'Table' }, { title: 'Rows', align: 'right' }], rows);
    return {
      exit: 0,
      document: { value: { ...result, env } },
      text: `${table.join('\n')}\n\nNext:\n  ${nextCommand('run', { env, plan })}\n`,
    };
  },
};

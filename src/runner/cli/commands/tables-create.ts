import type { CommandDefinition } from '../command-definition.js';
import { textTable } from '../../reports/text-table.js';
import { untilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

export const tablesCreateCommand: CommandDefinition = {
  path: ['tables', 'create'],
  summary: 'create the target tables that are missing and wait until they can be used',
  options: ['env', 'plan'],
  examples: ['tables create --env dev'],
  async execute({ options, catalog, open, signal }) {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    const result = await untilAborted(application.createTables({ plan }), signal);
    const rows = result.tables.map(({ table, physicalName, created }) => [
      table,
      physicalName,
      created ? 'created' : 'was there',
    ]);
    const columns = [{ title: 'Table' }, { title: 'Name in the store' }, { title: 'Result' }];
    return {
      exit: 0,
      document: { value: { ...result, env } },
      text: `${textTable(columns, rows).join('\n')}\n`,
    };
  },
};

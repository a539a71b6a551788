import type { JournalEntry } from '../../ports/journal.js';
import type { CommandDefinition } from '../command-definition.js';
import { UsageError } from '../../ports/errors.js';
import { quarantineDocument } from '../../reports/entry-document.js';
import { terminalSafe } from '../../reports/escape.js';
import { formatQuantity } from '../../reports/quantities.js';
import { storedItemJson } from '../../reports/stored-item-json.js';
import { writeNewFile } from '../output-file.js';
import { scopeOf } from '../scope.js';
import { chosenEntries } from './entry-lists.js';

export const quarantineExportCommand: CommandDefinition = {
  path: ['quarantine', 'export'],
  summary: 'the records that were set aside, in full, as JSON lines in a file that only you can read',
  options: ['env', 'plan', 'step', 'reason', 'run', 'out'],
  examples: ['quarantine export --env local --out quarantine.jsonl'],
  async execute(call) {
    const scope = scopeOf(call.options, call.catalog);
    const { out } = call.options;
    if (out === undefined) {
      throw new UsageError('OPTION_MISSING', '--out is missing.', 'Name the file to write: --out FILE.');
    }
    const application = await call.open(scope.env);
    let records = 0;
    const count = (entry: JournalEntry): JournalEntry => {
      records += 1;
      return entry;
    };
    await writeNewFile(out, exportLines(chosenEntries(application, 'quarantine', call, scope, true), count));
    return {
      exit: 0,
      document: { value: { file: out, records } },
      text: `${formatQuantity(records, 'record')} written to ${terminalSafe(out)}. They hold personal data.\n`,
    };
  },
};

async function* exportLines(
  entries: AsyncIterable<JournalEntry>,
  seen: (entry: JournalEntry) => JournalEntry,
): AsyncGenerator<string> {
  for await (const entry of entries) {
    const { image } = seen(entry);
    const record = image === undefined ? null : storedItemJson(image);
    yield `${JSON.stringify({ ...quarantineDocument(entry), record })}\n`;
  }
}

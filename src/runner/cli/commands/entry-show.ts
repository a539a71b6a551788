import type { EntryKind, JournalEntry } from '../../ports/journal.js';
import type { CommandCall, CommandDefinition } from '../command-definition.js';
import type { Scope } from '../scope.js';
import { STAMP_ATTRIBUTE } from '../../../domain/storage/stored.js';
import { UsageError } from '../../ports/errors.js';
import { conflictDocument, quarantineDocument } from '../../reports/entry-document.js';
import { terminalSafe, terminalSafeLines } from '../../reports/escape.js';
import { nextCommand } from '../../reports/next-command.js';
import type { StoredItemJson } from '../../reports/stored-item-json.js';
import { storedItemJson } from '../../reports/stored-item-json.js';
import { textTable } from '../../reports/text-table.js';
import { defined } from '../defined.js';
import { untilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

/** The only commands beside the export that show stored values: somebody asked for this record (invariant 11). */

const SOURCE = ['source', 'the record as the list names it, e.g. purposepath-kpi-actuals#<id>'] as const;

export const quarantineShowCommand: CommandDefinition = {
  path: ['quarantine', 'show'],
  summary: 'one record that was set aside, in full, as DynamoDB JSON',
  argument: SOURCE,
  options: ['env', 'plan', 'step', 'run'],
  examples: ["quarantine show 'purposepath-kpi-actuals#1b4e28ba-2fa1-4d3b-8c55-0d7c0e7a9f10' --env local"],
  async execute(call) {
    const { entry } = await find(call, 'quarantine', 'quarantine list');
    const record = entry.image === undefined ? null : storedItemJson(entry.image);
    const field = entry.field === undefined ? '' : ` ${entry.field}`;
    return {
      exit: 0,
      document: { value: { ...quarantineDocument(entry), record } },
      text: [
        terminalSafe(`${entry.step}  ${entry.reason}  ${entry.source}${field}: ${entry.detail}`),
        terminalSafeLines(JSON.stringify(record, undefined, 2)),
        '',
      ].join('\n'),
    };
  },
};

export const conflictsShowCommand: CommandDefinition = {
  path: ['conflicts', 'show'],
  summary: 'the row that was expected beside the row that is there',
  argument: SOURCE,
  options: ['env', 'plan', 'step', 'run'],
  examples: ["conflicts show 'purposepath-goal-kpi-links#1b4e28ba-2fa1-4d3b-8c55-0d7c0e7a9f10' --env local"],
  async execute(call) {
    const { entry } = await find(call, 'conflict', 'conflicts list');
    const expected = entry.image === undefined ? null : storedItemJson(entry.image);
    const found = entry.found === undefined ? null : storedItemJson(entry.found);
    const differences = differing(expected ?? {}, found ?? {});
    return {
      exit: 0,
      document: { value: { ...conflictDocument(entry), expected, found, differences } },
      text: [
        terminalSafe(
          `${entry.step}  ${entry.source}  ${entry.table ?? ''}#${entry.key ?? ''}: ${entry.detail}`,
        ),
        '',
        ...comparison(expected ?? {}, found ?? {}, differences),
        '',
      ].join('\n'),
    };
  },
};

async function find(
  call: CommandCall,
  kind: EntryKind,
  listing: string,
): Promise<{ readonly entry: JournalEntry; readonly scope: Scope }> {
  const scope = scopeOf(call.options, call.catalog);
  const application = await call.open(scope.env);
  const chosen = defined({ steps: scope.steps, run: call.options.run });
  const request = { plan: scope.plan, kind, images: true, source: call.operand, ...chosen };
  const entry = await untilAborted(application.entry(request), call.signal);
  if (entry !== undefined) return { entry, scope };
  const { env, plan } = scope;
  throw new UsageError(
    'ENTRY_NOT_FOUND',
    `There is no ${kind} entry of '${call.operand}' here.`,
    `List what there is: ${nextCommand(listing, { env, plan, ...defined({ run: call.options.run }) })}`,
  );
}

/** Names of the attributes that are not the same on both sides; the stamp, which names the run, is left out. */
function differing(expected: StoredItemJson, found: StoredItemJson): string[] {
  return attributesOf(expected, found).filter(
    (name) => name !== STAMP_ATTRIBUTE && cell(expected, name) !== cell(found, name),
  );
}

function comparison(
  expected: StoredItemJson,
  found: StoredItemJson,
  differences: readonly string[],
): string[] {
  return textTable(
    [{ title: ' ' }, { title: 'Attribute' }, { title: 'Expected' }, { title: 'Found' }],
    attributesOf(expected, found).map((name) => [
      differences.includes(name) ? '*' : ' ',
      name,
      cell(expected, name),
      cell(found, name),
    ]),
  );
}

function attributesOf(expected: StoredItemJson, found: StoredItemJson): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
}

function cell(item: StoredItemJson, name: string): string {
  return Object.hasOwn(item, name) ? JSON.stringify(item[name]) : '-';
}

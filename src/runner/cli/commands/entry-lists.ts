import type { Application } from '../../application.js';
import type { EntryKind, JournalEntry } from '../../ports/journal.js';
import type { CommandCall, CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import type { Scope } from '../scope.js';
import {
  conflictDocument,
  decisionDocument,
  quarantineDocument,
  warningDocument,
} from '../../reports/entry-document.js';
import { terminalSafe } from '../../reports/escape.js';
import { jsonArray, mapped } from '../../reports/json-array.js';
import { nextCommand } from '../../reports/next-command.js';
import { formatCount, formatQuantity } from '../../reports/quantities.js';
import { defined } from '../defined.js';
import { itemsUntilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

interface ListedKind {
  readonly kind: EntryKind;
  readonly document: (entry: JournalEntry) => object;
  readonly line: (entry: JournalEntry) => string;
  /** said under the list */
  readonly closing: (count: number, scope: Scope) => string;
}

export const quarantineListCommand: CommandDefinition = {
  path: ['quarantine', 'list'],
  summary: 'source records that were set aside: one line each with the reason',
  options: ['env', 'plan', 'step', 'reason', 'run'],
  examples: [
    'quarantine list --env local',
    'quarantine list --env staging --step links --reason KPI_MISSING',
  ],
  execute: (call) =>
    list(call, {
      kind: 'quarantine',
      document: quarantineDocument,
      line: (entry) => `${entry.step}  ${entry.reason}  ${entry.source}${fieldOf(entry)}: ${entry.detail}`,
      closing: (count, scope) =>
        `${formatCount(count)} quarantined. The whole record: ${nextCommand('quarantine show SOURCE', scope)}`,
    }),
};

export const conflictsListCommand: CommandDefinition = {
  path: ['conflicts', 'list'],
  summary: 'target rows that were kept although the plan expects others: one line each',
  options: ['env', 'plan', 'step', 'run'],
  examples: ['conflicts list --env local', 'conflicts list --env staging --step actuals --json'],
  execute: (call) =>
    list(call, {
      kind: 'conflict',
      document: conflictDocument,
      line: (entry) =>
        `${entry.step}  ${entry.source}  ${entry.table ?? ''}#${entry.key ?? ''}: ${entry.detail}`,
      closing: (count, scope) =>
        `${formatCount(count)} in conflict. Expected beside found: ${nextCommand('conflicts show SOURCE', scope)}`,
    }),
};

export const warningsListCommand: CommandDefinition = {
  path: ['warnings', 'list'],
  summary: 'oddities of source records that changed nothing: one line each',
  options: ['env', 'plan', 'step', 'reason', 'run'],
  examples: ['warnings list --env local', 'warnings list --env local --step readings --json'],
  execute: (call) =>
    list(call, {
      kind: 'warning',
      document: warningDocument,
      line: (entry) => `${entry.step}  ${entry.reason}  ${entry.source}${fieldOf(entry)}: ${entry.detail}`,
      closing: (count) => `${formatQuantity(count, 'warning')}.`,
    }),
};

export const decisionsListCommand: CommandDefinition = {
  path: ['decisions', 'list'],
  summary: 'what a plan has decided on its own account, e.g. which company a user belongs to: one line each',
  options: ['env', 'plan', 'step', 'reason', 'run'],
  examples: [
    'decisions list --env local --plan company',
    'decisions list --env staging --plan company --reason created --json',
  ],
  execute: (call) =>
    list(call, {
      kind: 'decision',
      document: decisionDocument,
      line: (entry) => `${entry.step}  ${entry.reason}  ${entry.source}: ${entry.detail}`,
      closing: (count) => `${formatQuantity(count, 'decision')}.`,
    }),
};

/** Entries of a kind as the options choose them; ends when the person asks to stop. */
export function chosenEntries(
  application: Application,
  kind: EntryKind,
  { options, signal }: CommandCall,
  scope: Scope,
  images: boolean,
): AsyncIterable<JournalEntry> {
  const request = { plan: scope.plan, kind, images, ...defined({ steps: scope.steps, run: options.run }) };
  return withReason(itemsUntilAborted(application.entries(request), signal), options.reason);
}

async function list(call: CommandCall, kind: ListedKind): Promise<CommandResult> {
  const scope = scopeOf(call.options, call.catalog);
  const application = await call.open(scope.env);
  const entries = (): AsyncIterable<JournalEntry> =>
    chosenEntries(application, kind.kind, call, scope, false);
  return {
    exit: 0,
    document: { chunks: jsonDocument(mapped(entries(), kind.document)) },
    text: lines(entries(), kind, { ...scope, ...defined({ run: call.options.run }) }),
  };
}

async function* jsonDocument(members: AsyncIterable<object>): AsyncGenerator<string> {
  yield* jsonArray(members);
  yield '\n';
}

async function* lines(
  entries: AsyncIterable<JournalEntry>,
  kind: ListedKind,
  scope: Scope,
): AsyncGenerator<string> {
  let count = 0;
  for await (const entry of entries) {
    count += 1;
    yield `${terminalSafe(kind.line(entry))}\n`;
  }
  yield count === 0 ? 'None.\n' : `\n${kind.closing(count, scope)}\n`;
}

async function* withReason(
  entries: AsyncIterable<JournalEntry>,
  reasons: readonly string[] | undefined,
): AsyncGenerator<JournalEntry> {
  for await (const entry of entries) {
    if (reasons === undefined || reasons.includes(entry.reason)) yield entry;
  }
}

function fieldOf(entry: JournalEntry): string {
  return entry.field === undefined ? '' : ` ${entry.field}`;
}

import type { CommandDefinition } from '../command-definition.js';

/**
 * The words that call a command → where it is, in the order of the help. Loaded when it is typed: all of them together
 * take longer than most of them.
 */
const COMMANDS: ReadonlyMap<string, () => Promise<CommandDefinition>> = new Map([
  ['run', async () => (await import('./run.js')).runCommand],
  ['plans list', async () => (await import('./plans.js')).plansCommand],
  ['plans new', async () => (await import('./plans-new.js')).plansNewCommand],
  ['status', async () => (await import('./status.js')).statusCommand],
  ['stop', async () => (await import('./stop.js')).stopCommand],
  ['tune', async () => (await import('./tune.js')).tuneCommand],
  ['tables create', async () => (await import('./tables-create.js')).tablesCreateCommand],
  ['seed', async () => (await import('./seed.js')).seedCommand],
  ['analyze', async () => (await import('./analyze.js')).analyzeCommand],
  ['preflight', async () => (await import('./preflight.js')).preflightCommand],
  ['validate', async () => (await import('./validate.js')).validateCommand],
  ['rollback', async () => (await import('./rollback.js')).rollbackCommand],
  ['quarantine list', async () => (await import('./entry-lists.js')).quarantineListCommand],
  ['quarantine show', async () => (await import('./entry-show.js')).quarantineShowCommand],
  ['quarantine retry', async () => (await import('./quarantine-retry.js')).quarantineRetryCommand],
  ['quarantine accept', async () => (await import('./quarantine-accept.js')).quarantineAcceptCommand],
  ['quarantine export', async () => (await import('./quarantine-export.js')).quarantineExportCommand],
  ['conflicts list', async () => (await import('./entry-lists.js')).conflictsListCommand],
  ['conflicts show', async () => (await import('./entry-show.js')).conflictsShowCommand],
  ['warnings list', async () => (await import('./entry-lists.js')).warningsListCommand],
  ['decisions list', async () => (await import('./entry-lists.js')).decisionsListCommand],
  ['backup create', async () => (await import('./backup-create.js')).backupCreateCommand],
  ['backup verify', async () => (await import('./backup-verify.js')).backupVerifyCommand],
  ['backup list', async () => (await import('./backup-list.js')).backupListCommand],
  ['backup drill', async () => (await import('./backup-drill.js')).backupDrillCommand],
  ['restore', async () => (await import('./restore.js')).restoreCommand],
  ['evidence export', async () => (await import('./evidence.js')).evidenceExportCommand],
  ['evidence import', async () => (await import('./evidence.js')).evidenceImportCommand],
  ['checklist', async () => (await import('./checklist.js')).checklistCommand],
  ['attest', async () => (await import('./attest.js')).attestCommand],
  ['phase show', async () => (await import('./phase-show.js')).phaseShowCommand],
  ['phase advance', async () => (await import('./phase-advance.js')).phaseAdvanceCommand],
  ['phase back', async () => (await import('./phase-back.js')).phaseBackCommand],
  ['iam', async () => (await import('./iam.js')).iamCommand],
  ['report', async () => (await import('./report.js')).reportCommand],
  ['comment', async () => (await import('./comment.js')).commentCommand],
]);

/** Every command, in the order of the help. */
export async function allCommands(): Promise<readonly CommandDefinition[]> {
  const commands: CommandDefinition[] = [];
  for (const load of COMMANDS.values()) commands.push(await load());
  return commands;
}

/**
 * The one command that these words begin with, else all of them: also where it is meant without being typed, because
 * what it refuses may be another one's name.
 */
export async function commandsOf([first = '', second = '']: readonly string[]): Promise<
  readonly CommandDefinition[]
> {
  // two words that were quoted together are no command
  const isWord = !first.includes(' ');
  const load = isWord ? (COMMANDS.get(first) ?? COMMANDS.get(`${first} ${second}`)) : undefined;
  const typed = await load?.();
  return typed === undefined || typed.byDefault === true ? allCommands() : [typed];
}

/** The first words of commands of two words. */
export const GROUPS: readonly {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
}[] = [
  { name: 'plans', summary: 'what plans there are, and a new one', example: 'plans' },
  { name: 'tables', summary: 'target tables', example: 'tables create --env dev' },
  {
    name: 'quarantine',
    summary: 'source records that were set aside, and why',
    example: 'quarantine list --env local',
  },
  {
    name: 'conflicts',
    summary: 'target rows that were kept because the engine did not write them as they are',
    example: 'conflicts list --env local',
  },
  {
    name: 'warnings',
    summary: 'oddities of source records that changed nothing',
    example: 'warnings list --env local',
  },
  {
    name: 'decisions',
    summary: 'what a plan has decided on its own account, record by record',
    example: 'decisions list --env local --plan company',
  },
  {
    name: 'backup',
    summary: 'copies of all tables of a plan: write one, read it again, list them, rehearse restoring it',
    example: 'backup --env staging',
  },
  {
    name: 'evidence',
    summary: 'proof of a passed staging run, for environments in another account',
    example: 'evidence export --env staging --by ann --out staging.json',
  },
  {
    name: 'phase',
    summary:
      'where a plan stands between its two models: dual writes, the switch of the reads, single writes',
    example: 'phase show --env staging',
  },
];

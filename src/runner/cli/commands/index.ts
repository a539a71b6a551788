import type { CommandDefinition } from '../command-definition.js';
import { backupCreateCommand } from './backup-create.js';
import { backupDrillCommand } from './backup-drill.js';
import { backupListCommand } from './backup-list.js';
import { backupVerifyCommand } from './backup-verify.js';
import { commentCommand } from './comment.js';
import { conflictsListCommand, quarantineListCommand, warningsListCommand } from './entry-lists.js';
import { conflictsShowCommand, quarantineShowCommand } from './entry-show.js';
import { evidenceExportCommand, evidenceImportCommand } from './evidence.js';
import { iamCommand } from './iam.js';
import { plansCommand } from './plans.js';
import { preflightCommand } from './preflight.js';
import { quarantineAcceptCommand } from './quarantine-accept.js';
import { quarantineExportCommand } from './quarantine-export.js';
import { quarantineRetryCommand } from './quarantine-retry.js';
import { reportCommand } from './report.js';
import { restoreCommand } from './restore.js';
import { rollbackCommand } from './rollback.js';
import { runCommand } from './run.js';
import { seedCommand } from './seed.js';
import { statusCommand } from './status.js';
import { stopCommand } from './stop.js';
import { tablesCreateCommand } from './tables-create.js';
import { tuneCommand } from './tune.js';
import { validateCommand } from './validate.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandDefinition[] = [
  runCommand,
  plansCommand,
  statusCommand,
  stopCommand,
  tuneCommand,
  tablesCreateCommand,
  seedCommand,
  preflightCommand,
  validateCommand,
  rollbackCommand,
  quarantineListCommand,
  quarantineShowCommand,
  quarantineRetryCommand,
  quarantineAcceptCommand,
  quarantineExportCommand,
  conflictsListCommand,
  conflictsShowCommand,
  warningsListCommand,
  backupCreateCommand,
  backupVerifyCommand,
  backupListCommand,
  backupDrillCommand,
  restoreCommand,
  evidenceExportCommand,
  evidenceImportCommand,
  iamCommand,
  reportCommand,
  commentCommand,
];

/** The first words of commands of two words. */
export const GROUPS: readonly {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
}[] = [
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
    name: 'backup',
    summary: 'copies of all tables of a plan: write one, read it again, list them, rehearse restoring it',
    example: 'backup --env staging',
  },
  {
    name: 'evidence',
    summary: 'proof of a passed staging run, for environments in another account',
    example: 'evidence export --env staging --by ann --out staging.json',
  },
];

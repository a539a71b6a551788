import type { CommandDefinition } from '../command-definition.js';
import { commentCommand } from './comment.js';
import { conflictsListCommand, quarantineListCommand, warningsListCommand } from './entry-lists.js';
import { conflictsShowCommand, quarantineShowCommand } from './entry-show.js';
import { plansCommand } from './plans.js';
import { preflightCommand } from './preflight.js';
import { quarantineExportCommand } from './quarantine-export.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { seedCommand } from './seed.js';
import { statusCommand } from './status.js';
import { tablesCreateCommand } from './tables-create.js';
import { validateCommand } from './validate.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandDefinition[] = [
  runCommand,
  plansCommand,
  statusCommand,
  tablesCreateCommand,
  seedCommand,
  preflightCommand,
  validateCommand,
  quarantineListCommand,
  quarantineShowCommand,
  quarantineExportCommand,
  conflictsListCommand,
  conflictsShowCommand,
  warningsListCommand,
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
];

import type { Command, CommanderError } from 'commander';
import { UsageError } from '../ports/errors.js';

/**
 * commander's own refusals in our words: what is wrong, what is valid, where the help is. `isDefault`: the command is
 * meant where its parent is typed alone.
 */
export function usageErrorOf(error: CommanderError, command: Command, isDefault: boolean): UsageError {
  const [said = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const named = /'([^']*)'/.exec(said)?.[1] ?? '';
  const help = `Help: ${callOf(command)} --help`;
  // Options belong to the commands of a group, so an option of the group means that the command was forgotten.
  const group = command.parent !== null && command.commands.length > 0;
  switch (group && error.code === 'commander.unknownOption' ? 'commander.help' : error.code) {
    case 'commander.unknownOption':
      return new UsageError(
        'OPTION_UNKNOWN',
        `${callOf(command)} has no option '${named}'.`,
        `${hint(suggestion)}Valid options: ${flagsOf(command)}. ${help}`,
      );
    case 'commander.optionMissingArgument': {
      const option = command.options.find((candidate) => candidate.flags === named);
      return new UsageError(
        'OPTION_VALUE_MISSING',
        `${option?.long ?? named} needs a value.`,
        `${named}: ${option?.description ?? ''}. ${help}`,
      );
    }
    case 'commander.missingArgument':
      return new UsageError('ARGUMENT_MISSING', `${callOf(command)} needs ${named.toUpperCase()}.`, help);
    case 'commander.excessArguments':
      return excessArguments(command, isDefault, help);
    case 'commander.unknownCommand':
      return new UsageError(
        'COMMAND_UNKNOWN',
        `${callOf(command)} has no command '${named}'.`,
        `${hint(suggestion)}Valid commands: ${commandsOf(command)}. ${help}`,
      );
    case 'commander.help':
      return new UsageError(
        'COMMAND_MISSING',
        `${callOf(command)} needs a command.`,
        `Valid commands: ${commandsOf(command)}. ${help}`,
      );
    default:
      return new UsageError('USAGE', `${said}.`, help);
  }
}

/** `node runner quarantine list` */
function callOf(command: Command): string {
  return command.parent === null ? command.name() : `${callOf(command.parent)} ${command.name()}`;
}

/**
 * A word that no command takes. For a default command it is often another command's name: misspelt, or typed behind
 * the options.
 */
function excessArguments(command: Command, isDefault: boolean, help: string): UsageError {
  const excess = command.args[command.registeredArguments.length] ?? '';
  const { parent } = command;
  if (!isDefault || parent === null) {
    return new UsageError('ARGUMENT_UNKNOWN', `${callOf(command)} can't take '${excess}'.`, help);
  }
  if (parent.commands.some((candidate) => candidate.name() === excess)) {
    return new UsageError(
      'COMMAND_NOT_FIRST',
      `The command '${excess}' stands behind options.`,
      `Type the command first: ${callOf(parent)} ${excess} …`,
    );
  }
  const root = parent.parent === null;
  return new UsageError(
    'COMMAND_UNKNOWN',
    root ? `There is no command '${excess}'.` : `${callOf(parent)} has no command '${excess}'.`,
    `Valid commands: ${commandsOf(parent)}. ${root ? 'Several steps are written with commas: --step one,two. ' : ''}${help}`,
  );
}

function hint(suggestion: string): string {
  return suggestion === '' ? '' : `${suggestion.replace(/[()]/g, '')} `;
}

function flagsOf(command: Command): string {
  return [...command.options.map((option) => option.long ?? option.flags), '--help'].join(', ');
}

function commandsOf(command: Command): string {
  return command.commands.map((candidate) => candidate.name()).join(', ');
}

import type { Command, CommanderError } from 'commander';
import { UsageError } from '../ports/errors.js';

/** commander's own refusals in our words: what is wrong, what is valid, where the help is. */
export function usageErrorOf(error: CommanderError, command: Command): UsageError {
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
      return excessArguments(command, help);
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
 * A word that no command takes. For the default command it is often another command's name: misspelt, or typed
 * behind the options.
 */
function excessArguments(command: Command, help: string): UsageError {
  const excess = command.args[command.registeredArguments.length] ?? '';
  const root = command.parent;
  if (command.name() !== 'run' || root === null) {
    return new UsageError('ARGUMENT_UNKNOWN', `${callOf(command)} can't take '${excess}'.`, help);
  }
  if (root.commands.some((candidate) => candidate.name() === excess)) {
    return new UsageError(
      'COMMAND_NOT_FIRST',
      `The command '${excess}' stands behind options.`,
      `Type the command first: ${root.name()} ${excess} …`,
    );
  }
  return new UsageError(
    'COMMAND_UNKNOWN',
    `There is no command '${excess}'.`,
    `Valid commands: ${commandsOf(root)}. Several steps are written with commas: --step one,two. ${help}`,
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

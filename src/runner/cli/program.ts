import { Command } from 'commander';
import type { CommanderError } from 'commander';
import type { Catalog } from '../application.js';
import type { CommandDefinition } from './command-definition.js';
import type { CommandOptions } from './command-options.js';
import { commandsOf, GROUPS } from './commands/index.js';
import { acceptOptions, commonOptions, optionOf } from './options.js';
import { usageErrorOf } from './usage.js';

/** A command line understood: what to execute, with what. */
export interface Invocation {
  readonly definition: CommandDefinition;
  readonly options: CommandOptions;
  readonly operand: string;
}

/** Help or version, asked for instead of a command. */
export interface Display {
  readonly kind: 'help' | 'version';
  readonly text: string;
}

/** Ends commander's parsing with what it was about to print. */
class DisplayRequested extends Error {
  constructor(readonly display: Display) {
    super(display.kind);
    this.name = 'DisplayRequested';
  }
}

/**
 * Reads the words after `node runner`. Throws `UsageError`. Without a catalog only help and version make sense:
 * the plans' flags are then unknown.
 */
export async function parseArguments(
  argv: readonly string[],
  version: string,
  catalog: Catalog | undefined,
): Promise<Invocation | Display> {
  let invocation: Invocation | undefined;
  const program = buildProgram(version, catalog, await commandsOf(argv), (found) => {
    invocation = found;
  });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof DisplayRequested) return error.display;
    throw error;
  }
  if (invocation === undefined) throw new Error('commander ended without a command');
  return invocation;
}

/** The program of these commands; `invoke` is called with the command that was typed. */
export function buildProgram(
  version: string,
  catalog: Catalog | undefined,
  commands: readonly CommandDefinition[],
  invoke: (invocation: Invocation) => void,
): Command {
  const program = captured(new Command('node runner'))
    .description(
      'Waybill moves live domain data from an old model to a new one and accounts for every record.',
    )
    .usage('[command] --env NAME [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText(
      'after',
      [
        '',
        "Without a command, 'run' is meant; its options: node runner run --help",
        examplesText(['--env local', '--env staging --step links', 'quarantine list --env local --json']),
      ].join('\n'),
    );
  const groups = new Map<string, Command>();
  for (const definition of commands) {
    const [first, second] = definition.path;
    if (second === undefined) {
      addCommand(program, first, definition, catalog, invoke);
      continue;
    }
    const group = groups.get(first) ?? addGroup(program, first, commands);
    groups.set(first, group);
    addCommand(group, second, definition, catalog, invoke);
  }
  return program;
}

function addGroup(program: Command, name: string, commands: readonly CommandDefinition[]): Command {
  const { summary = '', example = '' } = GROUPS.find((group) => group.name === name) ?? {};
  const group = captured(program.command(name)).description(summary).helpCommand(false);
  const [, meant] = commands.find(({ path, byDefault }) => path[0] === name && byDefault)?.path ?? [];
  if (meant !== undefined) {
    const call = `node runner ${name} ${meant}`;
    group.addHelpText('after', `\nWithout a command, '${meant}' is meant; its options: ${call} --help`);
  }
  return group.addHelpText('after', examplesText([example]));
}

function addCommand(
  parent: Command,
  name: string,
  definition: CommandDefinition,
  catalog: Catalog | undefined,
  invoke: (invocation: Invocation) => void,
): void {
  const isDefault = definition.byDefault ?? false;
  const command = captured(parent.command(name, { isDefault }), isDefault)
    .description(definition.summary)
    .allowExcessArguments(false)
    .addHelpText('after', examplesText(definition.examples));
  const { argument } = definition;
  if (argument !== undefined) command.argument(`<${argument[0]}>`, argument[1]);
  for (const option of definition.options) command.addOption(optionOf(option, catalog));
  const accepting = definition.accepts === true ? acceptOptions(catalog) : new Map<string, never>();
  for (const option of accepting.values()) command.addOption(option);
  for (const option of commonOptions()) command.addOption(option);
  command.action(() => {
    const given = command.opts<Omit<CommandOptions, 'accept'>>();
    const accept = [...accepting].flatMap(([flag, option]) =>
      command.getOptionValue(option.attributeName()) === true ? [flag] : [],
    );
    invoke({ definition, options: { ...given, accept }, operand: command.args[0] ?? '' });
  });
}

/** Nothing that commander prints goes to a stream: help becomes a result, refusals become errors of ours. */
function captured(command: Command, isDefault = false): Command {
  let text = '';
  return command
    .configureOutput({
      writeOut: (said) => {
        text += said;
      },
      writeErr: () => undefined,
      getOutHelpWidth: () => 110,
      getErrHelpWidth: () => 110,
    })
    .exitOverride((error: CommanderError) => {
      if (error.code === 'commander.version') throw new DisplayRequested({ kind: 'version', text });
      // help that nobody asked for goes to the other stream and is a refusal
      if (text !== '') throw new DisplayRequested({ kind: 'help', text });
      throw usageErrorOf(error, command, isDefault);
    });
}

function examplesText(calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  $ node runner ${call}`).join('\n')}\n`;
}

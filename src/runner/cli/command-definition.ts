import type { Application, Catalog } from '../application.js';
import type { CommandOptions, OptionName } from './command-options.js';
import type { CommandResult } from './command-result.js';

/** What a command is given. */
export interface CommandCall {
  readonly options: CommandOptions;
  /** the command's own argument, '' where it has none */
  readonly operand: string;
  readonly catalog: Catalog;
  /** Opens the application; it is closed after the result was printed. */
  readonly open: (env: string) => Promise<Application>;
  /** aborted when the person asks to stop */
  readonly signal: AbortSignal;
  /** who types, as `user@host` */
  readonly operator: () => string;
  /** wall clock */
  readonly clock: () => Date;
}

export interface CommandDefinition {
  /** the words that call it, e.g. `quarantine`, `list` */
  readonly path: readonly [string] | readonly [group: string, name: string];
  readonly summary: string;
  /** meant where its group, or nothing at all, is typed alone */
  readonly byDefault?: true;
  /** name and meaning of the command's own argument */
  readonly argument?: readonly [name: string, meaning: string];
  readonly options: readonly OptionName[];
  /** also takes the accepting flags of the plans */
  readonly accepts?: boolean;
  readonly examples: readonly [string, ...string[]];
  /** What people are told before the command asks the store, which may be slow or never answer; begins the text. */
  heading?(options: CommandOptions, catalog: Catalog): string;
  execute(call: CommandCall): Promise<CommandResult>;
}

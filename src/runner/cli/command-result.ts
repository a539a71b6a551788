import type { ExitCode } from '../ports/errors.js';

/** What a program reads under `--json`: a value, or the text of one in pieces where it may be large. */
export type JsonDocument = { readonly value: unknown } | { readonly chunks: AsyncIterable<string> };

/** What is told of an error: the same for people and programs. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** How a command ended. Commands print nothing; `CommandLine` prints one of the two forms. */
export interface CommandResult {
  readonly exit: ExitCode;
  readonly document: JsonDocument;
  /** for people, on stdout; in pieces where it may be large */
  readonly text: string | AsyncIterable<string>;
  /** told on stderr too; present only where `exit` is not 0 */
  readonly error?: ErrorDocument;
}

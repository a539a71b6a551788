import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from '../../runner/ports/errors.js';
import { lineOfRepeatedKey } from './repeated-key.js';

/**
 * What the operator decided on users, in a JSON file (UTF-8): one object, user → company. Read when it is first
 * asked, as a whole. Throws `UsageError` (`OVERRIDES_INVALID`) where it is no such file; the message names places, never
 * what stands there.
 */
export class FileOverrides {
  private companies: ReadonlyMap<string, string> | undefined;

  /** `path`: relative to the working directory */
  constructor(private readonly path: string) {}

  get(userId: string): string | undefined {
    this.companies ??= this.read();
    return this.companies.get(userId);
  }

  private read(): ReadonlyMap<string, string> {
    const content = this.parsed(this.text());
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw this.invalid('is no object of users and their companies');
    const companies = new Map<string, string>();
    for (const [index, [userId, companyId]] of Object.entries(
      content as Readonly<Record<string, unknown>>,
    ).entries()) {
      if (typeof companyId !== 'string' || companyId === '')
        throw this.invalid(`has no text as the company in entry ${index + 1}`);
      companies.set(userId, companyId);
    }
    return companies;
  }

  private text(): string {
    try {
      return readFileSync(this.path, 'utf8').replace(/^\ufeff/, '');
    } catch (error) {
      throw this.invalid('can’t be read', error);
    }
  }

  private parsed(text: string): unknown {
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      // the parser quotes the text
      throw this.invalid('is no JSON');
    }
    const line = lineOfRepeatedKey(text);
    if (line !== undefined) throw this.invalid(`names a user again in line ${line}`);
    return content;
  }

  private invalid(problem: string, cause?: unknown): UsageError {
    return new UsageError(
      'OVERRIDES_INVALID',
      `The file of overrides ${basename(this.path)} ${problem}.`,
      'Correct the file, or `overrides` among the options of plan company in the environment file.',
      cause === undefined ? {} : { cause },
    );
  }
}

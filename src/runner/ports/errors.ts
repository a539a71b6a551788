/** How a command ends (design, invariant 10). */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, aborted: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * An error that ends a command. `code` is stable and for programs, the message says what and where, `next` says
 * what to do. Only the command line prints it.
 */
export class WaybillError extends Error {
  constructor(
    readonly exit: Exclude<ExitCode, 0>,
    readonly code: string,
    message: string,
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'WaybillError';
  }
}

/** The command was typed wrong or the configuration is: exit 2. */
export class UsageError extends WaybillError {
  constructor(code: string, message: string, next: string, options?: ErrorOptions) {
    super(EXIT.usage, code, message, next, options);
    this.name = 'UsageError';
  }
}

/** Something that must hold before work starts does not: exit 3. */
export class RefusedError extends WaybillError {
  constructor(code: string, message: string, next: string, options?: ErrorOptions) {
    super(EXIT.refused, code, message, next, options);
    this.name = 'RefusedError';
  }
}

/**
 * The store did not do what was asked, after the retries that make sense. Codes: `STORE_UNREACHABLE`,
 * `STORE_DENIED`, `STORE_CREDENTIALS`, `STORE_REGION`, `STORE_THROTTLED`, `TABLE_MISSING`, `STORE_FAILED`. Exit 3.
 */
export class StoreError extends WaybillError {
  constructor(code: string, message: string, next: string, options?: ErrorOptions) {
    super(EXIT.refused, code, message, next, options);
    this.name = 'StoreError';
  }
}

/** A command that the write guard refused before it was sent: a bug of ours or a forbidden write. Exit 3. */
export class WriteForbiddenError extends WaybillError {
  constructor(message: string) {
    super(
      EXIT.refused,
      'WRITE_FORBIDDEN',
      message,
      'Report this: the engine tried a write that its plan does not permit.',
    );
    this.name = 'WriteForbiddenError';
  }
}

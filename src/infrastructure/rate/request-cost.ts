/** Capacity units a second. */
export interface Capacity {
  readonly read?: number;
  readonly write?: number;
}

/** What one request costs, by physical names. */
export interface RequestCost {
  readonly kind: 'read' | 'write';
  readonly tables: readonly {
    readonly table: string;
    readonly units: number;
    /** index → units */
    readonly indexes?: ReadonlyMap<string, number>;
  }[];
}

/** What a caller knows of a request before it is sent. */
export interface RequestTerms {
  /** undefined: estimated from the request */
  readonly cost?: RequestCost;
  /** ends the wait for its turn */
  readonly signal?: AbortSignal | undefined;
  /** is told how many ms the request was held back, each attempt for itself */
  readonly onHeld?: ((milliseconds: number) => void) | undefined;
}

const TERMS = new WeakMap<object, RequestTerms>();

/** Hands terms along with a command's input to the rate control of the client that it is sent with. */
export function setTerms(input: object, terms: RequestTerms): void {
  TERMS.set(input, terms);
}

export function termsOf(input: object): RequestTerms {
  return TERMS.get(input) ?? {};
}

const KB = 1024;

/** Write units of a row of so many bytes (developer guide: one for each KB begun, on the table and on each index). */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / KB));
}

/** Read units of strongly consistent reads of so many bytes together (one for each 4 KB begun). */
export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (4 * KB)));
}

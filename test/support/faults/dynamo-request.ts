import { createHash } from 'node:crypto';

/** The body of a request or answer in DynamoDB's JSON protocol. */
export type Body = Readonly<Record<string, unknown>>;

type Key = Readonly<Record<string, { readonly S?: string } | undefined>>;

interface Keyed {
  readonly TableName?: string;
  readonly Item?: Key;
  readonly Key?: Key;
}

const READS = /^(GetItem|BatchGetItem|TransactGetItems|Query|Scan|Describe\w+|List\w+)$/;

/** What a request to DynamoDB does, read from its bytes. */
export class DynamoRequest {
  readonly body: Body;
  /** the first 16 hex digits of the body's SHA-256: a repeated request has the same */
  readonly hash: string;

  constructor(
    /** e.g. `PutItem` */
    readonly operation: string,
    readonly bytes: Buffer,
  ) {
    this.body = JSON.parse(bytes.length === 0 ? '{}' : bytes.toString('utf8')) as Body;
    this.hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  }

  /** Anything that is not known to be a read is a write. */
  get writes(): boolean {
    if (READS.test(this.operation)) return false;
    const statements = this.statements;
    return statements.length === 0 || statements.some((text) => !/^\s*select\b/i.test(text));
  }

  /** the physical name of the table, of one of them where there are several */
  get table(): string {
    const { TableName, RequestItems } = this.body as {
      TableName?: string;
      RequestItems?: Record<string, unknown>;
    };
    if (TableName !== undefined) return TableName;
    if (RequestItems !== undefined) return Object.keys(RequestItems)[0] ?? '';
    const [statement] = this.statements;
    if (statement !== undefined) return /"((?:[^"]|"")+)"/.exec(statement)?.[1] ?? '';
    return this.written.find((one) => one.TableName !== undefined)?.TableName ?? '';
  }

  /** What the request is about: the kind of a journal item (`checkpoint`, `entries`, `heartbeat`, …), else the table. */
  get subject(): string {
    const keys = this.written.map((one) => {
      const key = one.Item ?? one.Key;
      return { pk: key?.['pk']?.S ?? '', sk: key?.['sk']?.S ?? '' };
    });
    for (const [subject, belongs] of JOURNAL_SUBJECTS) {
      if (keys.some(({ pk, sk }) => pk !== '' && belongs(pk, sk))) return subject;
    }
    return this.table;
  }

  /** the step that a journal write is about */
  get step(): string | undefined {
    for (const one of this.written) {
      const key = one.Item ?? one.Key;
      const [pk = '', sk = ''] = [key?.['pk']?.S, key?.['sk']?.S];
      const step = /^SEGMENT#[^#]*#([^#]*)#/.exec(pk)?.[1] ?? /^(?:STEP|STATE)#(.*)$/.exec(sk)?.[1];
      if (step !== undefined) return step;
    }
    return undefined;
  }

  private get statements(): string[] {
    const { Statement, Statements, TransactStatements } = this.body as {
      Statement?: string;
      Statements?: { Statement: string }[];
      TransactStatements?: { Statement: string }[];
    };
    const several = [...(Statements ?? []), ...(TransactStatements ?? [])].map((one) => one.Statement);
    return Statement === undefined ? several : [Statement, ...several];
  }

  /** Condition checks are not among them. */
  private get written(): Keyed[] {
    const { body, operation } = this;
    if (operation === 'TransactWriteItems') {
      const items = (body['TransactItems'] ?? []) as Record<'Put' | 'Update' | 'Delete', Keyed | undefined>[];
      return items.map((item) => item.Put ?? item.Update ?? item.Delete).filter((one) => one !== undefined);
    }
    if (operation === 'BatchWriteItem') {
      const tables = (body['RequestItems'] ?? {}) as Record<
        string,
        { PutRequest?: Keyed; DeleteRequest?: Keyed }[]
      >;
      return Object.entries(tables).flatMap(([TableName, requests]) =>
        requests.map((one) => ({ TableName, ...(one.PutRequest ?? one.DeleteRequest) })),
      );
    }
    return [body];
  }
}

type Belongs = (pk: string, sk: string) => boolean;

/** By the keys of the journal's layout (ADR 0006); the first that fits one of the items written. */
const JOURNAL_SUBJECTS: readonly (readonly [subject: string, Belongs])[] = [
  ['checkpoint', (pk) => pk.startsWith('SEGMENT#')],
  ['entries', (pk) => pk.startsWith('ENTRY#') || pk.startsWith('IMAGE#')],
  ['lease', (_, sk) => sk === 'LEASE'],
  ['heartbeat', (_, sk) => sk === 'LEASE-BEAT'],
  ['state', (_, sk) => sk.startsWith('STATE#')],
  ['step', (_, sk) => sk.startsWith('STEP#')],
  ['run', (pk, sk) => pk.startsWith('RUN#') || sk.startsWith('RUN#')],
  ['attestation', (_, sk) => sk.startsWith('ATTESTATION#')],
  ['format', (pk) => pk === 'JOURNAL'],
];

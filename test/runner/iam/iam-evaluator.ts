import type { IamResult } from '../../../src/runner/application.js';
import type { PolicyDocument } from '../../../src/runner/iam/policy-document.js';

/** One right that a request needs. */
export interface Need {
  readonly action: string;
  /** physical name of a table, or of an index of it */
  readonly table: string;
}

type Body = Readonly<Record<string, unknown>> & { readonly TableName?: string };

const PLAIN = [
  ...['Scan', 'Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
  ...['DescribeTable', 'DescribeContinuousBackups', 'CreateTable'],
];

const PARTS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** The rights that DynamoDB asks for a request (service authorization reference, "Actions defined by Amazon DynamoDB"). */
export function needsOf(operation: string, body: Body): Need[] {
  if (PLAIN.includes(operation)) return [need(operation, tableOrIndex(body))];
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem')
    return Object.keys(body['RequestItems'] as object).map((table) => need(operation, table));
  if (operation === 'BatchExecuteStatement')
    return (body['Statements'] as { Statement: string }[]).map(({ Statement }) => needOfStatement(Statement));
  if (operation === 'TransactWriteItems')
    return (body['TransactItems'] as Record<string, Body>[]).flatMap((item) =>
      Object.entries(item).map(([part, { TableName = '' }]) => need(PARTS[part] ?? part, TableName)),
    );
  throw new Error(`${operation} is not known here`);
}

function need(name: string, table: string): Need {
  return { action: `dynamodb:${name}`, table };
}

function tableOrIndex({ TableName = '', IndexName }: Body): string {
  return typeof IndexName === 'string' ? `${TableName}/index/${IndexName}` : TableName;
}

function needOfStatement(text: string): Need {
  const [, verb = '', table = ''] = /^(INSERT|SELECT|UPDATE|DELETE)\b[^"]*"([^"]+)"/.exec(text) ?? [];
  return need(`PartiQL${verb.charAt(0)}${verb.slice(1).toLowerCase()}`, table);
}

/** As IAM decides: whatever is denied is denied, and what is not allowed is, too. */
export function isAllowed(
  policies: readonly IamResult['policies'][number][],
  action: string,
  resource: string,
): boolean {
  const statements = policies
    .flatMap(({ document }) => (document as PolicyDocument).Statement)
    .filter(({ Action }) => Action.some((pattern) => matches(pattern, action)))
    .filter(({ Resource }) => Resource.some((pattern) => matches(pattern, resource)));
  return (
    statements.some(({ Effect }) => Effect === 'Allow') && !statements.some(({ Effect }) => Effect === 'Deny')
  );
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'u').test(text);
}

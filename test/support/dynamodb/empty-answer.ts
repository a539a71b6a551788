/** What DynamoDB says where there is nothing, as JSON; what it always says is there. */
const NOTHING: Readonly<Record<string, string>> = {
  Scan: '{"Items":[],"Count":0,"ScannedCount":0}',
  Query: '{"Items":[],"Count":0,"ScannedCount":0}',
  BatchGetItem: '{"Responses":{},"UnprocessedKeys":{}}',
  BatchWriteItem: '{"UnprocessedItems":{}}',
};

/** The whole answer to a request whose text, or `X-Amz-Target`, names the operation; `{}` where that is one. */
export function emptyAnswer(request: string): string {
  const [, operation = ''] = /DynamoDB_20120810\.(\w+)/.exec(request) ?? [];
  return NOTHING[operation] ?? '{}';
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Operations whose input is JSON as it stands, but for binary values. */
const PLAIN_INPUTS = new Set(['BatchExecuteStatementInput', 'BatchGetItemInput']);
/** Operations whose output is JSON as it stands, but for binary values. */
const PLAIN_OUTPUTS = new Set(['ScanOutput', 'BatchGetItemOutput', 'BatchExecuteStatementOutput']);

/** In an answer's text: the tags of binary values. As a name or a text they only cost the shortcut. */
const BINARY_TAGS = ['"B"', '"BS"'];
/** In an answer's text: may be a member that is null. */
const NULL = 'null';

/** What the SDK's protocol for DynamoDB has inside; protected, and so far the same in all of 3.x. */
interface Serializer {
  write(schema: unknown, value: unknown): void;
  flush(): unknown;
}
interface Deserializer {
  read(schema: unknown, data: unknown): Promise<unknown>;
}
interface Protocol {
  serializer?: Serializer;
  deserializer?: Deserializer;
}

/**
 * Lets the rows of the copying path pass as the JSON that they are. The SDK (3.1162) walks every value of every row
 * along its schema, one character after the other when it writes; where no value is binary, `JSON.stringify` and
 * `JSON.parse` do the same in a fraction of the time. Everything else goes the SDK's way.
 */
export function passPlainJson(client: DynamoDBClient): void {
  const protocol = client.config.protocol as unknown as Protocol;
  const { serializer, deserializer } = protocol;
  if (serializer !== undefined) protocol.serializer = plainSerializer(serializer);
  if (deserializer !== undefined) protocol.deserializer = plainDeserializer(deserializer);
}

/** `write` and `flush` come in pairs, in one turn of the event loop. */
function plainSerializer(usual: Serializer): Serializer {
  let plain: unknown;
  return Object.assign(Object.create(usual) as Serializer, {
    write(schema: unknown, value: unknown): void {
      plain = PLAIN_INPUTS.has(nameOf(schema)) && !holdsBinary(value) ? value : undefined;
      if (plain === undefined) usual.write(schema, value);
    },
    flush(): unknown {
      if (plain === undefined) return usual.flush();
      const body = Buffer.from(JSON.stringify(plain));
      plain = undefined;
      return body;
    },
  });
}

function plainDeserializer(usual: Deserializer): Deserializer {
  return Object.assign(Object.create(usual) as Deserializer, {
    async read(schema: unknown, data: unknown): Promise<unknown> {
      if (!(data instanceof Uint8Array) || data.length === 0 || !PLAIN_OUTPUTS.has(nameOf(schema)))
        return usual.read(schema, data);
      const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      if (BINARY_TAGS.some((tag) => body.includes(tag))) return usual.read(schema, data);
      const text = body.toString('utf8');
      const answer: unknown = JSON.parse(text);
      if (text.includes(NULL)) removeNulls(answer);
      return answer;
    },
  });
}

/** A member that is null is absent: what the SDK makes of it, too. Values of rows have none, they say `{ NULL: true }`. */
function removeNulls(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    part.forEach(removeNulls);
    return;
  }
  const members = part as Record<string, unknown>;
  for (const name of Object.keys(members)) {
    if (members[name] === null) Reflect.deleteProperty(members, name);
    else removeNulls(members[name]);
  }
}

/** Shape names come on schemas of the SDK's as `getName()`, on static ones at index 2. */
function nameOf(schema: unknown): string {
  if (Array.isArray(schema)) return String(schema[2]);
  const named = schema as { getName?: () => string | undefined } | undefined;
  return named?.getName?.()?.replace(/^.*#/, '') ?? '';
}

function holdsBinary(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (ArrayBuffer.isView(value)) return true;
  if (Array.isArray(value)) return value.some(holdsBinary);
  const entries = value as Readonly<Record<string, unknown>>;
  // nearly all there is: a text or a number, which has nothing beside it
  if (typeof entries['S'] === 'string' || typeof entries['N'] === 'string') return false;
  for (const name in entries) if (holdsBinary(entries[name])) return true;
  return false;
}

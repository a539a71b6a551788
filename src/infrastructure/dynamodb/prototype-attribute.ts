import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { bodyBytes } from './answer-body.js';

const NAME = '__proto__';
const QUOTED_NAME = `"${NAME}"`;

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Repairs what the SDK (3.1162) does to rows that have an attribute called `__proto__`: it blanks the value before
 * reading it, so the attribute would be lost without a word (invariant 5). Two middlewares around the SDK's
 * deserialiser do it: the inner one keeps the answer's text where it holds that name, the outer one puts the value
 * back. Answers without the name, all but a few in the world, only pay for a search through their bytes.
 */
export function keepPrototypeAttribute(client: DynamoDBClient): void {
  const texts = new WeakMap<object, string>();
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body?: unknown };
      const body = await bodyBytes(response.body);
      if (body !== undefined) {
        // decoded here: the SDK changes the buffer's prototype
        if (body.includes(QUOTED_NAME)) texts.set(response, body.toString('utf8'));
        response.body = body;
      }
      return result;
    },
    { name: 'waybillKeepAnswer', step: 'deserialize', priority: 'low' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const text = texts.get(result.response as object);
      if (text !== undefined) restore(result.output, JSON.parse(text) as Json);
      return result;
    },
    { name: 'waybillPrototypeAttribute', step: 'deserialize', priority: 'high' },
  );
}

/** Walks the SDK's output beside the answer it was made of and fills in the values that were blanked. */
function restore(output: unknown, wire: Json | undefined): void {
  if (typeof output !== 'object' || output === null || typeof wire !== 'object' || wire === null) return;
  if (output instanceof Uint8Array) return;
  const [target, source] = [output as Record<string, unknown>, wire as Record<string, Json>];
  for (const name of Object.keys(target)) {
    const isBlanked = name === NAME && target[name] === undefined;
    if (!isBlanked) restore(target[name], Object.hasOwn(source, name) ? source[name] : undefined);
    // `target` has an own property of this name, so this sets no prototype
    else target[name] = attributeOf(source[name] as Record<string, Json>);
  }
}

/** An attribute value as the SDK makes it of JSON: only binary differs. */
function attributeOf(wire: Readonly<Record<string, Json>>): AttributeValue {
  const convert = (type: string, value: Json): unknown => {
    if (type === 'B') return bytes(value);
    if (type === 'BS') return (value as readonly Json[]).map(bytes);
    if (type === 'L') return (value as readonly Record<string, Json>[]).map(attributeOf);
    if (type !== 'M') return value;
    const entries = Object.entries(value as Record<string, Record<string, Json>>);
    return Object.fromEntries(entries.map(([name, element]) => [name, attributeOf(element)]));
  };
  return Object.fromEntries(
    Object.entries(wire).map(([type, value]) => [type, convert(type, value)]),
  ) as unknown as AttributeValue;
}

function bytes(base64: Json): Uint8Array {
  return new Uint8Array(Buffer.from(base64 as string, 'base64'));
}

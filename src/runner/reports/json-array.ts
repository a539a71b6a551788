/**
 * The text of a JSON array whose members come one after the other; none is kept. `indent` is what stands before
 * the line that closes it.
 */
export async function* jsonArray(members: AsyncIterable<unknown>, indent = ''): AsyncGenerator<string> {
  let empty = true;
  for await (const member of members) {
    yield `${empty ? '[' : ','}\n${indent}  ${JSON.stringify(member)}`;
    empty = false;
  }
  yield empty ? '[]' : `\n${indent}]`;
}

/** Members changed on their way. */
export async function* mapped<A, B>(items: AsyncIterable<A>, change: (item: A) => B): AsyncGenerator<B> {
  for await (const item of items) yield change(item);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryError, type DirectoryEntry } from '../../../src/domain/core-table/user-directory.js';
import { CsvUserDirectory } from '../../../src/infrastructure/directory/csv-user-directory.js';
import { JsonUserDirectory } from '../../../src/infrastructure/directory/json-user-directory.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'waybill-directory-'))));
afterAll(() => rm(folder, { recursive: true }));

async function read(kind: 'json' | 'csv', content: string): Promise<DirectoryEntry[]> {
  const path = join(folder, `users.${kind}`);
  await writeFile(path, content);
  const directory = kind === 'json' ? new JsonUserDirectory(path) : new CsvUserDirectory(path);
  const entries: DirectoryEntry[] = [];
  for await (const entry of directory.entries()) entries.push(entry);
  return entries;
}

const ANN = { userId: 'ann', name: 'Ann "the" Ash, jr.' };
const BOB = { userId: 'bob', name: 'Böb\nBaker' };

describe('C-X08: directories in files', () => {
  it.each([
    ['json', JSON.stringify([{ ...ANN, email: 'a@example.org' }, BOB])],
    ['json', `\ufeff${JSON.stringify({ ann: ANN.name, bob: BOB.name })}`],
    ['csv', 'userId,name\nann,"Ann ""the"" Ash, jr."\nbob,"Böb\nBaker"\n'],
    ['csv', '\ufeffname,email,"userId"\r\n"Ann ""the"" Ash, jr.",a@example.org,ann\r\n\r\n"Böb\nBaker",,bob'],
  ] as const)('reads %s %#', async (kind, content) => {
    expect(await read(kind, content)).toEqual([ANN, BOB]);
  });

  it('takes texts for keys only where they are, and braces in texts for texts', async () => {
    const odd = '{"a": "b", "b": "{ \\"a\\" : \\"}", "{": "a", "c:": "c:", "}": ":"}';
    expect((await read('json', odd)).map(({ userId }) => userId)).toEqual(['a', 'b', '{', 'c:', '}']);
    const both = [ANN, { more: [{ userId: 'ann', name: 1 }], ...BOB }];
    expect(await read('json', JSON.stringify(both))).toEqual([ANN, BOB]);
  });

  it('keeps a user whose id is a name of the language', async () => {
    expect(await read('json', '{"__proto__": "P", "constructor": "C"}')).toEqual([
      { userId: '__proto__', name: 'P' },
      { userId: 'constructor', name: 'C' },
    ]);
  });

  it('gives nothing for an empty list, and blank fields as they are', async () => {
    expect(await read('json', '[]')).toEqual([]);
    expect(await read('csv', 'userId,name\n')).toEqual([]);
    expect(await read('csv', 'userId,name\nann,')).toEqual([{ userId: 'ann', name: '' }]);
  });

  it.each([
    ['json', 'secret', 'is no JSON'],
    ['json', '"secret"', 'is neither a list of users nor an object of names'],
    ['json', '[{"userId": "secret"}]', 'entry 1 lacks a userId or a name that is text'],
    ['json', '[null]', 'entry 1 lacks a userId or a name that is text'],
    ['json', '{"secret": 5}', 'an id has a name that is no text'],
    ['json', '', 'is no JSON'],
    ['json', '{"secret": "A", "secret": "A"}', 'line 1 names a key of its object again'],
    ['json', '\ufeff{"secret": "A",\n"s\\u0065cret"\n: "B"}', 'line 2 names a key of its object again'],
    [
      'json',
      '[{"userId":"a","name":"A"},\n{"userId":"a","name":"secret","name":"B"}]',
      'line 2 names a key of its object again',
    ],
    ['json', '[{"userId":"secret","name":"A"},{"userId":"secret","name":"B"}]', 'entry 2 names a user again'],
    ['csv', 'id,name\nsecret,A', 'the first record does not name the columns userId and name'],
    ['csv', '', 'is empty, without the names of its columns'],
    ['csv', '\ufeff\r\n\n', 'is empty, without the names of its columns'],
    ['csv', 'userId,name\nsecret', 'record 2 has fewer fields than the first one'],
    ['csv', 'userId,name\n"secret', 'a quoted field that does not end'],
    ['csv', 'userId,name\n"secret"x,A', 'text behind the quotes of a field'],
    ['csv', 'userId,name\nsec"ret,A', 'a quote within a field that has none around it'],
    ['csv', 'userId,name\nsecret,A\nsecret,B', 'entry 2 names a user again'],
  ] as const)('refuses what is no directory: %s %#', async (kind, content, problem) => {
    const error: unknown = await read(kind, content).catch((thrown: unknown) => thrown);
    expect(error).toEqual(new DirectoryError(`users.${kind}`, problem));
    expect(String(error)).not.toContain('secret');
  });

  it('says so where there is no file', async () => {
    for (const directory of [
      new JsonUserDirectory(join(folder, 'none.json')),
      new CsvUserDirectory(join(folder, 'none.csv')),
    ])
      await expect(directory.entries().next()).rejects.toThrow(/^none\.\w+: can't be read \(ENOENT\)$/);
  });
});

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { embeddedBinary } from '../../../src/infrastructure/embedded/embedded-binary.js';
import { joinEmbeddedServer } from '../../../src/infrastructure/embedded/embedded-server.js';
import { listensOn, serverOn } from '../../../src/infrastructure/embedded/server-process.js';
import { compileInto } from './compiled-source.js';

const MODULE = 'infrastructure/embedded/embedded-server.ts';

const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=t/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

let build: string;
let script: string;
let folder: string;
let members: Member[] = [];

beforeAll(() => {
  build = mkdtempSync(join(tmpdir(), 'waybill-build-'));
  script = join(build, 'member.mjs');
  const module = compileInto(build, [MODULE])(MODULE);
  writeFileSync(
    script,
    `import { joinEmbeddedServer } from ${JSON.stringify(module)};
     const server = await joinEmbeddedServer({ folder: process.argv[2] });
     const leave = async (word) => { await server.leave(); process.stdout.write(word + '\\n'); process.exit(0); };
     process.on('SIGINT', async () => {
       const answer = await fetch(server.endpoint, { method: 'POST', body: '{}', headers: ${JSON.stringify({ ...HEADERS, 'x-amz-target': 'DynamoDB_20120810.ListTables' })} });
       await leave('answered ' + answer.status);
     });
     process.stdout.write(server.endpoint + '\\n');
     if (process.argv[3] !== 'ends') process.stdin.on('data', () => leave('left'));`,
  );
});
afterAll(() => rmSync(build, { recursive: true, force: true }));

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'waybill-embedded-')));
});
afterEach(async () => {
  for (const member of members) member.process.kill('SIGKILL');
  members = [];
  await until(() => serverOn(database()) === undefined && supervisors().length === 0);
  rmSync(folder, { recursive: true, force: true });
});

const home = (): string => join(folder, '.waybill', 'embedded');
const database = (): string => join(home(), 'dynamodb.db');

/** One process of its own that joined, as a command of the runner would. */
class Member {
  private lines: string[] = [];
  readonly process: ChildProcess;
  constructor(...options: string[]) {
    this.process = spawn(process.execPath, [script, join(folder, '.waybill'), ...options], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    this.process.stdout!.on('data', (chunk: Buffer) =>
      this.lines.push(...chunk.toString().trim().split('\n')),
    );
    members.push(this);
  }
  async line(): Promise<string> {
    await until(() => this.lines.length > 0 || this.process.exitCode !== null);
    return this.lines.shift() ?? `exited with ${this.process.exitCode ?? 'a signal'}`;
  }
  async leave(): Promise<void> {
    this.process.stdin!.write('\n');
    expect(await this.line()).toBe('left');
  }
  async kill(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await gone;
  }
}

async function until(holds: () => boolean | Promise<boolean>, atMost = 15_000): Promise<void> {
  const deadline = Date.now() + atMost;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in time');
    await delay(10);
  }
}

/** Pids of the processes whose command line has this text. */
function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        return readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}
const servers = (): number[] => processesWith(`--db-path\0${database()}`);
const supervisors = (): number[] => processesWith(`waybill-embedded-server\0${database()}`);

async function ask(
  endpoint: string,
  operation: string,
  body: object,
): Promise<{ Item?: object; TableNames?: string[] }> {
  const headers = { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` };
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as { Item?: object; TableNames?: string[] };
}

const createTable = (endpoint: string): Promise<unknown> =>
  ask(endpoint, 'CreateTable', {
    TableName: 'kept',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
const put = (endpoint: string, id: string): Promise<unknown> =>
  ask(endpoint, 'PutItem', { TableName: 'kept', Item: { id: { S: id } } });
const has = async (endpoint: string, id: string): Promise<boolean> =>
  (await ask(endpoint, 'GetItem', { TableName: 'kept', Key: { id: { S: id } } })).Item !== undefined;

describe('joinEmbeddedServer', () => {
  it('starts a server, writes its address down, and stops it before leave resolves', async () => {
    // run from the sources: the supervisor has to work there as in the build
    const server = await joinEmbeddedServer({ folder: join(folder, '.waybill') });
    const running = serverOn(database())!;
    expect(server.endpoint).toBe(`http://127.0.0.1:${running.port}`);
    expect(JSON.parse(readFileSync(join(home(), 'address.json'), 'utf8'))).toEqual({
      endpoint: server.endpoint,
      port: running.port,
      pid: running.pid,
      supervisor: supervisors()[0],
      database: database(),
    });
    expect(await ask(server.endpoint, 'ListTables', {})).toEqual({ TableNames: [] });
    await server.leave();
    expect(serverOn(database())).toBeUndefined();
    expect(existsSync(join(home(), 'address.json'))).toBe(false);
    await server.leave();
  });

  it('keeps database, log and address for the owner alone, and closes what was left open', async () => {
    const path = join(folder, '.waybill');
    const first = await joinEmbeddedServer({ folder: path });
    await createTable(first.endpoint);
    const modes = (): Record<string, number> =>
      Object.fromEntries(
        readdirSync(home()).map((name) => [name, statSync(join(home(), name)).mode & 0o777] as const),
      );
    const made = modes();
    expect(Object.keys(made)).toEqual(expect.arrayContaining(['address.json', 'dynamodb.db', 'server.log']));
    expect(new Set(Object.values(made))).toEqual(new Set([0o600]));
    expect([path, home()].map((name) => statSync(name).mode & 0o777)).toEqual([0o700, 0o700]);
    await first.leave();
    chmodSync(home(), 0o755);
    chmodSync(database(), 0o644);
    const second = await joinEmbeddedServer({ folder: path });
    expect([statSync(home()).mode & 0o777, modes()['dynamodb.db']]).toEqual([0o700, 0o600]);
    await second.leave();
  });

  it('does not resolve leave while the server has yet to close its database', async () => {
    const server = await joinEmbeddedServer({ folder: join(folder, '.waybill') });
    const [pid] = servers();
    process.kill(pid!, 'SIGSTOP');
    let resolved = false;
    const leaving = server.leave().then(() => {
      resolved = true;
    });
    await delay(400);
    expect(resolved).toBe(false);
    process.kill(pid!, 'SIGCONT');
    await leaving;
    expect(servers()).toEqual([]);
  });

  it('keeps the data over stop and restart', async () => {
    const first = await joinEmbeddedServer({ folder: join(folder, '.waybill') });
    await createTable(first.endpoint);
    await put(first.endpoint, 'a');
    await first.leave();
    const second = await joinEmbeddedServer({ folder: join(folder, '.waybill') });
    expect(await has(second.endpoint, 'a')).toBe(true);
    await second.leave();
  });

  it('gives one server to commands that start at the same instant, and stops it after the last one', async () => {
    const all = [new Member(), new Member(), new Member(), new Member()];
    const endpoints = await Promise.all(all.map((member) => member.line()));
    expect(new Set(endpoints)).toEqual(new Set([`http://127.0.0.1:${serverOn(database())!.port}`]));
    expect(servers()).toHaveLength(1);
    await until(() => supervisors().length === 1);
    for (const member of all.slice(1)) {
      await member.leave();
      expect(await ask(endpoints[0]!, 'ListTables', {})).toEqual({ TableNames: [] });
    }
    await all[0]!.leave();
    expect(servers()).toEqual([]);
    await until(() => supervisors().length === 0);
  });

  it('lets nobody in on a server that is about to stop', async () => {
    const endpointsOf = async (): Promise<void> => {
      const server = await joinEmbeddedServer({ folder: join(folder, '.waybill') });
      expect(await ask(server.endpoint, 'ListTables', {})).toEqual({ TableNames: [] });
      expect(servers()).toHaveLength(1);
      await server.leave();
    };
    // three that come and go all the time, each again and again the last one out or the first one in
    const comers = [0, 3, 7].map(async (pause) => {
      for (let round = 0; round < 8; round++) {
        await endpointsOf();
        await delay(pause);
      }
    });
    await Promise.all(comers);
    expect(servers()).toEqual([]);
  });

  it('does not stop the server under others when a command is killed, nor keep it for the killed one', async () => {
    const [killed, other] = [new Member(), new Member()];
    const [endpoint] = await Promise.all([killed.line(), other.line()]);
    await killed.kill();
    await delay(700);
    expect(await ask(endpoint, 'ListTables', {})).toEqual({ TableNames: [] });
    await other.leave();
    expect(servers()).toEqual([]);
  });

  it('ends server and supervisor by themselves when every command was killed', async () => {
    const all = [new Member(), new Member()];
    await Promise.all(all.map((member) => member.line()));
    expect(servers()).toHaveLength(1);
    await Promise.all(all.map((member) => member.kill()));
    await until(() => servers().length === 0 && supervisors().length === 0, 5000);
  });

  it('does not keep a command from ending that never leaves', async () => {
    const member = new Member('ends');
    await member.line();
    await until(() => member.process.exitCode === 0, 5000);
    await until(() => servers().length === 0, 5000);
  });

  it('is not reached by Ctrl-C: a command that is interrupted still has its database', async () => {
    const member = new Member();
    await member.line();
    // what a terminal does: the signal goes to the whole foreground process group, which the command leads here
    process.kill(-member.process.pid!, 'SIGINT');
    expect(await member.line()).toBe('answered 200');
    const groupOf = (pid: number): string =>
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[2]!;
    const second = new Member();
    await second.line();
    const groups = [...servers(), ...supervisors()].map(groupOf);
    expect(groups).toHaveLength(2);
    expect(groups).not.toContain(groupOf(second.process.pid!));
    await second.leave();
  });

  it('loses no acknowledged write when the last command is killed in the middle of writing', async () => {
    const keeper = new Member();
    const endpoint = await keeper.line();
    await createTable(endpoint);
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let at = 0; ; at++) {
        await put(endpoint, `row ${at}`);
        acknowledged.push(`row ${at}`);
      }
    })().catch(() => undefined);
    await until(() => acknowledged.length > 50);
    await keeper.kill();
    await writing;
    const again = await joinEmbeddedServer({ folder: join(folder, '.waybill') });
    const missing: string[] = [];
    for (const id of acknowledged) if (!(await has(again.endpoint, id))) missing.push(id);
    expect(missing).toEqual([]);
    await again.leave();
  });

  it('goes on after its supervisor was killed: a newcomer does not stop the server under those who were there', async () => {
    const member = new Member();
    const endpoint = await member.line();
    const [before] = servers();
    process.kill(supervisors()[0]!, 'SIGKILL');
    const newcomer = new Member();
    expect(await newcomer.line()).toBe(endpoint);
    expect(servers()).toEqual([before]);
    await delay(300);
    await newcomer.leave();
    expect(await ask(endpoint, 'ListTables', {})).toEqual({ TableNames: [] });
    await member.leave();
    expect(servers()).toEqual([]);
  });

  it('takes over, and then stops, a server that everybody who knew it died away from', async () => {
    const member = new Member();
    const endpoint = await member.line();
    const [before] = servers();
    // at one instant, or the member would be back with a new supervisor
    process.kill(member.process.pid!, 'SIGSTOP');
    process.kill(supervisors()[0]!, 'SIGKILL');
    await member.kill();
    await delay(100);
    expect(servers()).toEqual([before]);
    const next = new Member();
    expect(await next.line()).toBe(endpoint);
    expect(servers()).toEqual([before]);
    await next.leave();
    expect(servers()).toEqual([]);
  });

  it('brings a server that died back on the same address, with its data', async () => {
    const member = new Member();
    const endpoint = await member.line();
    await createTable(endpoint);
    await put(endpoint, 'a');
    process.kill(servers()[0]!, 'SIGKILL');
    await until(() => has(endpoint, 'a').catch(() => false), 5000);
    await member.leave();
    expect(servers()).toEqual([]);
  });

  it('believes no address file: neither its pid nor a port where another program answers', async () => {
    const requests: string[] = [];
    const other = createServer((request, response) => {
      requests.push(request.method!);
      response.end('{"TableNames":[]}');
    });
    other.listen(0, '127.0.0.1').unref();
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    mkdirSync(home(), { recursive: true });
    const stale = { endpoint: `http://127.0.0.1:${port}`, port, pid: process.pid, supervisor: process.pid };
    writeFileSync(join(home(), 'address.json'), JSON.stringify(stale));
    const server = await joinEmbeddedServer({ folder: join(folder, '.waybill') });
    expect(server.endpoint).not.toBe(stale.endpoint);
    expect(await ask(server.endpoint, 'ListTables', {})).toEqual({ TableNames: [] });
    expect(requests).toEqual([]);
    await server.leave();
  });

  it('keeps the servers of two folders apart', async () => {
    const one = await joinEmbeddedServer({ folder: join(folder, '.waybill') });
    const two = await joinEmbeddedServer({ folder: join(folder, 'second') });
    await createTable(one.endpoint);
    expect(await ask(two.endpoint, 'ListTables', {})).toEqual({ TableNames: [] });
    await two.leave();
    expect(await ask(one.endpoint, 'ListTables', {})).toEqual({ TableNames: ['kept'] });
    await one.leave();
  });

  it('refuses, with the log to look into, where the server cannot start', async () => {
    mkdirSync(database(), { recursive: true });
    await expect(joinEmbeddedServer({ folder: join(folder, '.waybill') })).rejects.toMatchObject({
      code: 'EMBEDDED_FAILED',
      exit: 3,
      message: 'The embedded DynamoDB could not be used: the server did not start.',
      next: expect.stringContaining(join(home(), 'server.log')),
    });
  });

  it('hands no credentials and no options of Node on to the processes that stay', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { AWS_SECRET_ACCESS_KEY: 'hush', NODE_OPTIONS: '--no-warnings' });
    const server = await joinEmbeddedServer({ folder: join(folder, '.waybill') }).finally(() => {
      process.env = before;
    });
    for (const pid of [...servers(), ...supervisors()]) {
      // names only: a failure must not print the values of whoever runs the tests
      const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((entry) => entry.split('=')[0]!);
      expect(names.filter((name) => /^AWS_|^NODE_/.test(name))).toEqual([]);
    }
    await server.leave();
  });
});

describe('embeddedBinary', () => {
  it('finds the binary of the optional package', () => {
    expect(embeddedBinary()).toMatch(/dynoxide$/);
  });

  it('says what to do where the package is not installed', () => {
    expect(() => embeddedBinary('@dynoxide/none')).toThrow(
      expect.objectContaining({
        code: 'EMBEDDED_UNAVAILABLE',
        exit: 3,
        next: expect.stringContaining('AWS_ENDPOINT_URL_DYNAMODB'),
      }),
    );
  });
});

describe('listensOn', () => {
  it('knows the listener of a port from a process that merely exists', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    expect(listensOn({ pid: process.pid, port })).toBe(true);
    expect(listensOn({ pid: process.ppid, port })).toBe(false);
    listener.close();
    await once(listener, 'close');
    expect(listensOn({ pid: process.pid, port })).toBe(false);
  });
});

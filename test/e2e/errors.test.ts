import { createServer, type AddressInfo } from 'node:net';
import type { ErrorDocument } from '../support/e2e/documents.js';
import { documentOf, Runner, type Ended } from '../support/e2e/runner.js';
import { freshFolder, Stage } from '../support/e2e/stage.js';

interface Refusal {
  readonly words: string;
  readonly exit: number;
  readonly code: string;
  /** what the message and the next action must name */
  readonly says: readonly string[];
}

const PLAN_STEPS = ['links', 'milestones', 'actuals', 'readings'];

const USAGE: readonly Refusal[] = [
  { words: '--env nope', exit: 2, code: 'ENV_UNKNOWN', says: ["'nope'", 'local, dev, staging, production'] },
  { words: 'run', exit: 2, code: 'ENV_MISSING', says: ['--env', 'local, dev, staging, production'] },
  { words: '--env dev --step nope', exit: 2, code: 'STEP_UNKNOWN', says: ["'nope'", PLAN_STEPS.join(', ')] },
  { words: '--env dev --plan nope', exit: 2, code: 'PLAN_UNKNOWN', says: ["'nope'", 'Valid plans: kpi'] },
  {
    words: 'run --env dev --dryrun',
    exit: 2,
    code: 'OPTION_UNKNOWN',
    says: ["'--dryrun'", '--dry-run', '--step'],
  },
  {
    words: 'validat --env dev',
    exit: 2,
    code: 'COMMAND_UNKNOWN',
    says: ["'validat'", 'validate', 'quarantine'],
  },
  { words: 'quarantine --env dev', exit: 2, code: 'COMMAND_MISSING', says: ['list', 'show', 'export'] },
  {
    words: 'seed --env staging',
    exit: 3,
    code: 'SEED_FORBIDDEN',
    says: ['staging', 'node runner seed --env local'],
  },
  { words: 'run --env production', exit: 3, code: 'PRODUCTION_UNCONFIRMED', says: ['--confirm-production'] },
];

function closedPort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}

/** What holds for every refusal: one document, the same on stderr, an exit code that says so, no stack trace. */
function expectRefusal(ended: Ended, { exit, code, says }: Omit<Refusal, 'words'>): ErrorDocument {
  const { error } = documentOf(ended) as { readonly error: ErrorDocument };
  expect([ended.exit, error.code]).toEqual([exit, code]);
  expect(Object.keys(error).sort()).toEqual(['code', 'message', 'next']);
  const told = `${error.message} ${error.next}`;
  for (const text of says) expect(told).toContain(text);
  expect(error.next).not.toBe('');
  expect(ended.stderr).toContain(`error ${code}: `);
  expect(ended.stderr).toContain(error.next);
  expect(ended.stderr + ended.stdout).not.toMatch(/^\s+at .*[:(]/m);
  return error;
}

describe('refusals, as a user meets them', () => {
  const folder = freshFolder();
  const ended = new Map<string, Ended>();
  let stage: Stage;
  let down: string;

  beforeAll(async () => {
    stage = await Stage.open();
    down = `http://127.0.0.1:${await closedPort()}`;
    // no endpoint where nothing may be asked of a store: a refusal that came too late would not be one
    const runner = new Runner(folder.path, { AWS_ENDPOINT_URL_DYNAMODB: down });
    for (const { words } of USAGE) ended.set(words, await runner.run(`${words} --json`));
  });
  afterAll(async () => {
    await stage.close();
    folder.remove();
  });

  it.each(USAGE)('$words: exit $exit, $code', ({ words, ...expected }) => {
    expectRefusal(ended.get(words)!, expected);
  });

  it('E-X13: prints the document of a run, with what was wrong, for a run that was refused before it began', () => {
    const document = documentOf(ended.get('run --env production')!);
    expect(document).toMatchObject({
      plan: 'kpi',
      env: 'production',
      status: 'refused',
      dryRun: false,
      steps: [],
      error: {
        code: 'PRODUCTION_UNCONFIRMED',
        message: expect.stringMatching(/\S/) as string,
        next: expect.stringMatching(/\S/) as string,
      },
    });
  });

  it('without --json: nothing on stdout, two lines on stderr', async () => {
    const { exit, stdout, stderr } = await new Runner(folder.path).run('--env nope');
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^error ENV_UNKNOWN: /),
      expect.stringMatching(/^ {2}Valid environments: local, dev, staging, production\.$/),
    ]);
  });

  it('a server that is down: exit 3, with its address and what to look at', async () => {
    const runner = new Runner(folder.path, { AWS_ENDPOINT_URL_DYNAMODB: down });
    for (const words of ['run --env dev', 'status --env dev']) {
      const says = [down.slice('http://'.length), 'AWS_ENDPOINT_URL_DYNAMODB'];
      expectRefusal(await runner.run(`${words} --json`), { exit: 3, code: 'STORE_UNREACHABLE', says });
    }
  });

  it('K-10: missing tables: exit 3, each named, first the legacy ones, then how to make the target tables', async () => {
    const names = (tables: readonly string[]): string[] => tables.map((table) => `${table}${stage.suffix}`);
    const targets = names(['purposepath-kpi-links', 'purposepath-kpi-data', 'waybill-journal']);
    const sources = names(['purposepath-goal-kpi-links', 'purposepath-kpi-milestones', 'purposepath-kpis']);
    const unread = await stage.runner.run('quarantine list --env dev --json');
    expectRefusal(unread, { exit: 3, code: 'TABLE_MISSING', says: ['waybill-journal'] });
    const empty = await stage.runner.run('run --env dev --json');
    expectRefusal(empty, { exit: 3, code: 'PREFLIGHT_FAILED', says: [...sources, ...targets] });
    await stage.createSources();
    const half = await stage.runner.run('run --env dev --json');
    const says = [...targets, 'node runner tables create --env dev'];
    const { message } = expectRefusal(half, { exit: 3, code: 'PREFLIGHT_FAILED', says });
    for (const source of sources) expect(message).not.toContain(`${source}:`);
    expectRefusal(await stage.runner.run('preflight --env dev --json'), {
      exit: 3,
      code: 'PREFLIGHT_FAILED',
      says: [],
    });
  });

  it('K-10: a table with another key is named with what was expected and found', async () => {
    await stage.raw.call('CreateTable', {
      TableName: `purposepath-kpi-data${stage.suffix}`,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'dataId', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'dataId', KeyType: 'HASH' }],
    });
    const says = [`key of purposepath-kpi-data${stage.suffix}: expected id, found dataId`, 'kpiLinkId-index'];
    expectRefusal(await stage.runner.run('run --env dev --json'), {
      exit: 3,
      code: 'PREFLIGHT_FAILED',
      says,
    });
  });
});

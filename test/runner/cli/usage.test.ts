import { UsageError } from '../../../src/runner/ports/errors.js';
import { runResult, type, typeWords } from './command-line-harness.js';
import type { Ended } from './command-line-harness.js';

function refusal(ended: Ended): { code: string; message: string; next: string } {
  const document = JSON.parse(ended.stdout);
  return document.error;
}

describe('a command line that is typed wrong', () => {
  it('takes two words that were quoted together for no command', async () => {
    const { code, message, next } = refusal(await typeWords(['quarantine list', '--env', 'local', '--json']));

    expect([code, message]).toEqual(['COMMAND_UNKNOWN', "There is no command 'quarantine list'."]);
    expect(next).toContain('Valid commands: run, plans, status');
  });

  it.each([
    ['status', 'ENV_MISSING', 'Valid environments: local, dev, staging, production.'],
    ['', 'ENV_MISSING', 'local, dev, staging, production'],
    ['status --env prod', 'ENV_UNKNOWN', 'local, dev, staging, production'],
    ['run --env local --plan kpis', 'PLAN_UNKNOWN', 'Valid plans: kpi, company.'],
    ['--env local --step link', 'STEP_UNKNOWN', 'Valid steps: links, milestones, actuals, readings.'],
    ['--env local --plan company --step links', 'STEP_UNKNOWN', 'Valid steps: companies.'],
    ['--env local --step links,', 'OPTION_VALUE_MISSING', '--step'],
    ['run --env', 'OPTION_VALUE_MISSING', 'local, dev, staging, production'],
    ['run --env --dry-run', 'OPTION_VALUE_MISSING', '--env'],
    ['run --env local --env staging', 'OPTION_REPEATED', '--env'],
    ['run --env local --fast', 'OPTION_UNKNOWN', '--dry-run'],
    ['run --env local --allow-orphans', 'OPTION_UNKNOWN', '--allow-unlinked'],
    ['stauts --env local', 'COMMAND_UNKNOWN', 'run, plans, status'],
    ['--env local status', 'COMMAND_NOT_FIRST', 'node runner status'],
    ['run --env local --step links milestones', 'COMMAND_UNKNOWN', '--step one,two'],
    ['quarantine', 'COMMAND_MISSING', 'list, show, retry, accept, export'],
    ['quarantine lst --env local', 'COMMAND_UNKNOWN', 'list, show, retry, accept, export'],
    ['quarantine show --env local', 'ARGUMENT_MISSING', '--help'],
    ['quarantine export --env local', 'OPTION_MISSING', '--out'],
    ['status --env local now', 'ARGUMENT_UNKNOWN', '--help'],
    ['run --env local --segments 0', 'OPTION_INVALID', 'from 1 to 4096'],
    ['run --env local --concurrency 1e3', 'OPTION_INVALID', 'from 1 to 1024'],
    ['seed --env local --scale -5', 'OPTION_INVALID', 'whole numbers'],
    ['validate --env local --sample ten', 'OPTION_INVALID', 'whole numbers'],
    ['validate --env local --seed x', 'OPTION_INCOMPLETE', '--sample'],
    ['report --env local --format pdf', 'OPTION_INVALID', 'json, markdown, html'],
    ['report --env local --format html', 'OPTION_CONFLICT', '--out'],
    ['plans --log-level loud', 'OPTION_INVALID', 'error, warn, info, debug'],
    ['run --env local --resume --restart', 'OPTION_CONFLICT', 'Give one of them'],
    ['run --env local --dry-run --resume', 'OPTION_CONFLICT', 'Leave --resume out'],
    ['run --env local --dry-run --restart', 'OPTION_CONFLICT', 'Leave --restart out'],
    ['run --env local --lease-seconds 0', 'OPTION_INVALID', 'from 1 to 3600'],
    ['run --env local --lease-seconds 3601', 'OPTION_INVALID', 'from 1 to 3600'],
    ['run --env local --lease-seconds 1.5', 'OPTION_INVALID', 'whole numbers'],
    ['run --env local --max-failures -1', 'OPTION_INVALID', 'from 0 to'],
    ['run --env local --max-quarantined none', 'OPTION_INVALID', 'from 0 to'],
    ['run --env local --max-quarantined 1 --max-quarantined 2', 'OPTION_REPEATED', '--max-quarantined'],
    ['run --env local --without-backup', 'OPTION_VALUE_MISSING', 'the reason is written down'],
    ['run --env local --without-backup --by ann', 'OPTION_VALUE_MISSING', '--without-backup'],
    ['run --env local --without-staging --json', 'OPTION_VALUE_MISSING', '--without-staging'],
    ['run --env local --by ann', 'OPTION_INCOMPLETE', '--without-backup WHY'],
    ['stop', 'ENV_MISSING', 'Valid environments'],
    ['stop --env local --step links', 'OPTION_UNKNOWN', '--plan'],
    ['rollback --env local --step link', 'STEP_UNKNOWN', 'Valid steps: links'],
    ['rollback --env local --run', 'OPTION_VALUE_MISSING', 'only rows that this run wrote last'],
    ['rollback --env local --lease-seconds x', 'OPTION_INVALID', 'from 1 to 3600'],
    ['rollback --env local --segments 4097', 'OPTION_INVALID', 'from 1 to 4096'],
    ['rollback --env local --concurrency 0', 'OPTION_INVALID', 'from 1 to 1024'],
    ['rollback --env local --resume', 'OPTION_UNKNOWN', '--dry-run'],
    ['rollback --env local --allow-unlinked', 'OPTION_UNKNOWN', '--dry-run'],
    ['backup', 'ENV_MISSING', 'Valid environments'],
    ['backup lst --env local', 'COMMAND_UNKNOWN', 'create, verify, list, drill'],
    ['backup --env local drill', 'COMMAND_NOT_FIRST', 'node runner backup drill'],
    ['backup create --env local drill', 'COMMAND_NOT_FIRST', 'node runner backup drill'],
    ['backup --env local --fast', 'OPTION_UNKNOWN', '--native'],
    ['backup --env local --to', 'OPTION_VALUE_MISSING', 's3://bucket/prefix'],
    ['backup --env local --to https://bucket/prefix', 'OPTION_INVALID', 's3://bucket/prefix'],
    ['backup --env local --to s3://', 'OPTION_INVALID', 's3://bucket/prefix'],
    ['backup --env local --to s3://Bucket/prefix', 'OPTION_INVALID', 's3://bucket/prefix'],
    ['backup --env local --native --to folder', 'OPTION_CONFLICT', '--to s3://bucket/prefix'],
    ['backup verify --env local --from s3:///prefix', 'OPTION_INVALID', 's3://bucket/prefix'],
    ['backup verify --env local --to folder', 'OPTION_UNKNOWN', '--from'],
    ['backup drill --env local --from a --from b', 'OPTION_REPEATED', '--from'],
    ['backup list --env local --from folder', 'OPTION_UNKNOWN', '--plan'],
    ['restore --env local', 'OPTION_MISSING', '--from'],
    ['restore --env local --from gs://bucket', 'OPTION_INVALID', 's3://bucket/prefix'],
    ['restore --env local --from folder --table a,,b', 'OPTION_VALUE_MISSING', '--table'],
    ['restore --env local --from folder --suffix', 'OPTION_VALUE_MISSING', '--suffix'],
    ['restore --env local --from folder --suffix a/b', 'OPTION_INVALID', '1 to 64'],
    ['restore --env local --from folder --suffix --plan kpi', 'OPTION_VALUE_MISSING', '--suffix'],
    ['quarantine retry --env local --reason ,', 'OPTION_VALUE_MISSING', '--reason'],
    ['quarantine retry --env local --id', 'OPTION_VALUE_MISSING', '<table>#<id>'],
    ['quarantine retry --env local --id --json', 'OPTION_VALUE_MISSING', '<table>#<id>'],
    ['quarantine retry --env local --lease-seconds 9999', 'OPTION_INVALID', 'from 1 to 3600'],
    ['quarantine retry --env local --allow-orphans', 'OPTION_UNKNOWN', '--allow-unlinked'],
    ['quarantine retry --env local --dry-run', 'OPTION_UNKNOWN', '--reason'],
    ['quarantine accept --env local --by ann', 'OPTION_MISSING', 'CONFLICT'],
    ['quarantine accept --env local --reason KPI_MISSING', 'OPTION_MISSING', 'a decision needs a name'],
    ['quarantine accept --env local --reason A,B --by ann', 'OPTION_INVALID', 'one only'],
    ['quarantine accept --env local --reason A --reason B --by ann', 'OPTION_REPEATED', '--reason'],
    ['quarantine accept --env local --reason A --by', 'OPTION_VALUE_MISSING', '--by'],
    ['quarantine accept --env local --reason A --by ann --step links,actuals', 'OPTION_INVALID', 'one only'],
    ['quarantine accept --env local --reason A --by ann --step nothing', 'STEP_UNKNOWN', 'links, milestones'],
    ['quarantine accept --env local --reason A --by ann --why', 'OPTION_VALUE_MISSING', '--why'],
    ['evidence', 'COMMAND_MISSING', 'export, import'],
    ['evidence export --env staging', 'OPTION_MISSING', 'a decision needs a name'],
    ['evidence export --env staging --by ann --from x', 'OPTION_UNKNOWN', '--out'],
    ['evidence import --env production --by ann', 'OPTION_MISSING', '--from'],
    ['evidence import --env production --from x', 'OPTION_MISSING', 'a decision needs a name'],
    ['iam --env nowhere', 'ENV_UNKNOWN', 'Valid environments'],
    ['iam --env local --step links', 'OPTION_UNKNOWN', '--plan'],
  ])('A-43: "%s" is refused as %s, says what is valid and exits 2', async (words, code, valid) => {
    const ended = await typeWords([...words.split(' ').filter((word) => word !== ''), '--json']);

    expect(ended.exit).toBe(2);
    expect(refusal(ended).code).toBe(code);
    expect(`${refusal(ended).message} ${refusal(ended).next}`).toContain(valid);
    expect(ended.opened).toEqual([]);
  });

  it.each([
    [['run', '--env', 'local', '--without-backup', '  '], 'OPTION_VALUE_MISSING'],
    [['run', '--env', 'local', '--without-staging', ''], 'OPTION_VALUE_MISSING'],
    [['run', '--env', 'local', '--without-backup', 'x', '--by', '\t'], 'OPTION_VALUE_MISSING'],
    [['run', '--env', 'local', '--without-backup', 'x'.repeat(501)], 'OPTION_INVALID'],
    [['quarantine', 'accept', '--env', 'local', '--reason', 'A', '--by', ' '], 'OPTION_VALUE_MISSING'],
    [
      ['quarantine', 'accept', '--env', 'local', '--reason', 'A', '--by', 'b', '--why', ' '],
      'OPTION_VALUE_MISSING',
    ],
    [['evidence', 'export', '--env', 'staging', '--by', ' '], 'OPTION_VALUE_MISSING'],
    [['backup', '--env', 'local', '--by', ''], 'OPTION_VALUE_MISSING'],
    [['backup', '--env', 'local', '--to', ''], 'OPTION_VALUE_MISSING'],
    [['restore', '--env', 'local', '--from', 'f', '--suffix', 'ä'], 'OPTION_INVALID'],
    [['restore', '--env', 'local', '--from', 'f', '--suffix', 'x'.repeat(65)], 'OPTION_INVALID'],
    [['quarantine', 'retry', '--env', 'local', '--id', ''], 'OPTION_VALUE_MISSING'],
  ])('A-43: %j is refused as %s: blank or overlong words decide nothing', async (words, code) => {
    const ended = await typeWords([...words, '--json']);

    expect([ended.exit, refusal(ended).code, ended.opened]).toEqual([2, code, []]);
  });

  it('tells a person on stderr in two lines without a stack, and nothing on stdout', async () => {
    const ended = await type('status --env prod');

    expect(ended.stdout).toBe('');
    expect(ended.stderr).toBe(
      "error ENV_UNKNOWN: There is no environment 'prod'.\n" +
        '  Valid environments: local, dev, staging, production.\n',
    );
  });

  it('shows the stack on stderr where --log-level debug asks for it', async () => {
    const plain = await type('status --env prod --log-level info');
    const debug = await type('status --env prod --log-level debug');
    const joined = await type('status --env prod --log-level=debug');

    expect(plain.stderr).not.toContain('at ');
    expect(debug.stderr).toMatch(/\n {4}at .*scope/);
    expect(joined.stderr).toMatch(/\n {4}at .*scope/);
  });

  it('proposes the option that was probably meant', async () => {
    const ended = await type('run --env local --stp links');

    expect(ended.stderr).toContain('Did you mean --step?');
  });

  it('prints each fault of a list on a line of its own, which looks like no message of ours', async () => {
    const message = 'dev.json is not valid:\n  /region: found 1\nerror FORGED: all is well';
    const openApplication = (): Promise<never> =>
      Promise.reject(new UsageError('ENVIRONMENT_INVALID', message, 'Correct the file.'));

    const { exit, stderr } = await type('status --env dev', { composition: { openApplication } });

    expect(exit).toBe(2);
    expect(stderr).toBe(
      [
        'error ENVIRONMENT_INVALID: dev.json is not valid:',
        '  /region: found 1',
        '  error FORGED: all is well',
        '  Correct the file.',
        '',
      ].join('\n'),
    );
  });

  it('prints control characters of what was typed as text', async () => {
    const ended = await typeWords(['status', '--env', 'x\u001b[31m']);

    expect(ended.stderr).toContain("'x\\u{1b}[31m'");
  });

  it('refuses with the code and advice of the configuration when that is broken, and still gives help', async () => {
    const broken = {
      composition: {
        loadCatalog: () =>
          Promise.reject(new UsageError('CONFIG_INVALID', 'environments/dev.json: suffix', 'Mend it.')),
      },
    };

    const refused = await type('status --env local --json', broken);
    const helped = await type('status --help', broken);

    expect(refused.exit).toBe(2);
    expect(refusal(refused)).toEqual({
      code: 'CONFIG_INVALID',
      message: 'environments/dev.json: suffix',
      next: 'Mend it.',
    });
    expect(helped.exit).toBe(0);
    expect(helped.stdout).toContain('Usage: node runner status');
  });

  it('gives a refused run the shape of a run with nothing in it', async () => {
    const ended = await type('--env nowhere --plan kpi --dry-run --json');

    expect(JSON.parse(ended.stdout)).toEqual({
      run: null,
      kind: 'migration',
      resumed: false,
      plan: 'kpi',
      env: 'nowhere',
      status: 'refused',
      dryRun: true,
      steps: [],
      exit: 2,
      notices: [],
      acceptances: [],
      error: {
        code: 'ENV_UNKNOWN',
        message: "There is no environment 'nowhere'.",
        next: 'Valid environments: local, dev, staging, production.',
      },
    });
  });
});

describe('words that are accepted', () => {
  it('A-01: run and the plan kpi are what is meant where nothing else is said', async () => {
    let asked: unknown;
    const application = {
      run: (request: unknown) => {
        asked = request;
        return Promise.resolve(runResult({}));
      },
    };

    const ended = await type('--env local', { application });

    expect(ended.exit).toBe(0);
    expect(ended.opened.map(({ env, logLevel, terminal }) => ({ env, logLevel, terminal }))).toEqual([
      { env: 'local', logLevel: 'info', terminal: false },
    ]);
    expect(asked).toEqual({
      plan: 'kpi',
      dryRun: false,
      accept: [],
      confirmProduction: false,
      resume: 'auto',
      overrides: [],
      signal: expect.any(AbortSignal),
    });
  });

  it('passes on every flag of run; steps may be repeated, separated by commas and come twice', async () => {
    let asked: unknown;
    const application = {
      run: (request: unknown) => {
        asked = request;
        return Promise.resolve(runResult({ env: 'production' }));
      },
    };

    const ended = await type(
      'run -e production -p kpi --step milestones,links -s links --dry-run --allow-unlinked --confirm-production ' +
        '--segments 8 --concurrency 64 --lease-seconds 3600 --max-failures 0 --max-quarantined 500 --log-level warn',
      { application },
    );

    expect(ended.exit).toBe(0);
    expect(ended.opened[0]?.logLevel).toBe('warn');
    expect(asked).toEqual({
      plan: 'kpi',
      steps: ['milestones', 'links'],
      dryRun: true,
      accept: ['allow-unlinked'],
      confirmProduction: true,
      resume: 'auto',
      overrides: [],
      segments: 8,
      concurrency: 64,
      leaseSeconds: 3600,
      maxFailures: 0,
      maxQuarantined: 500,
      signal: expect.any(AbortSignal),
    });
  });
});

describe('an alias of an environment', () => {
  it('A-03: is understood, and the command works where it is meant to', async () => {
    const status = (): Promise<never> => Promise.reject(new Error('far enough'));

    const { opened } = await type('status --env test', { application: { status } });

    expect(opened.map(({ env }) => env)).toEqual(['dev']);
  });
});

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IamResult } from '../../../src/runner/application.js';
import type { StagingEvidence } from '../../../src/runner/ports/attestation.js';
import { RefusedError } from '../../../src/runner/ports/errors.js';
import { answering, type } from './command-line-harness.js';

const EVIDENCE: StagingEvidence = {
  gate: 'staging',
  at: '2026-11-21T05:36:00Z',
  plan: 'kpi',
  env: 'staging',
  planVersion: 'abc',
  steps: [
    {
      step: 'links',
      run: '20261121T053512Z-a1b2c3',
      validatedAt: '2026-11-21T05:36:00Z',
      checks: 11,
      records: 1500,
    },
  ],
};

const SUMMARY = [
  'Plan kpi passed in staging at 2026-11-21T05:36:00Z, plan version abc',
  '',
  'Step   Run                      Validated             Checks  Records',
  'links  20261121T053512Z-a1b2c3  2026-11-21T05:36:00Z      11    1,500',
  '',
];

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('evidence export', () => {
  it('prints the signed-off document, the same for people and programs', async () => {
    const { application, asked } = answering('evidence', EVIDENCE);

    const text = await type('evidence export --env staging --by ann', { application });
    const json = await type('evidence export --env staging --by ann --json', { application });

    expect(asked).toEqual([{ plan: 'kpi' }, { plan: 'kpi' }]);
    expect(text.stdout).toBe(json.stdout);
    expect(JSON.parse(json.stdout)).toEqual({
      format: 'waybill-evidence',
      version: 1,
      evidence: EVIDENCE,
      signedOffBy: 'ann',
      signedOffAt: '2026-11-22T08:00:00.000Z',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('writes the document to a new file and says so', async () => {
    const { application } = answering('evidence', EVIDENCE);
    const [one, two] = [join(folder, 'one.json'), join(folder, 'two.json')];
    const printed = await type('evidence export --env staging --by ann', { application });

    const text = await type(`evidence export --env staging --by ann --out ${one}`, { application });
    const json = await type(`evidence export --env staging --by ann --out ${two} --json`, { application });

    expect(text.stdout).toBe([...SUMMARY, `Signed off by ann, written to ${one}.`, ''].join('\n'));
    expect(JSON.parse(json.stdout)).toEqual({ file: two, plan: 'kpi', env: 'staging', planVersion: 'abc' });
    expect(await readFile(one, 'utf8')).toBe(printed.stdout);
    expect(await readFile(two, 'utf8')).toBe(printed.stdout);
    expect((await stat(one)).mode & 0o777).toBe(0o600);
  });

  it('never overwrites a file', async () => {
    const { application } = answering('evidence', EVIDENCE);
    const file = join(folder, 'mine.json');
    await writeFile(file, 'mine');

    const ended = await type(`evidence export --env staging --by ann --out ${file} --json`, { application });

    expect([ended.exit, JSON.parse(ended.stdout).error.code]).toEqual([2, 'OUTPUT_EXISTS']);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('exits 3 and writes no file where nothing is proved', async () => {
    const evidence = (): Promise<never> =>
      Promise.reject(new RefusedError('EVIDENCE_MISSING', 'links has not run there', 'Run it.'));
    const file = join(folder, 'out.json');

    const ended = await type(`evidence export --env staging --by ann --out ${file} --json`, {
      application: { evidence },
    });

    expect(ended.exit).toBe(3);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});

describe('evidence import', () => {
  it('passes on the file and the name, and says what is recorded now', async () => {
    const signed = { ...EVIDENCE, by: 'ann' };
    const { application, asked } = answering('importEvidence', signed);
    const file = join(folder, 'evidence.json');
    await writeFile(file, '{}');
    const words = `evidence import --env production --from ${file} --by ben`;

    const text = await type(words, { application });
    const json = await type(`${words} --json`, { application });

    expect(asked).toEqual([
      { plan: 'kpi', from: file, by: 'ben' },
      { plan: 'kpi', from: file, by: 'ben' },
    ]);
    expect(JSON.parse(json.stdout)).toEqual(signed);
    expect(text.stdout).toBe(
      [...SUMMARY, 'Recorded in production by ben; signed off by ann.', ''].join('\n'),
    );
  });

  it('refuses a file that is not there', async () => {
    const file = join(folder, 'evidence.json');

    const ended = await type(`evidence import --env production --from ${file} --by ben --json`);

    expect(ended.exit).toBe(2);
    expect(JSON.parse(ended.stdout).error).toEqual({
      code: 'INPUT_UNREADABLE',
      message: `The file ${file} can't be read (ENOENT).`,
      next: 'Name a file that is there and that you may read.',
    });
  });
});

describe('iam', () => {
  const statement = {
    Effect: 'Allow',
    Action: ['dynamodb:Scan'],
    Resource: ['arn:aws:dynamodb:*:*:table/a'],
  };
  const policy = { Version: '2012-10-17', Statement: [statement] };
  const result: IamResult = {
    plan: 'kpi',
    env: 'production',
    policies: [
      { name: 'waybill-kpi-run', attach: 'always', why: 'what a run needs', document: policy },
      { name: 'waybill-kpi-rollback', attach: 'rollback', why: 'removes rows', document: policy },
    ],
  };

  it('asks for the policy of a restore beside the live tables', async () => {
    const { application, asked } = answering('iam', result);

    await type('iam --env production --restore-suffix -r', { application });

    expect(asked).toEqual([{ plan: 'kpi', restoreSuffix: '-r' }]);
  });

  it('prints each policy under a heading that says when to attach it', async () => {
    const { application, asked } = answering('iam', result);

    const text = await type('iam --env production', { application });
    const json = await type('iam --env production --plan kpi --json', { application });

    expect(asked).toEqual([{ plan: 'kpi' }, { plan: 'kpi' }]);
    expect(JSON.parse(json.stdout)).toEqual(result);
    const [first = '', second = ''] = text.stdout.split('\n\n');
    expect(first.split('\n')[0]).toBe('# waybill-kpi-run: attach always (what a run needs)');
    expect(second.split('\n')[0]).toBe(
      '# waybill-kpi-rollback: attach only while rolling back (removes rows)',
    );
    for (const block of [first, second]) {
      expect(JSON.parse(block.slice(block.indexOf('\n')))).toEqual(policy);
    }
  });
});

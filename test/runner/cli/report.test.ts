import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application, RunReport } from '../../../src/runner/application.js';
import { StoreError } from '../../../src/runner/ports/errors.js';
import { CONFLICT, QUARANTINED, entriesOf, type } from './command-line-harness.js';

const report: RunReport = {
  record: {
    run: 'r-1',
    plan: 'kpi',
    env: 'local',
    planVersion: 'abc',
    dryRun: false,
    status: 'failed',
    startedAt: '2026-11-21T05:35:12Z',
    steps: ['links'],
    flags: [],
  },
  steps: [],
  acceptances: [],
  entries: (kind) => entriesOf([...QUARANTINED, CONFLICT])({ kind }),
};

const application: Partial<Application> = { report: () => Promise.resolve(report) };

describe('report', () => {
  it('is Markdown for people and JSON for programs', async () => {
    const text = await type('report --env local', { application });
    const json = await type('report --env local --json', { application });
    const asked = await type('report --env local --format json', { application });

    expect(text.stdout).toMatch(/^# Migration report: kpi, local\n/);
    expect(JSON.parse(json.stdout)).toMatchObject({ run: 'r-1', quarantine: [{}, {}], conflicts: [{}] });
    expect(asked.stdout).toBe(json.stdout);
  });

  it('goes to a file where one is named, and stdout says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-test-'));
    try {
      const file = join(folder, 'report.html');
      const ended = await type(`report --env local --run r-1 --format html --out ${file} --json`, {
        application,
      });

      expect(JSON.parse(ended.stdout)).toEqual({ file, format: 'html', run: 'r-1' });
      expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('prints one document, that of the error, when entries can not be read to the end', async () => {
    const broken: RunReport = {
      ...report,
      async *entries(kind) {
        if (kind === 'warning') throw new StoreError('STORE_FAILED', 'No.', 'Again.');
        yield* entriesOf(QUARANTINED)({ kind });
      },
    };

    const ended = await type('report --env local --json', {
      application: { report: () => Promise.resolve(broken) },
    });

    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout)).toEqual({
      error: { code: 'STORE_FAILED', message: 'No.', next: 'Again.' },
    });
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analysis } from '../../../src/runner/application.js';
import type { JournalEntry } from '../../../src/runner/ports/journal.js';
import { type } from './command-line-harness.js';

const ANALYSIS: Analysis = {
  ...{ plan: 'kpi', title: 'Links', env: 'local', at: '2026-11-21T08:00:00.000Z' },
  tables: [
    {
      ...{ table: 'old', physicalName: 'old-local', group: 'source', found: true, counted: 'scan' },
      ...{ items: 7, bytes: 282_189, averageBytes: 40_313, migrated: 0 },
    },
    { table: 'gone', physicalName: 'gone-local', group: 'archived', found: false },
  ],
  steps: [
    {
      ...{ step: 'mapping', records: 60, rules: { created: 60 } },
      decisions: Array.from({ length: 60 }, (_, n) => {
        return {
          source: `users#user-${n}`,
          outcome: 'rows',
          rule: 'created',
          key: 'c',
          detail: `user-${n} → c`,
        };
      }),
    },
  ],
  mapping: { plan: 'kpi', title: 'Links', env: 'local', steps: [], tables: [], accept: [], aliases: {} },
};

describe('analyze', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'analyze-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('E-14: asks for the plan that was named, within the rate that was named', async () => {
    const asked: unknown[] = [];
    const application = {
      analyze: (request: object) => {
        asked.push({ ...request, signal: undefined });
        return Promise.resolve(ANALYSIS);
      },
    };
    await type('analyze --env local --max-rcu 50', { application });
    expect(asked).toEqual([{ plan: 'kpi', maxRcu: 50, signal: undefined }]);
  });

  it('shows tables and the first decisions, and says how to see the others', async () => {
    const { exit, stdout } = await type('analyze --env local', {
      application: { analyze: () => Promise.resolve(ANALYSIS) },
    });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/old-local +legacy: read only +7 +282,189 +40,313 +0 +row by row/);
    expect(stdout).toMatch(/gone-local +archived only +there is no such table/);
    expect(stdout).toMatch(/user-49 +created/);
    expect(stdout).not.toContain('user-50');
    expect(stdout).toContain('… 10 more: add --json or --out FILE.');
  });

  it('gives all of it to programs, and to a file as Markdown', async () => {
    const application = { analyze: () => Promise.resolve(ANALYSIS) };
    const json = await type('analyze --env local --json', { application });
    expect(JSON.parse(json.stdout)).toEqual(ANALYSIS);
    const out = join(folder, 'analysis.md');
    const written = await type(`analyze --env local --out ${out}`, { application });
    expect(written.stdout).toBe(`Analysis written to ${out}.\n`);
    const text = readFileSync(out, 'utf8');
    expect(text).toContain('# Analysis: kpi, local');
    expect(text).toContain('user-59 | created | user-59 → c |');
  });
});

describe('decisions list', () => {
  const entry: JournalEntry = {
    kind: 'decision',
    step: 'mapping',
    source: 'users#ann',
    reason: 'company-users',
    key: 'acme',
    detail: 'user ann → company acme',
  };

  it('E-32: gives rule, record and what was decided, one line each', async () => {
    const asked: unknown[] = [];
    const application = {
      // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous
      entries: async function* (request: object): AsyncGenerator<JournalEntry> {
        asked.push(request);
        yield entry;
      },
    };
    const { stdout } = await type('decisions list --env local', { application });
    expect(stdout).toBe('mapping  company-users  users#ann: user ann → company acme\n\n1 decision.\n');
    const json = await type('decisions list --env local --json --reason company-users', { application });
    expect(JSON.parse(json.stdout)).toEqual([
      {
        step: 'mapping',
        source: 'users#ann',
        rule: 'company-users',
        key: 'acme',
        detail: 'user ann → company acme',
      },
    ]);
    expect(asked).toMatchObject([
      { plan: 'kpi', kind: 'decision' },
      { plan: 'kpi', kind: 'decision' },
    ]);
  });
});

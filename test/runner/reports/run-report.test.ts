import type { RunReport } from '../../../src/runner/application.js';
import type { EntryKind, JournalEntry } from '../../../src/runner/ports/journal.js';
import type { ReportFormat } from '../../../src/runner/reports/report-formats.js';
import { renderReport } from '../../../src/runner/reports/run-report.js';

const ENTRIES: readonly JournalEntry[] = [
  {
    kind: 'quarantine',
    step: 'links',
    source: 'purposepath-goal-kpi-links#<script>alert(1)</script>',
    reason: 'ID_INVALID',
    field: 'id',
    detail: 'no GUID | of 8 characters',
  },
  {
    kind: 'conflict',
    step: 'links',
    source: 'purposepath-goal-kpi-links#l-2',
    reason: 'CONFLICT',
    detail: 'changed by somebody',
    table: 'purposepath-kpi-links',
    key: 'l-2',
  },
  {
    kind: 'finding',
    step: 'links',
    source: 'purposepath-kpi-links#l-3',
    reason: 'missing',
    detail: 'no such row',
    table: 'purposepath-kpi-links',
    key: 'l-3',
  },
];

function reportOf(entries: (kind: EntryKind) => AsyncIterable<JournalEntry>, dryRun = false): RunReport {
  return {
    record: {
      run: '20261121T053512Z-a1b2c3',
      plan: 'kpi',
      env: 'staging',
      planVersion: 'abc123',
      dryRun,
      status: 'failed',
      startedAt: '2026-11-21T05:35:12Z',
      endedAt: '2026-11-21T05:36:12Z',
      steps: ['links'],
      flags: ['allow-unlinked'],
    },
    steps: [
      {
        run: '20261121T053512Z-a1b2c3',
        step: 'links',
        title: 'Goal links become KPI links',
        status: 'failed',
        counters: {
          read: 1003,
          created: 1001,
          updated: 0,
          unchanged: 0,
          skipped: 0,
          quarantined: 1,
          conflict: 1,
          rows: 1001,
        },
        checks: [{ name: 'missing rows', passed: false, expected: 0, found: 1 }],
        findings: 1,
        reasons: { ID_INVALID: 1 },
        durationMs: 60_000,
      },
    ],
    acceptances: [],
    entries,
  };
}

/** The same run: resumed, past a closed gate, with decisions and a later retry. */
function eventful(): RunReport {
  const report = reportOf(stored);
  const [links] = report.steps;
  return {
    ...report,
    record: {
      ...report.record,
      kind: 'migration',
      resumedAt: ['2026-11-21T05:35:30Z', '2026-11-21T05:35:45Z'],
      overrides: [{ gate: 'backup', by: 'ann', why: 'rehearsal <b>only</b>' }],
    },
    steps: [
      {
        ...links!,
        counters: { ...links!.counters, created: 998, quarantined: 4, rows: 998 },
        reasons: { ID_INVALID: 3, KPI_MISSING: 1 },
        amendments: [
          {
            run: '20261122T080000Z-ffffff',
            counters: {
              ...{ read: 0, created: 2, updated: 0, unchanged: 0, skipped: 0 },
              ...{ quarantined: -2, conflict: 0, rows: 2 },
            },
            reasons: { ID_INVALID: -2 },
            applied: true,
          },
        ],
      },
    ],
    acceptances: [
      { gate: 'acceptance', at: '2026-11-21T06:00:00Z', by: 'ann', reason: 'ID_INVALID', why: 'known | bad' },
      { gate: 'acceptance', at: '2026-11-21T06:01:00Z', by: 'ben', reason: 'CONFLICT', step: 'links' },
    ],
  };
}

/** A rollback of one run that kept a row. */
function rollback(dryRun = false): RunReport {
  const report = reportOf(keptRows, dryRun);
  const [links] = report.steps;
  const nothing = {
    ...{ read: 0, created: 0, updated: 0, unchanged: 0, skipped: 0 },
    ...{ quarantined: 0, conflict: 0, rows: 0 },
  };
  return {
    ...report,
    record: { ...report.record, kind: 'rollback', status: 'complete', ofRun: '20261120T010101Z-000001' },
    steps: [
      {
        ...links!,
        ...{ status: 'rolled-back', counters: nothing, checks: [], findings: 0, reasons: {} },
        ...{ removed: 1200, kept: 1 },
      },
    ],
  };
}

async function* keptRows(kind: EntryKind): AsyncGenerator<JournalEntry> {
  await Promise.resolve();
  if (kind !== 'kept') return;
  yield {
    kind: 'kept',
    step: 'links',
    source: 'purposepath-kpi-links#l-3',
    reason: 'CHANGED',
    detail: 'somebody changed it',
    table: 'purposepath-kpi-links',
    key: 'l-3',
  };
}

async function* stored(kind: EntryKind): AsyncGenerator<JournalEntry> {
  await Promise.resolve();
  for (const entry of ENTRIES) if (entry.kind === kind) yield entry;
}

async function render(report: RunReport, format: ReportFormat): Promise<string> {
  let text = '';
  for await (const piece of renderReport(report, format)) text += piece;
  return text;
}

describe('the JSON report', () => {
  it('has the run, its steps as in run --json, and every entry', async () => {
    expect(JSON.parse(await render(reportOf(stored), 'json'))).toEqual({
      run: '20261121T053512Z-a1b2c3',
      plan: 'kpi',
      env: 'staging',
      planVersion: 'abc123',
      dryRun: false,
      status: 'failed',
      startedAt: '2026-11-21T05:35:12Z',
      endedAt: '2026-11-21T05:36:12Z',
      flags: ['allow-unlinked'],
      kind: 'migration',
      overrides: [],
      acceptances: [],
      steps: [
        {
          step: 'links',
          title: 'Goal links become KPI links',
          status: 'failed',
          read: 1003,
          created: 1001,
          updated: 0,
          unchanged: 0,
          skipped: 0,
          quarantined: 1,
          conflicts: 1,
          rows: 1001,
          validation: { checks: 1, passed: 0, failed: 1 },
          checks: [{ name: 'missing rows', passed: false, expected: 0, found: 1 }],
          reasons: { ID_INVALID: 1 },
          findingsTotal: 1,
          durationMs: 60000,
        },
      ],
      quarantine: [
        {
          step: 'links',
          source: 'purposepath-goal-kpi-links#<script>alert(1)</script>',
          reason: 'ID_INVALID',
          field: 'id',
          detail: 'no GUID | of 8 characters',
        },
      ],
      conflicts: [
        {
          step: 'links',
          source: 'purposepath-goal-kpi-links#l-2',
          key: 'l-2',
          detail: 'changed by somebody',
          table: 'purposepath-kpi-links',
        },
      ],
      warnings: [],
      findings: [
        {
          kind: 'missing',
          step: 'links',
          key: 'l-3',
          detail: 'no such row',
          table: 'purposepath-kpi-links',
        },
      ],
    });
  });
});

describe('the Markdown report', () => {
  it('is the literal text', async () => {
    expect(await render(reportOf(stored), 'markdown')).toBe(
      `# Migration report: kpi, staging

- **Run:** 20261121T053512Z-a1b2c3
- **Plan:** kpi
- **Plan version:** abc123
- **Environment:** staging
- **Status:** failed
- **Kind:** migration
- **Dry run:** no
- **Started:** 2026-11-21T05:35:12Z
- **Ended:** 2026-11-21T05:36:12Z
- **Steps asked for:** links
- **Flags:** allow-unlinked

## Steps

| Step | Status | Read | Created | Updated | Unchanged | Skipped | Quarantined | Conflicts | Rows | Time | Checks |
|---|---|---|---|---|---|---|---|---|---|---|---|
| links | failed | 1,003 | 1,001 | 0 | 0 | 0 | 1 | 1 | 1,001 | 1 min 00 s | 1 of 1 failed |

## Set aside

| Step | Reason | Records |
|---|---|---|
| links | ID_INVALID | 1 |

## Accepted

None.

## Overridden gates

None.

## Checks

| Step | Check | Result | Expected | Found |
|---|---|---|---|---|
| links | missing rows | FAILED | 0 | 1 |

## Findings of the validation

| Step | Source | Reason | Field | Target row | Detail |
|---|---|---|---|---|---|
| links | purposepath-kpi-links\\#l-3 | missing |  | purposepath-kpi-links\\#l-3 | no such row |

## Conflicts

| Step | Source | Reason | Field | Target row | Detail |
|---|---|---|---|---|---|
| links | purposepath-goal-kpi-links\\#l-2 | CONFLICT |  | purposepath-kpi-links\\#l-2 | changed by somebody |

## Quarantine

| Step | Source | Reason | Field | Target row | Detail |
|---|---|---|---|---|---|
| links | purposepath-goal-kpi-links\\#\\<script\\>alert(1)\\</script\\> | ID_INVALID | id |  | no GUID \\| of 8 characters |

## Warnings

None.
`,
    );
  });
});

describe('the HTML report', () => {
  it('shows foreign text as text and needs nothing from elsewhere', async () => {
    const html = await render(reportOf(stored), 'html');

    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toMatch(/\b(src|href)=|@import|url\(|https?:/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('@media print');
  });

  it('closes every element that it opens', async () => {
    const html = await render(reportOf(stored), 'html');
    const open: string[] = [];
    for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (['meta'].includes(name)) continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
    // six tables, each with its head and one row; the warnings are none
    expect(html.match(/<tr>/g)).toHaveLength(12);
  });
});

describe('what happened to a run besides', () => {
  it('is in the JSON report: decisions with the records they cover, overrides, resumes, retries', async () => {
    const report = JSON.parse(await render(eventful(), 'json')) as Record<string, unknown>;
    expect(report).toMatchObject({
      kind: 'migration',
      resumedAt: ['2026-11-21T05:35:30Z', '2026-11-21T05:35:45Z'],
      overrides: [{ gate: 'backup', by: 'ann', why: 'rehearsal <b>only</b>' }],
      acceptances: [
        {
          ...{ gate: 'acceptance', at: '2026-11-21T06:00:00Z', by: 'ann', reason: 'ID_INVALID' },
          ...{ why: 'known | bad', records: 1 },
        },
        {
          ...{ gate: 'acceptance', at: '2026-11-21T06:01:00Z', by: 'ben', reason: 'CONFLICT' },
          ...{ step: 'links', records: 1 },
        },
      ],
      steps: [{ retries: [{ run: '20261122T080000Z-ffffff', settled: 2 }] }],
    });
  });

  it('invariant 1: a step shows the numbers as they stand after its retries, and they add up', async () => {
    const { steps } = JSON.parse(await render(eventful(), 'json')) as { steps: Record<string, number>[] };
    expect(steps[0]).toMatchObject({
      ...{ read: 1003, created: 1000, quarantined: 2, conflicts: 1, rows: 1000 },
      reasons: { ID_INVALID: 1, KPI_MISSING: 1 },
    });
  });

  it('is in the Markdown report', async () => {
    const text = await render(eventful(), 'markdown');
    expect(text).toContain(
      '- **Started:** 2026-11-21T05:35:12Z\n- **Resumed:** 2026-11-21T05:35:30Z, 2026-11-21T05:35:45Z\n',
    );
    expect(text).toContain(
      '| links | failed | 1,003 | 1,000 | 0 | 0 | 0 | 2 | 1 | 1,000 | 1 min 00 s | 1 of 1 failed |\n\n' +
        '- links: 2 records settled by retry 20261122T080000Z-ffffff\n\n## Set aside\n',
    );
    expect(text).toContain('| links | ID_INVALID | 1 |\n| links | KPI_MISSING | 1 |\n\n## Accepted\n');
    expect(text).toContain(
      `## Accepted

| Reason | Step | Records | By | When | Why |
|---|---|---|---|---|---|
| ID_INVALID | any | 1 | ann | 2026-11-21T06:00:00Z | known \\| bad |
| CONFLICT | links | 1 | ben | 2026-11-21T06:01:00Z |  |

## Overridden gates

| Gate | By | Why |
|---|---|---|
| backup | ann | rehearsal \\<b\\>only\\</b\\> |
`,
    );
  });

  it('is in the HTML report, as text', async () => {
    const html = await render(eventful(), 'html');
    expect(html).toContain('<p class="aside">links: 2 records settled by retry 20261122T080000Z-ffffff</p>');
    expect(html).toContain('<td>rehearsal &lt;b&gt;only&lt;/b&gt;</td>');
    expect(html).toContain('<td>ID_INVALID</td><td>any</td><td class="number">1</td><td>ann</td>');
    expect(html).toContain('<dt>Resumed</dt><dd>2026-11-21T05:35:30Z, 2026-11-21T05:35:45Z</dd>');
  });
});

describe('the report of a rollback', () => {
  it('tells what was removed and lists what was kept', async () => {
    const text = await render(rollback(), 'markdown');
    expect(text).toContain('- **Kind:** rollback\n- **Only rows of run:** 20261120T010101Z-000001\n');
    expect(text).toContain(
      `| Step | Status | Removed | Kept | Time |
|---|---|---|---|---|
| links | rolled-back | 1,200 | 1 | 1 min 00 s |
`,
    );
    expect(text).toContain('## Rows that were kept\n');
    expect(text).toContain(
      '| links | purposepath-kpi-links\\#l-3 | CHANGED |  | purposepath-kpi-links\\#l-3 | somebody changed it |',
    );
    expect(text).not.toContain('## Quarantine');
  });

  it('of a dry run claims no removal', async () => {
    const text = await render(rollback(true), 'markdown');
    expect(text).toContain('| Step | Status | To remove | Kept | Time |');
    expect(text).not.toContain('Removed');
  });

  it('has both in JSON and in HTML, too', async () => {
    expect(JSON.parse(await render(rollback(), 'json'))).toMatchObject({
      ...{ kind: 'rollback', ofRun: '20261120T010101Z-000001' },
      steps: [{ step: 'links', status: 'rolled-back', removed: 1200, kept: 1 }],
      kept: [{ step: 'links', table: 'purposepath-kpi-links', key: 'l-3', reason: 'CHANGED' }],
    });
    const html = await render(rollback(), 'html');
    expect(html).toContain('<td class="rolled-back">rolled-back</td><td class="number">1,200</td>');
    expect(html).toMatch(/\.rolled-back \{ color/);
  });
});

describe('every report', () => {
  it.each(['markdown', 'html'] as const)(
    'as %s says of a dry run that nothing was written',
    async (format) => {
      expect(await render(reportOf(stored, true), format)).toContain('nothing was written');
      expect(await render(reportOf(stored), format)).not.toContain('nothing was written');
    },
  );

  it.each(['json', 'markdown', 'html'] as const)(
    'invariant 12: as %s asks for an entry only when the one before was taken',
    async (format) => {
      let given = 0;
      const endless = async function* (): AsyncGenerator<JournalEntry> {
        await Promise.resolve();
        for (;;) {
          given += 1;
          yield ENTRIES[0]!;
        }
      };
      let pieces = 0;
      for await (const piece of renderReport(reportOf(endless), format)) {
        expect(piece).not.toBe('');
        pieces += 1;
        if (pieces === 500) break;
      }

      expect(given).toBeGreaterThan(300);
      expect(given).toBeLessThanOrEqual(501);
    },
  );
});

describe('the report of a run after which another was refused', () => {
  const report: RunReport = {
    ...reportOf(stored),
    refusedSince: {
      run: '20261121T060000Z-ffffff',
      startedAt: '2026-11-21T06:00:00Z',
      error: { code: 'LEASE_HELD', message: 'Somebody <is> at work.', next: 'Wait.' },
    },
  };
  const rendered = async (format: ReportFormat): Promise<string> => {
    const pieces: string[] = [];
    for await (const piece of renderReport(report, format)) pieces.push(piece);
    return pieces.join('');
  };

  it('tells of that in a line, in every format', async () => {
    const line = '20261121T060000Z-ffffff, LEASE_HELD: Somebody';
    expect(await rendered('markdown')).toContain(`- **Refused since:** ${line}`);
    expect(await rendered('html')).toContain(`<dt>Refused since</dt><dd>${line} &lt;is&gt; at work.</dd>`);
    expect(JSON.parse(await rendered('json'))).toMatchObject({ refusedSince: report.refusedSince });
  });
});

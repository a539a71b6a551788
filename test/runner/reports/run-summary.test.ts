import { runSummary } from '../../../src/runner/reports/run-summary.js';
import { NOTHING_COUNTED, runResult, stepResult } from '../cli/command-line-harness.js';

function closing(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

const NOT_RUN = stepResult({
  step: 'milestones',
  status: 'not-run',
  counters: NOTHING_COUNTED,
  checks: [],
  durationMs: 0,
});

describe('the summary of a run', () => {
  it('gives each step a line and closes with how the run ended', () => {
    const steps = [
      stepResult({}),
      stepResult({
        step: 'milestones',
        counters: { ...NOTHING_COUNTED, read: 1200, created: 1190, unchanged: 10, rows: 3570 },
        durationMs: 200_000,
      }),
    ];

    expect(runSummary(runResult({ steps }))).toBe(
      [
        'Run 20261121T053512Z-a1b2c3, plan kpi, environment local',
        '',
        'Step         Read  Created  Updated  Unchanged  Skipped  Quarantined  Conflicts   Rows        Time  Validation',
        'links          12       12        0          0        0            0          0     12       1.2 s  passed (2 checks)',
        'milestones  1,200    1,190        0         10        0            0          0  3,570  3 min 20 s  passed (2 checks)',
        '',
        'Report and log: .waybill/runs/20261121T053512Z-a1b2c3',
        '',
        'Complete; 4 checks passed.',
        '',
      ].join('\n'),
    );
  });

  it('K-31: says what was set aside and why, what was found, and what to type next', () => {
    const steps = [
      stepResult({
        status: 'failed',
        counters: { ...NOTHING_COUNTED, read: 12, created: 8, quarantined: 3, conflict: 1, rows: 8 },
        reasons: { PERSON_AMBIGUOUS: 1, KPI_MISSING: 2 },
        checks: [
          { name: 'conservation', passed: true, expected: 12, found: 12 },
          { name: 'missing rows', passed: false, expected: 0, found: 1 },
        ],
        findings: [
          {
            kind: 'different',
            step: 'links',
            table: 'purposepath-kpi-links',
            key: 'l-1',
            field: 'weight',
            detail: 'N instead of S',
          },
        ],
        findingsTotal: 1,
      }),
      NOT_RUN,
    ];

    expect(runSummary(runResult({ status: 'failed', exit: 1, plan: 'company', steps }))).toBe(
      [
        'Run 20261121T053512Z-a1b2c3, plan company, environment local',
        '',
        'Step        Read  Created  Updated  Unchanged  Skipped  Quarantined  Conflicts  Rows   Time  Validation',
        'links         12        8        0          0        0            3          1     8  1.2 s  FAILED (1 of 2 checks)',
        'milestones     -        -        -          -        -            -          -     -      -  not run',
        '',
        'Set aside:',
        '  Step   Records  Reason',
        '  links        2  KPI_MISSING',
        '  links        1  PERSON_AMBIGUOUS',
        '  links        1  conflict: the row that is there was kept',
        '',
        'Findings of the validation:',
        '  different  links  purposepath-kpi-links#l-1 weight: N instead of S',
        '',
        'Next:',
        '  node runner quarantine list --env local --plan company',
        '  node runner conflicts list --env local --plan company',
        '  node runner report --env local --plan company --run 20261121T053512Z-a1b2c3',
        '',
        'Report and log: .waybill/runs/20261121T053512Z-a1b2c3',
        '',
        'Failed (exit 1): 3 records quarantined, 1 conflict, 1 of 2 checks failed.',
        '',
      ].join('\n'),
    );
  });

  it('shows twenty findings and points to the report for the rest', () => {
    const finding = { kind: 'missing' as const, step: 'links', table: 't', detail: 'd' };
    const findings = Array.from({ length: 30 }, (_, index) => ({ ...finding, key: String(index) }));

    const text = runSummary(
      runResult({ status: 'failed', exit: 1, steps: [stepResult({ findings, findingsTotal: 1053 })] }),
    );

    expect(text.match(/^ {2}missing {2}links/gm)).toHaveLength(20);
    expect(text).toContain('  and 1,033 more; the report has all of them\n');
    expect(text).toContain('  node runner report --env local --run 20261121T053512Z-a1b2c3\n');
  });

  it.each([
    ['complete', 0],
    ['failed', 1],
    ['refused', 3],
    ['aborted', 4],
  ] as const)('of a dry run that is %s says that nothing was written', (status, exit) => {
    const text = runSummary(runResult({ status, exit, dryRun: true }));

    expect(text.split('\n')[1]).toBe('Dry run: nothing was written.');
    expect(closing(text)).toMatch(/ Dry run: nothing was written\.$/);
  });

  it('names the run where a dry run set records aside, because it is not the newest run of the step', () => {
    const steps = [stepResult({ counters: { ...NOTHING_COUNTED, read: 1, quarantined: 1 } })];

    const text = runSummary(runResult({ status: 'failed', exit: 1, dryRun: true, steps }));

    expect(text).toContain('  node runner quarantine list --env local --run 20261121T053512Z-a1b2c3\n');
  });

  it('invariant 10: closes with words that match the exit code and claim nothing unknown', () => {
    const accepted = stepResult({ counters: { ...NOTHING_COUNTED, read: 2, quarantined: 2 }, checks: [] });
    const error = { code: 'LEASE_HELD', message: 'Another runner is at work.', next: 'Wait.' };

    expect(closing(runSummary(runResult({ steps: [accepted] })))).toBe(
      'Complete; 2 records set aside and accepted.',
    );
    expect(closing(runSummary(runResult({ steps: [stepResult({ checks: [] })] })))).toBe('Complete.');
    expect(closing(runSummary(runResult({ status: 'refused', exit: 3, steps: [], error })))).toBe(
      'Refused (exit 3): LEASE_HELD.',
    );
    expect(closing(runSummary(runResult({ status: 'aborted', exit: 4, steps: [NOT_RUN] })))).toBe(
      'Aborted (exit 4); the same command does the rest.',
    );
    expect(closing(runSummary(runResult({ status: 'failed', exit: 1, error })))).toBe(
      'Failed (exit 1): LEASE_HELD.',
    );
    expect(closing(runSummary(runResult({ status: 'failed', exit: 1 })))).toBe(
      'Failed (exit 1): the report says why.',
    );
  });

  it('says who accepted which of its records, and leaves out decisions that concern none', () => {
    const steps = [
      stepResult({
        status: 'failed',
        counters: { ...NOTHING_COUNTED, read: 12, created: 7, quarantined: 3, conflict: 2, rows: 7 },
        reasons: { KPI_MISSING: 2, ID_INVALID: 1 },
      }),
    ];
    const acceptances = [
      {
        ...{ gate: 'acceptance' as const, at: '2026-11-21T06:00:00.000Z', by: 'ann' },
        ...{ reason: 'KPI_MISSING', why: 'owners\u001b[31m know' },
      },
      {
        gate: 'acceptance' as const,
        at: '2026-11-21T06:01:00.000Z',
        by: 'ben',
        reason: 'CONFLICT',
        step: 'links',
      },
      { gate: 'acceptance' as const, at: '2026-11-21T06:02:00.000Z', by: 'ben', reason: 'PERSON_AMBIGUOUS' },
    ];

    const text = runSummary(runResult({ status: 'failed', exit: 1, steps, acceptances }));

    expect(text).toContain(
      [
        'Accepted:',
        '  Step   Records  Reason       By   When                      Why',
        '  any          2  KPI_MISSING  ann  2026-11-21T06:00:00.000Z  owners\\u{1b}[31m know',
        '  links        2  CONFLICT     ben  2026-11-21T06:01:00.000Z',
        '',
        'Next:',
      ].join('\n'),
    );
    expect(closing(text)).toBe(
      'Failed (exit 1): 3 records quarantined (2 accepted), 2 conflicts (2 accepted).',
    );
  });

  it('says that a run was resumed, and of a retry that it is one', () => {
    expect(
      runSummary(runResult({ resumed: true }))
        .split('\n')
        .slice(0, 2),
    ).toEqual([
      'Run 20261121T053512Z-a1b2c3, plan kpi, environment local',
      'Resumed: an earlier process began this run; the numbers are of all of it.',
    ]);
    expect(runSummary(runResult({ kind: 'retry' })).split('\n')[0]).toBe(
      'Retry 20261121T053512Z-a1b2c3, plan kpi, environment local',
    );
  });

  it('does not call a step that was rolled back validated', () => {
    const text = runSummary(runResult({ steps: [stepResult({ status: 'rolled-back' })] }));
    expect(text).toContain('  rolled back\n');
  });

  it('does not call a step validated that failed for another reason', () => {
    const text = runSummary(
      runResult({ status: 'failed', exit: 1, steps: [stepResult({ status: 'failed' })] }),
    );

    expect(text).toContain('checks passed, step failed (2 checks)');
  });
});

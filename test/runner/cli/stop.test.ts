import type { StatusResult } from '../../../src/runner/application.js';
import type { RunRecord } from '../../../src/runner/ports/journal.js';
import { RefusedError } from '../../../src/runner/ports/errors.js';
import { LEASE, answering, type } from './command-line-harness.js';

describe('stop', () => {
  it('asks the runner that is at work and says who that is', async () => {
    const { application, asked } = answering('stop', { plan: 'kpi', env: 'staging', asked: LEASE });

    const text = await type('stop --env staging', { application });
    const json = await type('stop --env staging --plan kpi --json', { application });

    expect(asked).toEqual([{ plan: 'kpi' }, { plan: 'kpi' }]);
    expect([text.exit, json.exit]).toEqual([0, 0]);
    expect(JSON.parse(json.stdout)).toEqual({
      plan: 'kpi',
      env: 'staging',
      asked: {
        plan: 'kpi',
        token: 7,
        holder: { host: 'build-7', pid: 4711, user: 'ann' },
        command: 'run',
        acquiredAt: '2026-11-21T05:35:12Z',
        expiresAt: '2026-11-21T05:36:02Z',
        released: false,
        stopRequested: false,
      },
    });
    expect(text.stdout).toBe(
      [
        'Asked to stop: run by ann@build-7 (process 4711) since 2026-11-21T05:35:12Z.',
        'It finishes the batch in flight, notes down how far it got, lets go of the lease and ends with exit 4.',
        'Its lease lasts until 2026-11-21T05:36:02Z unless it is renewed; a process that is gone renews nothing.',
        '',
        'Next:',
        '  node runner status --env staging',
        '',
      ].join('\n'),
    );
  });

  it('invariant 7: says of a holder whose lease has expired that it shows no sign of life', async () => {
    const { application } = answering('stop', {
      plan: 'kpi',
      env: 'staging',
      asked: { ...LEASE, expired: true, stopRequested: true },
    });

    const text = await type('stop --env staging', { application });
    const json = await type('stop --env staging --json', { application });

    expect(text.exit).toBe(0);
    expect(text.stdout).toBe(
      [
        'Not heard of any more: run by ann@build-7 (process 4711) since 2026-11-21T05:35:12Z.',
        'Its lease, until 2026-11-21T05:36:02Z, was not renewed while it was watched: it shows no sign of life.',
        'Should it come back, it finds the request; the next command takes the lease over if it stays silent.',
        '',
        'Next:',
        '  node runner status --env staging',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(json.stdout)).toMatchObject({ asked: { expired: true } });
  });

  it('invariant 10: says that there was nothing to stop, which is no failure', async () => {
    const { application } = answering('stop', { plan: 'company', env: 'staging' });

    const text = await type('stop --env staging --plan company', { application });
    const json = await type('stop --env staging --plan company --json', { application });

    expect([text.exit, json.exit]).toEqual([0, 0]);
    expect(text.stdout).toBe(
      'Nothing to stop: nobody works on the plan company in the environment staging.\n',
    );
    expect(JSON.parse(json.stdout)).toEqual({ plan: 'company', env: 'staging', asked: null });
  });

  it('exits 3 where the journal can not be asked', async () => {
    const stop = (): Promise<never> => Promise.reject(new RefusedError('TABLE_MISSING', 'No.', 'Make it.'));

    const ended = await type('stop --env staging --json', { application: { stop } });

    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout)).toEqual({
      error: { code: 'TABLE_MISSING', message: 'No.', next: 'Make it.' },
    });
  });
});

const RUN: RunRecord = {
  run: '20261121T053512Z-a1b2c3',
  plan: 'kpi',
  env: 'staging',
  planVersion: 'abc',
  dryRun: false,
  status: 'aborted',
  startedAt: '2026-11-21T05:35:12Z',
  steps: ['links', 'milestones'],
  flags: [],
  pins: { segments: 4, tables: {}, files: {} },
};

function standing(fields: Partial<StatusResult['plans'][number]>): StatusResult {
  return {
    env: 'staging',
    plans: [
      {
        plan: 'kpi',
        title: 'KPI data',
        steps: [
          { step: 'links', status: 'running' },
          { step: 'milestones', status: 'not-run' },
        ],
        runs: [],
        acceptances: [],
        ...fields,
      },
    ],
  };
}

async function shown(fields: Partial<StatusResult['plans'][number]>): Promise<string[]> {
  const { application } = answering('status', standing(fields));
  const { stdout } = await type('status --env staging', { application });
  const lines = stdout.split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('  milestones')) + 1, lines.length - 1);
}

describe('status', () => {
  it('invariant 7: shows who is at work, until when, that it was asked to stop, and how to ask', async () => {
    const lease = { ...LEASE, stopRequested: true };

    expect(await shown({ lease, runs: [{ ...RUN, status: 'running' }] })).toEqual([
      '  At work: run by ann@build-7 (process 4711) since 2026-11-21T05:35:12Z',
      '    Lease until 2026-11-21T05:36:02Z unless it is renewed',
      '    Asked to stop',
      '  Under way: 20261121T053512Z-a1b2c3. To stop it: node runner stop --env staging',
      '  Latest runs:',
      '  Run                      Status   Kind  Steps',
      '  20261121T053512Z-a1b2c3  running  run   links, milestones',
    ]);
  });

  it('invariant 7: says of a lease that has expired that it can be taken over, and how to go on', async () => {
    const lease = { ...LEASE, expired: true };

    expect(await shown({ lease, runs: [{ ...RUN, status: 'running' }] })).toEqual([
      '  Not heard of any more: run by ann@build-7 (process 4711) since 2026-11-21T05:35:12Z',
      '    Lease expired at 2026-11-21T05:36:02Z; the next command takes it over if it stays silent',
      '  Unfinished: 20261121T053512Z-a1b2c3 (killed or cut off)',
      '    Go on: node runner run --env staging --resume',
      '    Begin anew, what is done stays done: node runner run --env staging --restart',
      '  Latest runs:',
      '  Run                      Status   Kind  Steps',
      '  20261121T053512Z-a1b2c3  running  run   links, milestones',
    ]);
  });

  it('shows the decisions that are in force', async () => {
    const acceptances = [
      { gate: 'acceptance', at: '2026-11-22T08:00:00Z', by: 'ann', why: 'agreed', reason: 'KPI_MISSING' },
      { gate: 'acceptance', at: '2026-11-22T09:00:00Z', by: 'b\u001b', reason: 'CONFLICT', step: 'links' },
    ] as const;

    expect(await shown({ acceptances })).toEqual([
      '  Accepted:',
      '    KPI_MISSING in any step, by ann at 2026-11-22T08:00:00Z (agreed)',
      '    CONFLICT in links, by b\\u{1b} at 2026-11-22T09:00:00Z',
      '  No runs yet.',
    ]);
  });

  it.each<[string, readonly RunRecord[], readonly string[]]>([
    [
      'a run that was stopped, with a refused one after it',
      [{ ...RUN, run: 'r-2', status: 'refused' }, RUN],
      [
        '  Unfinished: 20261121T053512Z-a1b2c3 (stopped)',
        '    Go on: node runner run --env staging --resume',
        '    Begin anew, what is done stays done: node runner run --env staging --restart',
      ],
    ],
    [
      'a run of a part of the steps that was killed',
      [{ ...RUN, status: 'running', steps: ['links'], flags: ['allow-unlinked'] }],
      [
        '  Unfinished: 20261121T053512Z-a1b2c3 (killed)',
        '    Go on: node runner run --env staging --step links --allow-unlinked --resume',
        '    Begin anew, what is done stays done: node runner run --env staging --step links --allow-unlinked --restart',
      ],
    ],
    [
      'a run of a version that left nothing to resume from',
      [(({ pins: _pins, ...rest }) => rest)(RUN)],
      [
        '  Unfinished: 20261121T053512Z-a1b2c3 (stopped)',
        '    Begin anew, what is done stays done: node runner run --env staging --restart',
      ],
    ],
    [
      'a rollback',
      [{ ...RUN, kind: 'rollback', steps: ['links'], ofRun: 'r-0' }],
      [
        '  Unfinished: 20261121T053512Z-a1b2c3 (stopped)',
        '    Go on: node runner rollback --env staging --step links --run r-0',
      ],
    ],
    [
      'a retry',
      [{ ...RUN, kind: 'retry', steps: ['links'], selection: { reasons: ['A', 'B'] } }],
      [
        '  Unfinished: 20261121T053512Z-a1b2c3 (stopped)',
        '    What it did not get to is still set aside: node runner quarantine retry --env staging --step links --reason A,B',
      ],
    ],
    ['a run that ended since', [{ ...RUN, run: 'r-2', status: 'failed' }, RUN], []],
  ])('invariant 6: says what to type about %s', async (_, runs, expected) => {
    const lines = await shown({ runs });

    expect(lines.slice(0, lines.indexOf('  Latest runs:'))).toEqual(expected);
  });

  it('names the kind of each run', async () => {
    const runs: RunRecord[] = [
      { ...RUN, run: 'r-4', status: 'complete', kind: 'rollback' },
      { ...RUN, run: 'r-3', status: 'complete', kind: 'rollback', dryRun: true },
      { ...RUN, run: 'r-2', status: 'complete', kind: 'retry' },
      { ...RUN, run: 'r-1', status: 'complete' },
    ];

    expect((await shown({ runs })).slice(2)).toEqual([
      '  r-4  complete  rollback      links, milestones',
      '  r-3  complete  dry rollback  links, milestones',
      '  r-2  complete  retry         links, milestones',
      '  r-1  complete  run           links, milestones',
    ]);
  });

  it('gives programs all of it', async () => {
    const status = standing({ lease: LEASE, runs: [RUN] });
    const { application } = answering('status', status);

    const { stdout } = await type('status --env staging --json', { application });

    expect(JSON.parse(stdout)).toEqual(status);
  });
});

import { LEASE, answering, type } from './command-line-harness.js';

describe('tune', () => {
  it('tells the runner that is at work its new rate and says who that is', async () => {
    const limits = { maxWcu: 500, maxRcu: 'none' } as const;
    const { application, asked } = answering('tune', { plan: 'kpi', env: 'staging', limits, asked: LEASE });

    const text = await type('tune --env staging --max-wcu 500 --max-rcu none', { application });
    const json = await type('tune --env staging --max-wcu 500 --max-rcu none --json', { application });

    expect(asked).toEqual([
      { plan: 'kpi', limits },
      { plan: 'kpi', limits },
    ]);
    expect([text.exit, json.exit]).toEqual([0, 0]);
    expect(JSON.parse(json.stdout)).toEqual({ plan: 'kpi', env: 'staging', limits, asked: LEASE });
    expect(text.stdout).toBe(
      [
        'Told: run by ann@build-7 (process 4711) since 2026-11-21T05:35:12Z.',
        '  at most 500 write units a second on any one table or index',
        '  no limit of read units a second on any one table',
        'It keeps to that from its next heartbeat on, until it ends.',
        '',
        'Next:',
        '  node runner status --env staging',
        '',
      ].join('\n'),
    );
  });

  it('invariant 10: says that nobody is at work, which is no failure', async () => {
    const limits = { maxWcu: 5 };
    const { application } = answering('tune', { plan: 'kpi', env: 'staging', limits });

    const text = await type('tune --env staging --max-wcu 5', { application });
    const json = await type('tune --env staging --max-wcu 5 --json', { application });

    expect([text.exit, json.exit]).toEqual([0, 0]);
    expect(text.stdout).toBe('Nothing to tune: nobody works on the plan kpi in the environment staging.\n');
    expect(JSON.parse(json.stdout)).toMatchObject({ asked: null });
  });

  it.each([
    ['tune --env staging', 'OPTION_INCOMPLETE'],
    ['tune --env staging --max-wcu 0', 'OPTION_INVALID'],
    ['tune --env staging --max-wcu all', 'OPTION_INVALID'],
    ['tune --env staging --max-wcu 5 --max-wcu 6', 'OPTION_REPEATED'],
  ])('refuses %s', async (words, code) => {
    const ended = await type(`${words} --json`);
    expect(ended.exit).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code } });
  });

  it('hands limits to a run, a rollback and a validation', async () => {
    const run = answering('run', undefined as never);
    await type('run --env staging --max-wcu 100 --max-rcu 200', { application: run.application });
    expect(run.asked).toMatchObject([{ maxWcu: 100, maxRcu: 200 }]);
    const rollback = answering('rollback', undefined as never);
    await type('rollback --env staging --max-wcu none', { application: rollback.application });
    expect(rollback.asked).toMatchObject([{ maxWcu: 'none' }]);
    const validate = answering('validate', undefined as never);
    await type('validate --env staging --max-rcu 7', { application: validate.application });
    expect(validate.asked).toMatchObject([{ maxRcu: 7 }]);
  });
});

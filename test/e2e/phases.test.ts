import { openCurrentPhase } from '../../src/cutover/open-current-phase.js';
import { createDynamoClient } from '../../src/infrastructure/dynamodb/client.js';
import { Stage } from '../support/e2e/stage.js';

interface Shown {
  readonly phase: { readonly name: string; readonly share: number };
  readonly settledAt: string | null;
  readonly next: { readonly gates: readonly { readonly gate: string; readonly met: boolean }[] } | null;
  readonly history: readonly { readonly by: string; readonly why: string }[];
  readonly error?: { readonly code: string; readonly message: string };
}

const WHO = '--by ann --why CHG-1';

describe('a cutover on real tables', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.withDemoData();
  });
  afterAll(() => stage.close());

  /** The phase of the row in the journal, as if it had been changed an hour ago. */
  async function passTime(): Promise<void> {
    const Key = { pk: { S: 'PLAN#kpi' }, sk: { S: 'PHASE' } };
    const TableName = stage.raw.physicalName('waybill-journal');
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    await stage.raw.call('UpdateItem', {
      ...{ TableName, Key },
      UpdateExpression: 'SET #r.#l.#a = :t REMOVE #r.#s',
      ExpressionAttributeNames: { '#r': 'record', '#l': 'last', '#a': 'at', '#s': 'settling' },
      ExpressionAttributeValues: { ':t': { S: hourAgo } },
    });
  }

  async function type(words: string): Promise<[exit: number | null, phase: string]> {
    const { exit, document } = await stage.runner.json<Shown>(`phase ${words} --env dev`);
    const { phase, error } = document;
    return [exit, error?.code ?? `${phase.name} ${phase.share}`];
  }

  async function refused(words: string): Promise<[exit: number | null, code: string | undefined]> {
    const { exit, document } = await stage.runner.json<Shown>(`${words} --env dev`);
    return [exit, document.error?.code];
  }

  it('P-10, E-13, E-X18: the phase goes on when its gates are open, and the application follows', async () => {
    const client = createDynamoClient({
      endpoint: stage.raw.endpoint,
      maxSockets: 4,
      requestTimeout: 20_000,
      region: 'eu-central-1',
    });
    const journalTable = stage.raw.physicalName('waybill-journal');
    const seen = () => openCurrentPhase({ client, journalTable, plan: 'kpi' }).conduct();
    try {
      expect(await type('show')).toEqual([0, 'legacy 0']);
      expect(await seen()).toEqual({ writes: 'legacy', truth: 'legacy', share: 0 });
      expect(await type(`advance ${WHO}`)).toEqual([0, 'dual-write 0']);
      expect(await seen()).toEqual({ writes: 'both', truth: 'legacy', share: 0 });
      expect(await type(`advance ${WHO}`)).toEqual([3, 'PHASE_GATE']);
      await passTime();
      expect(await type(`advance ${WHO}`)).toEqual([3, 'PHASE_GATE']);
      expect((await stage.runner.run('--env dev')).exit).toBe(0);
      for (const phase of ['backfilled 0', 'verified 0', 'reading 10', 'reading 50', 'reading 100']) {
        expect(await type(`advance ${WHO}`)).toEqual([0, phase]);
        if (phase === 'verified 0') expect(await type(`advance ${WHO}`)).toEqual([3, 'PHASE_NOT_SETTLED']);
        await passTime();
      }
      expect(await seen()).toEqual({ writes: 'both', truth: 'new', share: 100 });
      expect(await refused('rollback')).toEqual([3, 'PHASE_FORBIDS']);
      expect((await stage.runner.run('rollback --env dev --dry-run')).exit).toBe(0);
      expect(await type('back --by ben --why INC-17')).toEqual([0, 'verified 0']);
      expect(await seen()).toEqual({ writes: 'both', truth: 'legacy', share: 0 });
    } finally {
      client.destroy();
    }
  });

  it('P-40: after an emergency reads switch again only when all was validated anew', async () => {
    expect(await refused('rollback')).toEqual([3, 'PHASE_NOT_SETTLED']);
    expect(await type(`advance ${WHO}`)).toEqual([3, 'PHASE_GATE']);
    const { document } = await stage.runner.json<Shown>('phase --env dev');
    expect(document.next?.gates.filter(({ met }) => !met).map(({ gate }) => gate)).toEqual([
      'settled',
      'steps',
    ]);
    expect((await stage.runner.run('validate --env dev')).exit).toBe(0);
    expect(await type(`advance ${WHO}`)).toEqual([3, 'PHASE_NOT_SETTLED']);
  });

  it('E-X18: everything that happened is told, with names and reasons', async () => {
    const { stdout } = await stage.runner.run('phase show --env dev');
    expect(stdout).toContain('Phase of the plan kpi, environment dev: verified\n');
    expect(stdout).toMatch(/reading 100 % +verified +ben +INC-17\n/);
    const { document } = await stage.runner.json<Shown>('phase show --env dev');
    expect(document.history.map(({ by }) => by)).toEqual(['ann', 'ann', 'ann', 'ann', 'ann', 'ann', 'ben']);
  });

  it('E-X18: of two who type at the same time one changes the phase', async () => {
    expect(await type('back --by ben --why again')).toEqual([3, 'PHASE_NOT_SETTLED']);
    await passTime();
    const ended = await Promise.all([type('back --by ann --why a'), type('back --by ben --why b')]);
    expect(ended.map(([exit]) => exit).toSorted()).toEqual([0, 3]);
    const { document } = await stage.runner.json<Shown>('phase show --env dev');
    expect([document.phase.name, document.history.length]).toEqual(['dual-write', 8]);
  });

  it('P-X30: once single writes have begun nothing is migrated or removed any more', async () => {
    await stage.raw.call('UpdateItem', {
      TableName: stage.raw.physicalName('waybill-journal'),
      Key: { pk: { S: 'PLAN#kpi' }, sk: { S: 'PHASE' } },
      UpdateExpression: 'SET #r.#p = :p',
      ExpressionAttributeNames: { '#r': 'record', '#p': 'phase' },
      ExpressionAttributeValues: { ':p': { M: { name: { S: 'new-only' }, share: { N: '100' } } } },
    });
    for (const words of ['run', 'quarantine retry', 'rollback'])
      expect([words, ...(await refused(words))]).toEqual([words, 3, 'PHASE_FORBIDS']);
    expect((await stage.runner.run('run --env dev --dry-run')).exit).toBe(0);
    expect(await type('back --by ann --why x')).toEqual([3, 'PHASE_FINAL']);
  });
});

import { SpawnedCommandLine } from './spawned-command-line.js';

/** Works until it is told to stop, and then needs a moment to put everything in order; `--step never` never does. */
const COMPOSITION = `
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('made', { recursive: true });
writeFileSync('made/file', 'x');
const steps = ['links', 'never'].map((name) => ({ name, title: name }));
export const loadCatalog = async () => ({
  environments: ['local'],
  plans: [{ name: 'kpi', title: 'KPI data', steps, accept: [] }],
});

const say = (text) => process.stderr.write(text + '\\n');
const entry = { kind: 'quarantine', step: 'links', source: 't#1', reason: 'R', detail: 'x'.repeat(1000) };
const result = {
  run: 'r-1', kind: 'migration', resumed: false, plan: 'kpi', env: 'local', status: 'aborted', dryRun: false,
  steps: [], exit: 4, folder: 'f', notices: [], acceptances: [],
  error: { code: 'ABORTED', message: 'Stopped.', next: 'Left to do: links.' },
};

export const openApplication = async () => ({
  async run({ signal, steps }) {
    const working = setInterval(() => undefined, 1000);
    say('working');
    await new Promise((stopped) => signal.addEventListener('abort', stopped));
    if (steps?.includes('never')) await new Promise(() => undefined);
    await new Promise((later) => setTimeout(later, 300));
    say('lease released');
    clearInterval(working);
    return result;
  },
  async *entries() {
    for (let number = 0; number < 10000; number += 1) yield entry;
  },
  async close() {
    say('closed');
  },
});
`;

let commandLine: SpawnedCommandLine;
beforeAll(async () => {
  commandLine = await SpawnedCommandLine.with(COMPOSITION);
});
afterAll(async () => {
  await commandLine.remove();
});

describe('the process', () => {
  it('A-38: makes every file and folder for its owner alone, whatever the umask that it is started with', async () => {
    const before = process.umask(0o022);
    try {
      expect((await commandLine.start('plans').ended).exit).toBe(0);
    } finally {
      process.umask(before);
    }
    expect(await commandLine.modes('made', 'made/file')).toEqual([0o700, 0o600]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'invariant 6: at the first %s lets the engine come to its own end, then exits 4 with its document',
    async (signal) => {
      const command = commandLine.start('run --env local --json');
      await command.said('working');
      command.child.kill(signal);

      const ended = await command.ended;

      expect([ended.exit, ended.signal]).toEqual([4, null]);
      expect(ended.stderr.split('\n').filter((line) => line !== '')).toEqual([
        'working',
        'Stopping at the next safe place. Once more (Ctrl-C) ends at once.',
        'lease released',
        'error ABORTED: Stopped.',
        '  Left to do: links.',
        'closed',
      ]);
      expect(JSON.parse(ended.stdout)).toMatchObject({ run: 'r-1', status: 'aborted', exit: 4 });
    },
  );

  it.each([
    ['SIGINT', 'SIGINT'],
    ['SIGHUP', 'SIGTERM'],
  ] as const)(
    'ends at once at the second signal (%s, then %s), with exit 4 and one document',
    async (first, second) => {
      const command = commandLine.start('run --env local --step never --json');
      await command.said('working');
      command.child.kill(first);
      await command.said('Stopping');
      const asked = performance.now();
      command.child.kill(second);

      const ended = await command.ended;

      expect(performance.now() - asked).toBeLessThan(5000);
      expect([ended.exit, ended.signal]).toEqual([4, null]);
      expect(JSON.parse(ended.stdout)).toMatchObject({
        run: null,
        status: 'aborted',
        exit: 4,
        error: { code: 'ABORTED' },
      });
    },
  );

  it('does not crash when the reader of stdout goes away', async () => {
    const command = commandLine.start('quarantine list --env local');
    command.child.stdout?.once('data', () => command.child.stdout?.destroy());

    const ended = await command.ended;

    expect([ended.exit, ended.signal, ended.stderr]).toEqual([0, null, 'closed\n']);
    expect(ended.stdout.length).toBeLessThan(5_000_000);
  });

  it('does not crash when nobody reads stdout and stderr any more, and still ends in good order', async () => {
    const command = commandLine.start('run --env local --json');
    await command.said('working');
    command.child.stdout?.destroy();
    command.child.stderr?.destroy();
    command.child.kill('SIGHUP');

    const ended = await command.ended;

    expect([ended.exit, ended.signal]).toEqual([4, null]);
  });
});

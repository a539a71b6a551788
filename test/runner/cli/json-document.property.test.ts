import fc from 'fast-check';
import type { Application } from '../../../src/runner/application.js';
import { WaybillError } from '../../../src/runner/ports/errors.js';
import { type } from './command-line-harness.js';

const CALLS = [
  'run --env local',
  '--env staging --dry-run',
  'status --env local',
  'tables create --env local',
  'seed --env local',
  'preflight --env local',
  'validate --env local',
  'quarantine list --env local',
  'quarantine show a#b --env local',
  'quarantine export --env local --out /nowhere/at/all',
  'conflicts list --env local',
  'conflicts show a#b --env local',
  'warnings list --env local',
  'report --env local',
  'comment --env local',
  'stop --env local',
  'rollback --env staging',
  'quarantine retry --env local',
  'quarantine accept --env local --reason A --by ann',
  'backup --env local',
  'backup --env local --native',
  'backup verify --env local',
  'backup list --env local',
  'backup drill --env local',
  'restore --env local --from folder',
  'evidence export --env local --by ann',
  'evidence import --env local --from package.json --by ann',
  'iam --env local',
];

const METHODS = [
  'run',
  'validate',
  'preflight',
  'status',
  'createTables',
  'seed',
  'entries',
  'entry',
  'report',
  'progress',
  'stop',
  'rollback',
  'retry',
  'accept',
  'backup',
  'nativeBackup',
  'verifyBackup',
  'backups',
  'drillBackup',
  'restore',
  'evidence',
  'importEvidence',
  'iam',
] as const;

/** An application of which every method fails with this: at once, or as a promise and as a stream. */
function throwing(thrown: unknown, how: 'sync' | 'async'): Partial<Application> {
  const method = (): never => {
    if (how === 'sync') throw thrown;
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything may be thrown
    const promise = Promise.reject(thrown);
    promise.catch(() => undefined);
    const iterable = { next: () => promise, [Symbol.asyncIterator]: () => iterable };
    return Object.assign(promise, iterable) as never;
  };
  return Object.fromEntries(METHODS.map((name) => [name, method]));
}

const thrownValue = fc.oneof(
  fc
    .record({
      exit: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
      code: fc.string(),
      message: fc.string({ unit: 'binary' }),
      next: fc.string({ unit: 'binary' }),
    })
    .map(({ exit, code, message, next }) => new WaybillError(exit, code, message, next)),
  fc.string({ unit: 'binary' }).map((message) => new TypeError(message)),
  fc.anything(),
);

describe('under --json', () => {
  it('A-43: stdout is one document and the exit code is right, whatever the application throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CALLS),
        thrownValue,
        fc.constantFrom('sync' as const, 'async' as const),
        async (call, thrown, how) => {
          const ended = await type(`${call} --json`, { application: throwing(thrown, how) });

          const document = JSON.parse(ended.stdout);
          expect(Object.keys(document.error)).toEqual(['code', 'message', 'next']);
          if (call.includes('--out /nowhere')) return;
          expect(ended.exit).toBe(thrown instanceof WaybillError ? thrown.exit : 1);
          if (thrown instanceof WaybillError) expect(document.error.message).toBe(thrown.message);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('A-43: stdout is one document whatever is typed, and never claims success for what is not understood', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...[
          'run',
          'status',
          'quarantine',
          'list',
          'show',
          '--env',
          'local',
          '--step',
          'links',
          '--plan',
          'kpi',
        ],
        ...[
          '--sample',
          '3',
          '--',
          '--format',
          'html',
          '--help',
          '-V',
          'help',
          '--run',
          '--allow-unlinked',
          'rollback',
          'backup',
          'restore',
          'stop',
          'iam',
          'evidence',
          'retry',
          'accept',
          '--resume',
          '--restart',
          '--native',
          '--to',
          '--by',
          '--without-backup',
          '--revoke',
          '',
        ],
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
        const ended = await type(['--json', ...words].join(' '), {
          application: throwing(new WaybillError(3, 'REACHED', 'm', 'n'), 'sync'),
        });
        const document = JSON.parse(ended.stdout);
        if (ended.exit === 0)
          expect(Object.keys(document)).toEqual([expect.stringMatching(/^(help|version)$/)]);
        else expect(document.error.code).toMatch(/^[A-Z_]+$/);
      }),
      { numRuns: 300 },
    );
  });
});

import { closest } from '../../src/handler/closest.js';
import { readEvent } from '../../src/handler/read-event.js';
import { UsageError } from '../../src/runner/ports/errors.js';
import { CATALOG } from '../runner/cli/command-line-harness.js';

function refusal(event: unknown): UsageError {
  try {
    readEvent(event, CATALOG);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`not refused: ${JSON.stringify(event)}`);
}

describe('the event of the function', () => {
  it('means the default plan and all steps where it names nothing but an environment', () => {
    expect(readEvent({ env: 'dev' }, CATALOG)).toEqual({
      event: { env: 'dev' },
      env: 'dev',
      request: {
        ...{ plan: 'kpi', accept: [], dryRun: false, confirmProduction: false },
        ...{ resume: 'auto', overrides: [] },
      },
    });
  });

  it('means by an alias the environment that it stands for (A-03)', () => {
    expect(readEvent({ env: 'test' }, CATALOG).env).toBe('dev');
  });

  it('goes on with the run that it names, begins anew where it says so, and else does what there is to do', () => {
    const state = { invocations: 3, idle: 0, mark: 'links:validated:12' };
    const resumeOf = (fields: object) => readEvent({ env: 'dev', ...fields }, CATALOG).request.resume;
    expect(resumeOf({ run: 'r', state })).toBe('resume');
    expect(resumeOf({ restart: true })).toBe('restart');
    expect(resumeOf({ restart: false })).toBe('auto');
  });

  it.each([
    ['nothing', undefined, 'EVENT_INVALID', 'Valid is an object with env'],
    ['a list', [{ env: 'dev' }], 'EVENT_INVALID', 'Valid is an object with env'],
    ['no environment', {}, 'EVENT_FIELD_MISSING', 'local, dev, staging, production'],
    ['a field that is misspelt', { env: 'dev', dryrun: true }, 'EVENT_FIELD_UNKNOWN', 'Did you mean dryRun?'],
    [
      'a field of somebody else',
      { env: 'dev', Payload: {} },
      'EVENT_FIELD_UNKNOWN',
      'Valid fields: env, plan',
    ],
    ['an inherited name', JSON.parse('{"env":"dev","__proto__":1}'), 'EVENT_FIELD_UNKNOWN', 'Valid fields'],
    ['an unknown environment', { env: 'stagin' }, 'EVENT_FIELD_INVALID', 'Did you mean staging?'],
    ['an unknown plan', { env: 'dev', plan: 'kpis' }, 'EVENT_FIELD_INVALID', 'Did you mean kpi?'],
    ['an unknown step', { env: 'dev', steps: ['link'] }, 'EVENT_FIELD_INVALID', 'Did you mean links?'],
    ['a step of another plan', { env: 'dev', steps: ['companies'] }, 'EVENT_FIELD_INVALID', 'milestones'],
    ['no steps', { env: 'dev', steps: [] }, 'EVENT_FIELD_INVALID', 'a list of one name or more'],
    ['steps as a text', { env: 'dev', steps: 'links' }, 'EVENT_FIELD_INVALID', 'a list of one name or more'],
    [
      'a flag of another plan',
      { env: 'dev', accept: ['allow-orphans'] },
      'EVENT_FIELD_INVALID',
      'allow-unlinked',
    ],
    ['a flag as a text', { env: 'dev', confirmProduction: 'yes' }, 'EVENT_FIELD_INVALID', 'true or false'],
    ['a rate of nothing', { env: 'dev', maxWcu: 0 }, 'EVENT_FIELD_INVALID', 'or "none"'],
    ['half a segment', { env: 'dev', segments: 1.5 }, 'EVENT_FIELD_INVALID', 'from 1 to 4096'],
    [
      'a lease of an hour and more',
      { env: 'dev', leaseSeconds: 3601 },
      'EVENT_FIELD_INVALID',
      'from 1 to 3600',
    ],
    ['a blank reason', { env: 'dev', withoutBackup: ' ', by: 'ann' }, 'EVENT_FIELD_INVALID', '1 to 500'],
    ['an unsigned override', { env: 'dev', withoutBackup: 'why' }, 'EVENT_CONFLICT', 'Give by together'],
    ['a signature alone', { env: 'dev', by: 'ann' }, 'EVENT_CONFLICT', 'Give by together'],
    [
      'a restart that goes on',
      { env: 'dev', restart: true, run: 'r' },
      'EVENT_CONFLICT',
      'Leave restart out',
    ],
    ['a dry run that goes on', { env: 'dev', dryRun: true, run: 'r' }, 'EVENT_CONFLICT', 'Leave dryRun out'],
    ['a dry restart', { env: 'dev', dryRun: true, restart: true }, 'EVENT_CONFLICT', 'Leave dryRun out'],
    [
      'a state that was changed',
      { env: 'dev', run: 'r', state: { invocations: 1, idle: 0 } },
      ...(['EVENT_FIELD_INVALID', '`next` of the last result'] as const),
    ],
  ])('refuses %s, and says what is valid', (_, event: unknown, code, hint) => {
    const { code: found, message, next } = refusal(event);
    expect([found, `${message} ${next}`]).toEqual([code, expect.stringContaining(hint)]);
  });

  it('suggests a name that is alike, and none that is not', () => {
    expect(closest('stepps', ['steps', 'segments'])).toBe('steps');
    expect(closest('ENV', ['env'])).toBe('env');
    expect(closest('Payload', ['env', 'plan', 'steps'])).toBeUndefined();
    expect(closest('x', [])).toBeUndefined();
  });
});

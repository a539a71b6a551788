import { stagingGate, type StagingGateParts } from '../../../src/runner/ladder/staging-gate.js';
import type { Override, StagingEvidence } from '../../../src/runner/ports/attestation.js';
import { RefusedError, StoreError } from '../../../src/runner/ports/errors.js';
import { PLAN, VERSION } from '../acceptance/journal-fixture.js';
import { EVIDENCE } from './evidence-fixture.js';

const OTHER = 'b'.repeat(64);
const OVERRIDE: Override = { gate: 'staging', by: 'ann', why: 'hotfix' };

function gate(fields: Partial<StagingGateParts> = {}) {
  return stagingGate({
    plan: PLAN,
    planVersion: VERSION,
    environment: { name: 'production', after: 'staging' },
    imported: [],
    predecessor: () => Promise.resolve(undefined),
    overrides: [],
    ...fields,
  });
}

async function refusal(
  fields: Partial<StagingGateParts>,
): Promise<{ code: string; exit: number; message: string; next: string }> {
  return gate(fields).then(
    () => {
      throw new Error('it passed');
    },
    (error: unknown) => error as Awaited<ReturnType<typeof refusal>>,
  );
}

const unread = (): Promise<never> => {
  throw new Error('the other journal must not be read');
};

describe('the staging gate', () => {
  it('is open where an environment follows none', async () => {
    const environment = { name: 'dev' };
    expect(await gate({ environment, predecessor: unread })).toEqual({ by: 'no-ladder' });
  });

  it('is opened by evidence of this very version, from the journal of the environment before', async () => {
    expect(await gate({ predecessor: () => Promise.resolve(EVIDENCE) })).toEqual({
      by: 'evidence',
      evidence: EVIDENCE,
    });
  });

  it('is opened by imported evidence, without a look at the other account', async () => {
    const imported = [{ ...EVIDENCE, planVersion: OTHER }, EVIDENCE];
    expect(await gate({ imported, predecessor: unread })).toEqual({ by: 'evidence', evidence: EVIDENCE });
  });

  it.each<[string, Partial<StagingEvidence>]>([
    ['another version', { planVersion: OTHER }],
    ['a version that begins alike', { planVersion: `${VERSION.slice(0, 63)}b` }],
    ['another environment', { env: 'dev' }],
    ['another plan', { plan: 'company' }],
    ['fewer steps', { steps: EVIDENCE.steps.slice(0, 1) }],
  ])('stays closed for evidence of %s, imported or not', async (_, change) => {
    const evidence = { ...EVIDENCE, ...change };
    expect((await refusal({ imported: [evidence] })).code).toBe('STAGING_REQUIRED');
    expect((await refusal({ predecessor: () => Promise.resolve(evidence) })).code).toBe('STAGING_REQUIRED');
  });

  it('says which version is needed, of which there is evidence, and what to type', async () => {
    const older = { ...EVIDENCE, planVersion: 'c'.repeat(64), at: '2026-11-01T00:00:00.000Z' };
    const imported = [
      older,
      { ...EVIDENCE, planVersion: OTHER },
      { ...older, env: 'dev', at: '2027-01-01T00:00:00.000Z' },
    ];
    expect(await refusal({ imported })).toMatchObject({
      code: 'STAGING_REQUIRED',
      exit: 3,
      message:
        'version aaaaaaaaaaaa of plan kpi has not passed in staging, which production follows: ' +
        'the newest evidence is of version bbbbbbbbbbbb (validated 2026-11-22T10:00:00.000Z)',
      next:
        'Run this very version there (its code and attribute aliases make the version): node runner run --env staging; ' +
        'where staging is another account, then node runner evidence export --env staging --by NAME --out FILE ' +
        'and node runner evidence import --env production --from FILE --by NAME; ' +
        'or go without, on record: --without-staging "WHY" --by NAME',
    });
  });

  it('says what keeps the environment before from proving it, or from being asked', async () => {
    const lack = new RefusedError(
      'EVIDENCE_MISSING',
      'plan kpi has not passed in staging: links has not run there',
      '',
    );
    expect((await refusal({ predecessor: () => Promise.reject(lack) })).message).toContain(
      'there is no evidence of any version; plan kpi has not passed in staging: links has not run there',
    );
    const denied = new StoreError(
      'STORE_DENIED',
      'Query on table waybill-journal-staging: access denied.',
      '',
    );
    expect((await refusal({ predecessor: () => Promise.reject(denied) })).message).toMatch(
      /; Query on table waybill-journal-staging: access denied$/,
    );
  });

  it('does not take a bug for missing evidence', async () => {
    expect(await refusal({ predecessor: () => Promise.reject(new TypeError('a bug')) })).toBeInstanceOf(
      TypeError,
    );
  });

  it('is overridden by somebody who says why, and by no override of another gate', async () => {
    expect(await gate({ overrides: [OVERRIDE], predecessor: unread })).toEqual({
      by: 'override',
      override: OVERRIDE,
    });
    expect((await refusal({ overrides: [{ ...OVERRIDE, gate: 'backup' }] })).code).toBe('STAGING_REQUIRED');
    expect(await refusal({ overrides: [{ ...OVERRIDE, why: ' ' }] })).toMatchObject({
      code: 'WHY_MISSING',
      exit: 2,
    });
    expect((await refusal({ overrides: [{ ...OVERRIDE, by: '' }] })).code).toBe('NAME_MISSING');
  });
});

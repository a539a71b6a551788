import { acceptanceNote, overrideNote, retryLines } from '../../../src/runner/reports/decisions.js';
import { runDocument } from '../../../src/runner/reports/run-document.js';
import { acceptance, NOTHING, RETRY } from '../acceptance/journal-fixture.js';
import { runResult, stepResult } from '../cli/command-line-harness.js';

const LINKS = {
  step: 'links',
  counters: { ...NOTHING, read: 20, created: 14, quarantined: 6 },
  reasons: { KPI_MISSING: 5, KPI_UNLINKED: 1 },
};

describe('decisions as sentences', () => {
  it('say how many records, who, when and why', () => {
    const decision = acceptance({ step: 'links', why: 'the owners know' });
    expect(acceptanceNote(decision, [LINKS])).toBe(
      'Accepted: 5 records set aside as KPI_MISSING in links, by ann on 2026-11-21: the owners know',
    );
    expect(acceptanceNote(acceptance(), [{ ...LINKS, amendments: [RETRY] }])).toBe(
      'Accepted: 2 records set aside as KPI_MISSING, by ann on 2026-11-21',
    );
    expect(overrideNote({ gate: 'staging', by: 'ann', why: 'hotfix' })).toBe(
      'Overridden: the staging gate, by ann: hotfix',
    );
  });

  it('tell of each retry what it settled', () => {
    const one = {
      ...RETRY,
      run: '20261123T080000Z-000000',
      counters: { ...NOTHING, quarantined: -1, created: 1 },
    };
    expect(retryLines([{ ...LINKS, amendments: [RETRY, one] }, stepResult({})])).toEqual([
      'links: 2 records settled by retry 20261122T080000Z-ffffff',
      'links: 1 record settled by retry 20261123T080000Z-000000',
    ]);
  });
});

describe('the document of a run', () => {
  it('keeps the words of the contract and adds ours', () => {
    const steps = [stepResult({ counters: LINKS.counters, reasons: LINKS.reasons })];
    const acceptances = [acceptance()];
    const notices = ['no backup'];
    const document = runDocument(runResult({ kind: 'retry', resumed: true, notices, acceptances, steps }));
    expect(Object.keys(document)).toEqual([
      ...['run', 'plan', 'env', 'status', 'dryRun', 'steps', 'exit', 'folder'],
      ...['kind', 'resumed', 'notices', 'acceptances'],
    ]);
    expect(document).toMatchObject({
      ...{ kind: 'retry', resumed: true, notices },
      acceptances: [{ ...acceptance(), records: 5 }],
    });
    expect(document.steps[0]).not.toHaveProperty('retries');
  });
});

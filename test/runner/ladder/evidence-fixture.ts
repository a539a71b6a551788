import type { StagingEvidence } from '../../../src/runner/ports/attestation.js';
import { RUN, VERSION } from '../acceptance/journal-fixture.js';

export const EVIDENCE: StagingEvidence = {
  gate: 'staging',
  at: '2026-11-22T10:00:00.000Z',
  plan: 'kpi',
  env: 'staging',
  planVersion: VERSION,
  steps: [
    { step: 'links', run: RUN, validatedAt: '2026-11-21T05:40:00.000Z', checks: 2, records: 10 },
    { step: 'readings', run: RUN, validatedAt: '2026-11-22T10:00:00.000Z', checks: 3, records: 0 },
  ],
};

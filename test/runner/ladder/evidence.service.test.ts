import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { evidenceDocument } from '../../../src/runner/ladder/evidence-document.js';
import { EvidenceService, type EvidenceParts } from '../../../src/runner/ladder/evidence.service.js';
import type { StagingEvidence } from '../../../src/runner/ports/attestation.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { TableAdmin } from '../../../src/runner/ports/table-admin.js';
import { past, PLAN, VERSION } from '../acceptance/journal-fixture.js';
import { EVIDENCE } from './evidence-fixture.js';

let folder: string;
let journal: MemoryJournal;
let hasTable: boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-evidence-'));
  [journal, hasTable] = [new MemoryJournal(), true];
});
afterEach(() => rmSync(folder, { recursive: true }));

function service(
  environment: Partial<Environment> = { name: 'production', after: 'staging' },
): EvidenceService {
  const admin = {
    physicalName: (table: string) => table,
    describe: () => Promise.resolve(hasTable ? {} : undefined),
  };
  const parts: EvidenceParts = {
    environment: environment as Environment,
    plans: [PLAN],
    admin: admin as unknown as TableAdmin,
    journal,
    journalTable: { name: 'waybill-journal', role: 'target', partitionKey: 'pk', indexes: [] },
  };
  return new EvidenceService(parts);
}

function file(evidence: StagingEvidence): string {
  const path = join(folder, 'evidence.json');
  const document = evidenceDocument(evidence, 'ann', new Date('2026-11-23T08:00:00.000Z'));
  writeFileSync(path, JSON.stringify(document, undefined, 2));
  return path;
}

const attested = () => journal.attestations('kpi', 'staging');

async function refusal(
  work: Promise<unknown>,
): Promise<{ code: string; exit: number; message: string; next: string }> {
  return work.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => error as Awaited<ReturnType<typeof refusal>>,
  );
}

describe('evidence export', () => {
  it('gives what the journal proves of this environment', async () => {
    for (const step of ['links', 'readings']) await past(journal, { step });
    expect(await service({ name: 'staging' }).evidence({ plan: 'kpi' })).toMatchObject({
      plan: 'kpi',
      env: 'staging',
      planVersion: VERSION,
    });
  });

  it('says what is missing, and where there is no journal at all', async () => {
    expect((await refusal(service().evidence({ plan: 'kpi' }))).code).toBe('EVIDENCE_MISSING');
    hasTable = false;
    expect((await refusal(service().evidence({ plan: 'kpi' }))).code).toBe('TABLE_MISSING');
  });
});

describe('evidence import', () => {
  it('records the evidence, who signed it off and who brought it', async () => {
    const imported = await service().importEvidence({ plan: 'kpi', from: file(EVIDENCE), by: 'ben' });
    expect(imported).toEqual({ ...EVIDENCE, by: 'ann', importedBy: 'ben' });
    expect(await attested()).toEqual([imported]);
  });

  it.each<[string, Partial<StagingEvidence>, string]>([
    ['of another plan', { plan: 'company' }, 'the evidence is of plan company, not of kpi'],
    ['of another environment', { env: 'dev' }, 'the evidence is of dev, and production follows staging'],
    ['of fewer steps', { steps: EVIDENCE.steps.slice(1) }, 'the evidence does not tell of links'],
  ])('refuses evidence %s', async (_, change, message) => {
    const from = file({ ...EVIDENCE, ...change });
    expect(await refusal(service().importEvidence({ plan: 'kpi', from, by: 'ben' }))).toMatchObject({
      code: 'EVIDENCE_FOREIGN',
      exit: 3,
      message,
    });
    expect(await attested()).toEqual([]);
  });

  it('refuses a damaged file, a missing one, nobody, and an environment that follows none', async () => {
    const from = file(EVIDENCE);
    writeFileSync(join(folder, 'damaged.json'), '{}');
    const damaged = service().importEvidence({ plan: 'kpi', from: join(folder, 'damaged.json'), by: 'ben' });
    expect((await refusal(damaged)).code).toBe('EVIDENCE_INVALID');
    const missing = service().importEvidence({ plan: 'kpi', from: join(folder, 'none.json'), by: 'ben' });
    expect(await refusal(missing)).toMatchObject({
      code: 'EVIDENCE_INVALID',
      exit: 2,
      message: expect.stringContaining("none.json can't be read (ENOENT)"),
    });
    const nobody = service().importEvidence({ plan: 'kpi', from, by: '' });
    expect((await refusal(nobody)).code).toBe('NAME_MISSING');
    const first = service({ name: 'dev' }).importEvidence({ plan: 'kpi', from, by: 'ben' });
    expect((await refusal(first)).message).toBe('dev follows no environment, so it needs no evidence');
    hasTable = false;
    const nowhere = service().importEvidence({ plan: 'kpi', from, by: 'ben' });
    expect((await refusal(nowhere)).code).toBe('TABLE_MISSING');
    expect(await attested()).toEqual([]);
  });
});

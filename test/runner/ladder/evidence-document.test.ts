import { createHash } from 'node:crypto';
import { evidenceDocument, readEvidenceDocument } from '../../../src/runner/ladder/evidence-document.js';
import { EVIDENCE } from './evidence-fixture.js';

const AT = new Date('2026-11-23T08:00:00.000Z');
const DOCUMENT = evidenceDocument(EVIDENCE, 'ann', AT);

/** The checksum as anybody could make it: keys sorted, no blanks. */
const CANONICAL =
  '{"evidence":{"at":"2026-11-22T10:00:00.000Z","env":"staging","gate":"staging","plan":"kpi","planVersion":"' +
  'a'.repeat(64) +
  '","steps":[{"checks":2,"records":10,"run":"20261121T053512Z-a1b2c3","step":"links","validatedAt":"2026-11-21T05:40:00.000Z"},' +
  '{"checks":3,"records":0,"run":"20261121T053512Z-a1b2c3","step":"readings","validatedAt":"2026-11-22T10:00:00.000Z"}]},' +
  '"format":"waybill-evidence","signedOffAt":"2026-11-23T08:00:00.000Z","signedOffBy":"ann","version":1}';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The document with other content and a checksum that fits it, as somebody with bad tools would make it. */
function resealed(change: (content: Record<string, unknown>) => void): string {
  const { sha256: old, ...content } = JSON.parse(JSON.stringify(DOCUMENT)) as Record<string, unknown>;
  expect(old).toMatch(/^[0-9a-f]{64}$/);
  change(content);
  return JSON.stringify({ ...content, sha256: sha256(canonical(content)) });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function refusal(text: string): { code: string; exit: number; message: string } {
  try {
    readEvidenceDocument(text);
  } catch (error) {
    return error as ReturnType<typeof refusal>;
  }
  throw new Error('it was read');
}

describe('the evidence file', () => {
  it('says what it is, who signed it off, and has a checksum over the rest', () => {
    expect(DOCUMENT).toEqual({
      format: 'waybill-evidence',
      version: 1,
      evidence: EVIDENCE,
      signedOffBy: 'ann',
      signedOffAt: '2026-11-23T08:00:00.000Z',
      sha256: sha256(CANONICAL),
    });
  });

  it('is read whatever the order of its keys, its blanks and a byte order mark', () => {
    const { format, version, evidence, signedOffBy, signedOffAt, sha256: sum } = DOCUMENT;
    const { steps, ...rest } = evidence;
    const reordered = {
      sha256: sum,
      signedOffAt,
      evidence: { steps, ...rest },
      version,
      signedOffBy,
      format,
    };
    expect(readEvidenceDocument(JSON.stringify(DOCUMENT))).toEqual(DOCUMENT);
    expect(readEvidenceDocument(`\uFEFF${JSON.stringify(reordered, undefined, 4)}\r\n`)).toEqual(DOCUMENT);
  });

  it('is refused when any character of its content was changed', () => {
    const text = JSON.stringify(DOCUMENT);
    const values = [
      'staging","p',
      'kpi',
      'aaaaaaaa',
      '"records":10',
      '"checks":3',
      'readings',
      '"ann"',
      '23T08',
      RUN_ID,
    ];
    for (const value of values) {
      const at = text.indexOf(value) + 1;
      const changed = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
      expect(refusal(changed)).toMatchObject({ code: 'EVIDENCE_INVALID', exit: 2 });
    }
    const { steps } = EVIDENCE;
    const shorter = { ...DOCUMENT, evidence: { ...EVIDENCE, steps: steps.slice(0, 1) } };
    expect(refusal(JSON.stringify(shorter)).message).toBe(
      'the evidence file does not have the content that its checksum was made of',
    );
    expect(refusal(JSON.stringify({ ...DOCUMENT, more: 1 })).code).toBe('EVIDENCE_INVALID');
    expect(refusal(JSON.stringify({ ...DOCUMENT, sha256: undefined })).code).toBe('EVIDENCE_INVALID');
  });

  it.each<[string, string]>([
    ['', 'is no JSON'],
    ['{"format": ', 'is no JSON'],
    ['[]', 'is no evidence of Waybill'],
    ['null', 'is no evidence of Waybill'],
    ['{"format": "waybill-backup"}', 'is no evidence of Waybill'],
    ['{"format": "waybill-evidence", "version": 2}', 'is of a version that this Waybill does not know'],
  ])('is refused as %j', (text, why) => {
    expect(refusal(text)).toMatchObject({ code: 'EVIDENCE_INVALID', message: `the evidence file ${why}` });
  });

  it.each<[string, (evidence: Record<string, unknown>, content: Record<string, unknown>) => void]>([
    ['nobody signed it off', (_, content) => (content['signedOffBy'] = ' ')],
    ['it was signed off at no time', (_, content) => (content['signedOffAt'] = 'yesterday')],
    ['it is of another gate', (evidence) => (evidence['gate'] = 'backup')],
    ['it names no version', (evidence) => delete evidence['planVersion']],
    ['its time is none', (evidence) => (evidence['at'] = '2026-13-45T99:00:00Z')],
    ['it has no steps', (evidence) => (evidence['steps'] = [])],
    ['its steps are none', (evidence) => (evidence['steps'] = ['links'])],
    ['a step is twice in it', (evidence) => (evidence['steps'] = [EVIDENCE.steps[0], EVIDENCE.steps[0]])],
    ['a count is none', (evidence) => (evidence['steps'] = [{ ...EVIDENCE.steps[0], records: -1 }])],
  ])('is refused where %s, however well it is sealed', (_, change) => {
    const text = resealed((content) => change(content['evidence'] as Record<string, unknown>, content));
    expect(refusal(text)).toMatchObject({ code: 'EVIDENCE_INVALID', exit: 2 });
    expect(refusal(text).message).not.toContain('checksum');
  });
});

const RUN_ID = '20261121T053512Z-a1b2c3';

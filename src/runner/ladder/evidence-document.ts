import { createHash } from 'node:crypto';
import type { StagingEvidence } from '../ports/attestation.js';
import { UsageError } from '../ports/errors.js';
import { canonicalJson } from './canonical-json.js';

/** Evidence on its way to another account. The checksum finds damage and careless edits; it is no signature. */
export interface EvidenceDocument {
  readonly format: 'waybill-evidence';
  readonly version: 1;
  readonly evidence: StagingEvidence;
  readonly signedOffBy: string;
  /** ISO instant */
  readonly signedOffAt: string;
  /** SHA-256 in hex over the canonical JSON of all other keys */
  readonly sha256: string;
}

/** `at`: when it was signed off. */
export function evidenceDocument(evidence: StagingEvidence, by: string, at: Date): EvidenceDocument {
  const content = {
    format: 'waybill-evidence',
    version: 1,
    evidence,
    signedOffBy: by,
    signedOffAt: at.toISOString(),
  } as const;
  return { ...content, sha256: checksum(content) };
}

/** Throws UsageError `EVIDENCE_INVALID` for a text that is no such document, is damaged, or of a newer version. */
export function readEvidenceDocument(text: string): EvidenceDocument {
  const document = parsed(text);
  if (!isMap(document) || document['format'] !== 'waybill-evidence')
    throw invalid('is no evidence of Waybill');
  if (document['version'] !== 1) throw invalid('is of a version that this Waybill does not know');
  const { sha256, ...content } = document;
  if (sha256 !== checksum(content)) throw invalid('does not have the content that its checksum was made of');
  const { signedOffBy, signedOffAt, evidence } = content;
  if (!isText(signedOffBy) || !isInstant(signedOffAt))
    throw invalid('does not say who signed it off, and when');
  return {
    format: 'waybill-evidence',
    version: 1,
    evidence: readEvidence(evidence),
    signedOffBy,
    signedOffAt,
    sha256,
  };
}

function checksum(content: object): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid('is no JSON', error);
  }
}

function readEvidence(value: unknown): StagingEvidence {
  if (!isMap(value) || value['gate'] !== 'staging')
    throw invalid('holds no evidence of a run and its validation');
  const { at, plan, env, planVersion, steps } = value;
  if (!isInstant(at) || !isText(plan) || !isText(env) || !isText(planVersion) || !Array.isArray(steps))
    throw invalid('holds incomplete evidence');
  const read = steps.map(readStep);
  if (read.length === 0 || new Set(read.map(({ step }) => step)).size < read.length)
    throw invalid('does not name each step once');
  return { gate: 'staging', at, plan, env, planVersion, steps: read };
}

function readStep(value: unknown): StagingEvidence['steps'][number] {
  if (isMap(value)) {
    const { step, run, validatedAt, checks, records } = value;
    if (isText(step) && isText(run) && isInstant(validatedAt) && isCount(checks) && isCount(records))
      return { step, run, validatedAt, checks, records };
  }
  throw invalid('holds an incomplete step');
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isInstant(value: unknown): value is string {
  return (
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value))
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function invalid(why: string, cause?: unknown): UsageError {
  return new UsageError(
    'EVIDENCE_INVALID',
    `the evidence file ${why}`,
    'Export it again where the plan has passed, and bring the file over as it is: node runner evidence export',
    cause === undefined ? {} : { cause },
  );
}

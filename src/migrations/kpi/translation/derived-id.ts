import { parse, v5 } from 'uuid';

/** The namespace of every id that plan `kpi` derives. Never changes: it is part of ids that are stored. */
const KPI_NAMESPACE = '5c1f0a3e-8d27-4b96-9e54-27d1c6a0b8f3';
const NAMESPACE_BYTES = parse(KPI_NAMESPACE);
const LENGTH_BYTES = 4;

/** The kinds of legacy records that yield data rows. */
export type DataKind = 'milestone' | 'actual' | 'reading';

/**
 * The id of a data row that does not keep its legacy id (K-X01, K-X16).
 *
 * Recipe: UUIDv5 (RFC 9562, 5.5) in {@link KPI_NAMESPACE}; the name is the parts kind, canonical legacy id and link id, each one as four
 * bytes with the number of its UTF-8 bytes (unsigned, big-endian) followed by these bytes. The lengths keep parts
 * apart: no two lists of parts have the same name.
 */
export function dataId(kind: DataKind, canonicalLegacyId: string, linkId: string): string {
  return derived([kind, canonicalLegacyId, linkId]);
}

/**
 * The id of a placeholder whose user's GUID is taken by the placeholder of another tenant. Same recipe as
 * {@link dataId}, with the parts `person`, tenant id and canonical GUID.
 */
export function placeholderId(tenantId: string, userGuid: string): string {
  return derived(['person', tenantId, userGuid]);
}

function derived(parts: readonly string[]): string {
  const lengths = parts.map((part) => Buffer.byteLength(part, 'utf8'));
  const name = Buffer.alloc(lengths.reduce((total, length) => total + LENGTH_BYTES + length, 0));
  let at = 0;
  parts.forEach((part, index) => {
    at = name.writeUInt32BE(lengths[index] ?? 0, at);
    at += name.write(part, at, 'utf8');
  });
  return v5(name, NAMESPACE_BYTES);
}

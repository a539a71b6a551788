import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { stampOf } from '../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { RowFault } from '../contract/migration-step.js';
import { keyText } from '../contract/row-key.js';
import { userOf, type Entity } from './entities.js';
import type { EntityDirectory } from './lookups/entity-directory.js';
import type { UserCompanies } from './resolution/user-companies.js';
import { COMPANY_ID, ledgerOf } from './translation/ledger.js';

/** E-34, E-X11: a reference of a row that leads nowhere in its company. */
export function danglingReference(
  entity: Entity,
  { references }: Pick<EntityDirectory, 'references'>,
  row: StoredItem,
): RowFault | undefined {
  const companyId = textOf(row[COMPANY_ID]) ?? '';
  const user = userOf(entity, stampOf(row)?.source ?? '') ?? '';
  const ledger = ledgerOf(row);
  for (const reference of entity.references) {
    const { field, to } = reference;
    const id = textOf(row[field]);
    if (id === undefined) continue;
    const isWritten = textOf(ledger?.written[field]) === id;
    const original = isWritten ? textOf(ledger?.original[field]) : undefined;
    if (references.leads(reference, companyId, user, id, original)) continue;
    const missing = keyText({ companyId: { S: companyId }, id: { S: id } }, 'companyId', 'id');
    const detail = `there is no ${to} ${id} in company ${companyId}`;
    return { kind: 'orphan', field, missing, detail };
  }
  return undefined;
}

/**
 * E-08: a row that was written for the company of its user and that somebody has put into another one since. Its record is
 * set aside by then, as one whose user has changed companies; only the digest of the row knows which of the two it was.
 */
export function movedRow(
  entity: Entity,
  companies: Pick<UserCompanies, 'companyOf'>,
  row: StoredItem,
): RowFault | undefined {
  const stamp = stampOf(row);
  const companyId = textOf(row[COMPANY_ID]) ?? '';
  const found = companies.companyOf(stamp && userOf(entity, stamp.source));
  if (!found.ok || found.companyId === companyId) return undefined;
  if (contentDigest({ ...row, [COMPANY_ID]: { S: found.companyId } }) !== stamp?.digest) return undefined;
  const detail = `the row was written for company ${found.companyId}, and stands in company ${companyId}`;
  return { kind: 'tenant', field: COMPANY_ID, detail };
}

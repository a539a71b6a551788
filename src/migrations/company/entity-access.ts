import type { AccessPattern } from '../contract/access-pattern.js';
import { indexAccess, keyAccess } from '../contract/index-access.js';
import { COMPANY_TABLES } from './company.tables.js';
import { ENTITIES, type EntityKind } from './entities.js';

/**
 * How the application asks for what belongs to a company (E-07, E-08): by company and id, and for expenses by company and
 * invoice number. Never by an id or a number alone: that would cross companies (E-X33).
 */
export function entityAccess(kind: EntityKind): readonly AccessPattern[] {
  const table = COMPANY_TABLES.find(({ name }) => name === ENTITIES[kind].target);
  if (table === undefined) throw new RangeError(`no table of ${kind}`);
  return [
    keyAccess(table, `${kind} by company and id`),
    ...table.indexes.map((index) =>
      indexAccess(table, index, `${kind} by company and ${index.sortKey ?? ''}`),
    ),
  ];
}

import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { EntityKind } from './entities.js';
import type { EntityPolicy } from './entity-policy.js';
import type { Overrides } from './resolution/overrides.js';

/** Injection token: `EntityParts` (src/runner/composition binds it). */
export const ENTITY_PARTS = Symbol.for('waybill.company.EntityParts');

/** What projects, contractors, works and expenses are decided on with: each by what it refers to, too. */
export interface EntityParts {
  readonly overrides: Overrides;
  readonly policy: EntityPolicy;
  readonly mappers: Readonly<Record<EntityKind, AggregateMapper<unknown>>>;
}

import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';

/**
 * Tells stamps in a step's target tables that no step of the plan writes there: a source table of another kind, or of
 * nobody. Where several steps write to a table, the first of them accounts for strays, so that each is told once.
 */
export function strayStamps(
  plan: Pick<MigrationPlan, 'steps'>,
  step: IMigrationStep,
): (source: string) => boolean {
  const tables = [...step.mappers.keys()];
  const writers = plan.steps.filter((other) => tables.some((table) => other.mappers.has(table)));
  if (writers[0]?.name !== step.name) return () => false;
  const known = new Set(writers.map((writer) => writer.source));
  return (source) => !known.has(source.slice(0, source.indexOf('#')));
}

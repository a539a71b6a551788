import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import {
  sourceName,
  type IMigrationStep,
  type RecordPlanner,
  type StepContext,
} from '../../migrations/contract/migration-step.js';
import type { Decision } from '../../migrations/contract/outcome.js';

/** Is told what the plan's own code does. */
export interface PlanObserver {
  planned?(step: string, source: string, decision: Decision): void;
  threw?(step: string, source: string, error: unknown): void;
}

/** The same plan, watched. What the engine sees of it does not change. */
export function observedPlan(plan: MigrationPlan, observer: PlanObserver): MigrationPlan {
  return { ...plan, steps: plan.steps.map((step) => observedStep(step, observer)) };
}

function observedStep(step: IMigrationStep, observer: PlanObserver): IMigrationStep {
  const prepare = async (context: StepContext): Promise<RecordPlanner> =>
    observedPlanner(await step.prepare(context), step, observer);
  return withMethod(step, 'prepare', prepare);
}

function observedPlanner(
  planner: RecordPlanner,
  step: IMigrationStep,
  observer: PlanObserver,
): RecordPlanner {
  const plan = (record: StoredItem): Decision => {
    const source = sourceName(step, record);
    try {
      const decision = planner.plan(record);
      observer.planned?.(step.name, source, decision);
      return decision;
    } catch (error) {
      observer.threw?.(step.name, source, error);
      throw error;
    }
  };
  return withMethod(planner, 'plan', plan);
}

/** The object with one method replaced; all others see their own object, so that private members work. */
function withMethod<T extends object>(object: T, name: keyof T, method: unknown): T {
  return new Proxy(object, {
    get(target, property): unknown {
      if (property === name) return method;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

import type { IamRequest, IamResult } from '../application.js';
import { planNamed, type ServiceParts } from '../services/service-parts.js';
import { iamPolicies, type PredecessorJournal } from './iam-policies.js';

export type IamParts = Pick<
  ServiceParts,
  'environment' | 'plans' | 'admin' | 'journalTable' | 'planPermissions'
>;

/** `iam`: the policies that the role of a plan needs here. Asks no store. */
export class IamService {
  /** `predecessor`: the journal of the environment that this one follows, where it is in the same account */
  constructor(
    private readonly parts: IamParts,
    private readonly predecessor?: PredecessorJournal,
  ) {}

  iam(request: IamRequest): Promise<IamResult> {
    const { environment, admin, journalTable, planPermissions } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const policies = iamPolicies(
      plan,
      environment,
      journalTable.name,
      (table) => admin.physicalName(table),
      this.predecessor,
      request.restoreSuffix,
      planPermissions?.(plan.name),
    );
    return Promise.resolve({ plan: plan.name, env: environment.name, policies });
  }
}

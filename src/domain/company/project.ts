import type { Instant } from '../values/moment.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';
import { born, type Origin, type OriginState } from './origin.js';

export interface ProjectState extends OriginState {
  readonly companyId: string;
  readonly projectId: string;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
}

const RULES = new Rules('Project');

/** Something that a company builds. What else is known of it is the business of those who wrote it, and travels along. */
export class Project {
  static readonly fields = fieldsOf<ProjectState>({
    companyId: 'key',
    projectId: 'key',
    name: 'text?',
    status: 'text?',
    createdBy: 'key',
    createdAt: 'moment',
    createdAtDerived: 'flag?',
    updatedAt: 'moment',
  });

  private constructor(private readonly held: ProjectState) {}

  /** Birth, under today's rules: ids and name are not blank. Throws DomainRuleError. */
  static create(one: Omit<ProjectState, keyof OriginState>, by: Origin, now: Instant): Project {
    const { companyId, projectId, name = '' } = one;
    for (const [field, text] of Object.entries({ companyId, projectId, name })) RULES.notBlank(field, text);
    return new Project({ ...one, ...born(RULES, by, now) });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: ProjectState): Project {
    checkStructure('Project', Project.fields, state);
    return new Project(state);
  }

  get companyId(): string {
    return this.held.companyId;
  }

  get id(): string {
    return this.held.projectId;
  }

  state(): ProjectState {
    return this.held;
  }
}

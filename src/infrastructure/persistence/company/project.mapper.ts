import { Project, type ProjectState } from '../../../domain/company/project.js';
import { EntityMapper } from './entity.mapper.js';

/** Rows of `construction-expenses-company-projects`. */
export class ProjectMapper extends EntityMapper<ProjectState, Project> {
  constructor() {
    super('construction-expenses-company-projects', 'Project', Project);
  }
}

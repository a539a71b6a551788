import { Work, type WorkState } from '../../../domain/company/work.js';
import { EntityMapper } from './entity.mapper.js';

/** Rows of `construction-expenses-company-works`. */
export class WorkMapper extends EntityMapper<WorkState, Work> {
  constructor() {
    super('construction-expenses-company-works', 'Work', Work);
  }
}

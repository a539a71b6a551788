import { Contractor, type ContractorState } from '../../../domain/company/contractor.js';
import { EntityMapper } from './entity.mapper.js';

/** Rows of `construction-expenses-company-contractors`. */
export class ContractorMapper extends EntityMapper<ContractorState, Contractor> {
  constructor() {
    super('construction-expenses-company-contractors', 'Contractor', Contractor);
  }
}

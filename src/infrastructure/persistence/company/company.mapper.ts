import { Company, type CompanyState } from '../../../domain/company/company.js';
import { StructuredMapper } from '../mapping/structured.mapper.js';

/** Rows of `construction-expenses-companies`. Settings and subscription are none of the model's: they travel along. */
export class CompanyMapper extends StructuredMapper<CompanyState, Company> {
  constructor() {
    super('construction-expenses-companies', 'Company', Company);
  }
}

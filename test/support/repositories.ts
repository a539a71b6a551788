import type { Container } from 'inversify';

import { KPI_DATA_REPOSITORY, type KpiDataRepository } from '../../src/domain/kpi/kpi-data.repository.js';
import { KPI_LINK_REPOSITORY, type KpiLinkRepository } from '../../src/domain/kpi/kpi-link.repository.js';
import { KPI_REPOSITORY, type KpiRepository } from '../../src/domain/kpi/kpi.repository.js';
import { PERSON_REPOSITORY, type PersonRepository } from '../../src/domain/person/person.repository.js';
import type { RepositoriesUnderTest } from './repository-contract.js';

/** The repositories that a container has under the tokens of their ports. */
export function repositoriesOf(
  container: Container,
): Pick<RepositoriesUnderTest, 'links' | 'data' | 'kpis' | 'people'> {
  return {
    links: container.get<KpiLinkRepository>(KPI_LINK_REPOSITORY),
    data: container.get<KpiDataRepository>(KPI_DATA_REPOSITORY),
    kpis: container.get<KpiRepository>(KPI_REPOSITORY),
    people: container.get<PersonRepository>(PERSON_REPOSITORY),
  };
}

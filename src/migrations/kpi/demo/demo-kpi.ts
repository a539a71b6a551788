import type { DemoCompany } from './demo-company.js';
import type { KpiTemplate } from './demo-words.js';
import { KPI_TEMPLATES } from './demo-words.js';
import { SeededRandom } from './seeded-random.js';

/** A KPI of the demo with what its records need to know. */
export interface DemoKpi {
  readonly id: string;
  readonly company: DemoCompany;
  readonly template: KpiTemplate;
  readonly year: number;
  /** numbers for its records: every record draws on them in turn */
  readonly random: SeededRandom;
}

const STREAM = 3;

/** The KPI of this number over all companies. */
export function demoKpi(index: number, company: DemoCompany): DemoKpi {
  const random = new SeededRandom(STREAM, index);
  const template = KPI_TEMPLATES[(index * 5) % KPI_TEMPLATES.length] ?? KPI_TEMPLATES[0];
  return { id: random.guid(), company, template, year: 2022 + (index % 3), random };
}

import type { CheckResult, Counters } from '../ports/journal.js';
import { unaccounted } from '../engine/counters.js';
import type { FindingCollector } from './finding-collector.js';

export interface Tally {
  readonly sources: number;
  readonly quarantined: number;
  /** rows that the records ask for, and rows that are stamped as theirs */
  readonly plannedRows: number;
  readonly stampedRows: number;
  readonly tenantBreaches: number;
  readonly counters?: Counters;
}

/** The named checks of a step, always the same and in the same order, so that reports can be compared. */
export function stepChecks(step: string, tally: Tally, findings: FindingCollector): CheckResult[] {
  const missing = findings.count('missing');
  const checks = [
    equal(
      `${step}: every source record accounted for`,
      tally.sources,
      tally.sources - findings.missingRecords,
    ),
    equal(`${step}: rows of this kind of record`, tally.plannedRows, tally.stampedRows),
    none(`${step}: no row missing`, missing),
    none(`${step}: no row extra`, findings.count('extra')),
    none(`${step}: every field equal`, findings.count('different') - tally.tenantBreaches),
    none(`${step}: ids preserved`, findings.count('id')),
    none(`${step}: no orphans`, findings.count('orphan')),
    none(`${step}: one tenant along every chain`, tally.tenantBreaches),
  ];
  if (tally.counters !== undefined) {
    checks.push(
      equal(`${step}: records read by the run`, tally.sources, tally.counters.read),
      none(`${step}: records without an outcome`, unaccounted(tally.counters)),
      equal(`${step}: quarantined by the run`, tally.quarantined, tally.counters.quarantined),
    );
  }
  return checks;
}

function equal(name: string, expected: number, found: number): CheckResult {
  return { name, passed: expected === found, expected, found };
}

function none(name: string, found: number): CheckResult {
  return { name, passed: found === 0, expected: 0, found };
}

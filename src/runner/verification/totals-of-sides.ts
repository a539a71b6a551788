import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RowTotals, TotalsOfRows } from '../../migrations/contract/row-totals.js';
import type { CheckResult } from '../ports/journal.js';

/** What the rows of a step amount to on either side, where the step says how to add them up. */
export class TotalsOfSides {
  private wanted: RowTotals | undefined;
  private readonly found: RowTotals | undefined;

  /** `isExcused`: whether rows of this source record are expected nowhere, because it met a conflict */
  constructor(
    private readonly totals: TotalsOfRows | undefined,
    private readonly isExcused: (source: string) => boolean,
  ) {
    this.found = totals?.begin();
  }

  /** What was expected before is not valid any more. */
  expectAnew(): void {
    this.wanted = this.totals?.begin();
  }

  expect(table: string, source: string, row: StoredItem): void {
    if (this.counts(table, source)) this.wanted?.add(row);
  }

  find(table: string, source: string, row: StoredItem): void {
    if (this.counts(table, source)) this.found?.add(row);
  }

  checks(step: string): CheckResult[] {
    const { totals, wanted, found } = this;
    if (totals === undefined || wanted === undefined || found === undefined) return [];
    const [expected, stored] = [wanted.values(), found.values()];
    return totals.columns.map((column, at) => {
      const [asked = '', is = ''] = [expected[at], stored[at]];
      return {
        name: `${step}: ${column} equal on both sides`,
        passed: asked === is,
        ...{ expected: asked, found: is },
      };
    });
  }

  private counts(table: string, source: string): boolean {
    return table === this.totals?.table && !this.isExcused(source);
  }
}

import { DomainRuleError } from '../errors.js';
import type { ExactNumber } from './exact-number.js';
import { isBlank } from './white-space.js';

/** Today's rules of one aggregate. Each check throws {@link DomainRuleError} naming the rule where it is broken. */
export class Rules {
  constructor(private readonly aggregate: string) {}

  demand(holds: boolean, rule: string, message: string): void {
    if (!holds) throw new DomainRuleError(this.aggregate, rule, message);
  }

  notBlank(field: string, text: string): void {
    this.demand(!isBlank(text), `${field}-not-blank`, `${field} is blank`);
  }

  /** Both limits included; an absent number breaks nothing. */
  within(field: string, number: ExactNumber | undefined, least: ExactNumber, greatest?: ExactNumber): void {
    if (number === undefined) return;
    const above = greatest !== undefined && number.compare(greatest) > 0;
    this.demand(number.compare(least) >= 0 && !above, `${field}-range`, `${field} is out of range`);
  }
}

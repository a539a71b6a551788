/**
 * A stored row that is structurally not the aggregate it should be. `restore` corrects nothing and applies no
 * business rule; this is all that it can fail with. It becomes a quarantine reason or a finding.
 */
export class RestoreError extends Error {
  constructor(
    readonly aggregate: string,
    readonly field: string,
    readonly found: string,
  ) {
    super(`${aggregate}.${field}: ${found}`);
    this.name = 'RestoreError';
  }
}

/** A rule of today's model that a new aggregate breaks. Only `create` throws it, never `restore`. */
export class DomainRuleError extends Error {
  constructor(
    readonly aggregate: string,
    readonly rule: string,
    message: string,
  ) {
    super(`${aggregate}: ${message}`);
    this.name = 'DomainRuleError';
  }
}

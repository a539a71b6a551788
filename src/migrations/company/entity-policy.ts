/** What a plan may decide on records that nothing else decides. */
export interface EntityPolicy {
  /**
   * What becomes of a record whose id another one of its company has that says something else: `derive` gives it a
   * new id, `fail` sets it aside.
   */
  readonly onCollision: 'derive' | 'fail';
  /** status of expenses, projects, contractors and works that are valid; omitted: any (E-35) */
  readonly statuses?: ReadonlySet<string>;
}

export const DEFAULT_POLICY: EntityPolicy = { onCollision: 'derive' };

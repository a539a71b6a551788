/** A user pool of Amazon Cognito. */
export interface UserPool {
  /** e.g. `eu-central-1_AbC123xyz` */
  readonly userPoolId: string;
  /** undefined: that of the pool's id */
  readonly region?: string | undefined;
}

/** Where a user pool is: its id begins with that. */
export function regionOf({ region, userPoolId }: UserPool): string {
  return region ?? userPoolId.slice(0, userPoolId.indexOf('_'));
}

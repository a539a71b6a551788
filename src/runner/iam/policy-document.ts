/** An IAM policy document (IAM user guide, "JSON policy elements"). */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  /** letters and digits only */
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

export function policyDocument(statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements.filter(({ Resource }) => Resource.length > 0) };
}

export function allow(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
): PolicyStatement {
  return { Sid: sid, Effect: 'Allow', Action: [...actions].sort(), Resource: resources };
}

export function deny(sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return { ...allow(sid, actions, resources), Effect: 'Deny' };
}

/** `arn:aws:dynamodb:<region>:*:table/<name>`; the account is that of the role. China and GovCloud are other partitions. */
export function tableArn(physicalName: string, region: string | undefined): string {
  return `arn:${partition(region)}:dynamodb:${region ?? '*'}:*:table/${physicalName}`;
}

export function partition(region = ''): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

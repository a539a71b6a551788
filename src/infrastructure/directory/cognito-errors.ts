import { StoreError, UsageError, type WaybillError } from '../../runner/ports/errors.js';
import { factsOf } from '../dynamodb/error-facts.js';
import { toStoreError } from '../dynamodb/store-errors.js';

const DENIED: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'NotAuthorizedException',
]);

interface Asked {
  readonly userPoolId: string;
  readonly region: string;
  /** ms that it was asked again and again */
  readonly retriedFor: number | undefined;
}

/** What the runner is told of an error of Cognito. Never the service's own text, which may quote the user. */
export function cognitoError(error: unknown, { userPoolId, region, retriedFor }: Asked): WaybillError {
  const { name } = factsOf(error);
  const options: ErrorOptions = { cause: error };
  if (DENIED.has(name)) {
    return new StoreError(
      'STORE_DENIED',
      `Access to user pool ${userPoolId} was denied.`,
      `Let the role in use perform cognito-idp:AdminGetUser on this user pool: the command iam prints the policy.`,
      options,
    );
  }
  if (name === 'ResourceNotFoundException') {
    return new UsageError(
      'DIRECTORY_INVALID',
      `There is no user pool ${userPoolId} in ${region}.`,
      'Correct the directory among the plan’s options in the environment file.',
      options,
    );
  }
  const told = toStoreError(error, {
    action: `AdminGetUser on user pool ${userPoolId}`,
    endpoint: `cognito-idp.${region}.amazonaws.com:443`,
    ...(retriedFor === undefined ? {} : { retriedFor }),
  });
  const next = NEXT.get(told.code);
  return next === undefined ? told : new StoreError(told.code, told.message, next, options);
}

const AGAIN = 'run the same command again: what is done stays done, a run resumes from its last checkpoint.';

/** Where Cognito needs another advice than DynamoDB. */
const NEXT: ReadonlyMap<string, string> = new Map([
  [
    'STORE_UNREACHABLE',
    `Check the network, the region and AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER; then ${AGAIN}`,
  ],
  ['STORE_THROTTLED', `Wait until the user pool is less busy; then ${AGAIN}`],
  [
    'STORE_FAILED',
    `R${AGAIN.slice(1)} If it fails again, the error’s name tells where to look in the AWS documentation.`,
  ],
]);

import type { AttributeType, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { AskedDirectory } from '../../domain/core-table/user-directory.js';
import { isBlank } from '../../domain/values/white-space.js';
import { DEFAULT_RETRIES, RetryBudget, type RetryPolicy } from '../dynamodb/retry-budget.js';
import { isTransient } from '../dynamodb/transience.js';
import { cognitoError } from './cognito-errors.js';
import { regionOf, type UserPool } from './user-pool.js';

type Sdk = typeof import('@aws-sdk/client-cognito-identity-provider');

interface CognitoDirectoryOptions extends UserPool {
  readonly retries?: RetryPolicy;
  /** users whose answers are remembered; undefined: 100,000 */
  readonly remembered?: number;
}

/** Below the default quota of AdminGetUser, 120 a second, at usual latencies (Amazon Cognito, "Quotas"). */
const REQUESTS_AT_ONCE = 8;
const REMEMBERED = 100_000;
/** What a `Username` may be (Amazon Cognito API reference): no user has another one. */
const USERNAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u;

/** An SDK that is loaded, and a client of it. */
interface Opened {
  readonly sdk: Sdk;
  readonly client: CognitoIdentityProviderClient;
}

/**
 * The users of an Amazon Cognito user pool (C-07), asked for one by one with `AdminGetUser`: a pool may have many more users
 * than the tables, and this request takes a user name as well as a `sub`, whichever the tables have. A user's name is the
 * attribute `name`, else `given_name` and `family_name`. What was answered is remembered as long as the process lives, so
 * that a verification does not ask again. The SDK is loaded with the first question.
 *
 * Throws `StoreError` (`STORE_DENIED` with the permission that is missing, `STORE_THROTTLED`, …) and `UsageError`
 * (`DIRECTORY_INVALID`: there is no such pool).
 */
export class CognitoUserDirectory implements AskedDirectory {
  readonly title: string;
  /** user → name; undefined: the pool has no such user, or no name for it */
  private readonly known = new Map<string, string | undefined>();
  private opened: Promise<Opened> | undefined;

  constructor(private readonly options: CognitoDirectoryOptions) {
    this.title = `user pool ${options.userPoolId}`;
  }

  async namesOf(userIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    const waiting = userIds.values();
    const work = async (): Promise<void> => {
      for (const userId of waiting) {
        signal?.throwIfAborted();
        const name = await this.nameOf(userId, signal);
        if (name !== undefined) names.set(userId, name);
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
    return names;
  }

  private async nameOf(userId: string, signal?: AbortSignal): Promise<string | undefined> {
    if (this.known.has(userId) || !USERNAME.test(userId)) return this.known.get(userId);
    const name = await this.asked(userId, signal);
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size >= (this.options.remembered ?? REMEMBERED))
      this.known.delete(oldest);
    this.known.set(userId, name);
    return name;
  }

  private async asked(userId: string, signal?: AbortSignal): Promise<string | undefined> {
    const { sdk, client } = await (this.opened ??= this.open());
    const { userPoolId, retries = DEFAULT_RETRIES } = this.options;
    const budget = new RetryBudget(retries);
    for (;;) {
      signal?.throwIfAborted();
      try {
        const command = new sdk.AdminGetUserCommand({ UserPoolId: userPoolId, Username: userId });
        const { UserAttributes = [] } = await client.send(
          command,
          signal === undefined ? {} : { abortSignal: signal },
        );
        return nameIn(UserAttributes);
      } catch (error) {
        signal?.throwIfAborted();
        if ((error as { readonly name?: unknown }).name === 'UserNotFoundException') return undefined;
        if (isTransient(error) && (await budget.pause({ signal }))) continue;
        throw cognitoError(error, { userPoolId, region: regionOf(this.options), retriedFor: budget.spent });
      }
    }
  }

  private async open(): Promise<Opened> {
    const sdk = await import('@aws-sdk/client-cognito-identity-provider');
    return { sdk, client: new sdk.CognitoIdentityProviderClient({ region: regionOf(this.options) }) };
  }
}

function nameIn(attributes: readonly AttributeType[]): string | undefined {
  const values = new Map(attributes.map(({ Name, Value }) => [Name, Value ?? '']));
  const whole = values.get('name') ?? '';
  const parts = [values.get('given_name') ?? '', values.get('family_name') ?? ''].filter(
    (one) => !isBlank(one),
  );
  const name = isBlank(whole) ? parts.join(' ') : whole;
  return isBlank(name) ? undefined : name;
}

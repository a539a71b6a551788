import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { CognitoUserDirectory } from '../../../src/infrastructure/directory/cognito-user-directory.js';
import type { RetryPolicy } from '../../../src/infrastructure/dynamodb/retry-budget.js';

const cognito = mockClient(CognitoIdentityProviderClient);
const POOL = 'eu-central-1_AbC123xyz';

/** Waits for nothing; after `patience` pauses the budget is spent. */
function instantly(patience: number): RetryPolicy {
  let time = 0;
  const sleep = (): Promise<void> => {
    time += 1;
    return Promise.resolve();
  };
  return { base: 1, cap: 1, total: patience, now: () => time, sleep, random: () => 0 };
}

function directory(patience = 3, remembered?: number): CognitoUserDirectory {
  const known = remembered === undefined ? {} : { remembered };
  return new CognitoUserDirectory({ userPoolId: POOL, retries: instantly(patience), ...known });
}

function failure(name: string): Error {
  return Object.assign(new Error('User ann@example.org did it'), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
}

function user(attributes: Readonly<Record<string, string>>): {
  UserAttributes: { Name: string; Value: string }[];
} {
  return { UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })) };
}

function asked(): (string | undefined)[] {
  return cognito.commandCalls(AdminGetUserCommand).map(({ args }) => args[0].input.Username);
}

beforeEach(() => cognito.reset());

describe('a directory in a user pool (C-07)', () => {
  it('asks for each user by user name or sub, and gives those names that it knows', async () => {
    cognito
      .on(AdminGetUserCommand, { UserPoolId: POOL, Username: 'ann' })
      .resolves(user({ name: 'Ann Ash' }));
    cognito
      .on(AdminGetUserCommand, { UserPoolId: POOL, Username: 'bob' })
      .resolves(user({ name: ' ', given_name: 'Bob', family_name: 'Birch' }));
    cognito
      .on(AdminGetUserCommand, { UserPoolId: POOL, Username: 'cleo' })
      .resolves(user({ email: 'c@example.org' }));
    cognito
      .on(AdminGetUserCommand, { UserPoolId: POOL, Username: 'dan' })
      .rejects(failure('UserNotFoundException'));
    const found = await directory().namesOf(['ann', 'bob', 'cleo', 'dan']);
    expect([...found].sort()).toEqual([
      ['ann', 'Ann Ash'],
      ['bob', 'Bob Birch'],
    ]);
    expect(asked().sort()).toEqual(['ann', 'bob', 'cleo', 'dan']);
  });

  it('asks once for each user as long as it remembers, absent ones too', async () => {
    cognito.on(AdminGetUserCommand).resolves(user({ name: 'N' }));
    cognito.on(AdminGetUserCommand, { Username: 'gone' }).rejects(failure('UserNotFoundException'));
    const pool = directory(3, 2);
    await pool.namesOf(['gone']);
    await pool.namesOf(['ann']);
    expect([...(await pool.namesOf(['gone', 'ann']))]).toEqual([['ann', 'N']]);
    expect(asked()).toEqual(['gone', 'ann']);
    await pool.namesOf(['bob']);
    await pool.namesOf(['gone']);
    expect(asked()).toEqual(['gone', 'ann', 'bob', 'gone']);
  });

  it('does not ask for ids that no user can have', async () => {
    expect(await directory().namesOf(['two words', '', 'x'.repeat(129)])).toEqual(new Map());
    expect(asked()).toEqual([]);
  });

  it('tries again where it is throttled', async () => {
    cognito
      .on(AdminGetUserCommand)
      .rejectsOnce(failure('TooManyRequestsException'))
      .rejectsOnce(failure('ThrottlingException'))
      .resolves(user({ name: 'Ann' }));
    expect([...(await directory().namesOf(['ann']))]).toEqual([['ann', 'Ann']]);
    expect(asked()).toHaveLength(3);
  });

  it.each([
    ['TooManyRequestsException', 'STORE_THROTTLED', 'Wait until the user pool is less busy', 3],
    ['AccessDeniedException', 'STORE_DENIED', 'cognito-idp:AdminGetUser', 3],
    ['NotAuthorizedException', 'STORE_DENIED', 'cognito-idp:AdminGetUser', 3],
    ['ResourceNotFoundException', 'DIRECTORY_INVALID', 'Correct the directory', 2],
    ['InternalErrorException', 'STORE_FAILED', 'Run the same command again', 3],
  ])('ends with a typed error that says what to do and quotes nobody: %s', async (name, code, next, exit) => {
    cognito.on(AdminGetUserCommand).rejects(failure(name));
    const error: unknown = await directory()
      .namesOf(['ann'])
      .catch((one: unknown) => one);
    expect(error).toMatchObject({ code, exit, next: expect.stringContaining(next) as string });
    expect((error as Error).message).toContain(POOL);
    expect((error as Error).message).not.toContain('example.org');
  });

  it('stops where it is told to', async () => {
    const stop = new AbortController();
    cognito.on(AdminGetUserCommand).callsFake(() => {
      stop.abort(new Error('stopped'));
      return user({ name: 'Ann' });
    });
    const ids = Array.from({ length: 50 }, (_, n) => `u${n}`);
    await expect(directory().namesOf(ids, stop.signal)).rejects.toThrow('stopped');
    expect(asked().length).toBeLessThan(20);
  });
});

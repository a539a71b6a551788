import { existsSync, readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

import type { Fence } from '../../runner/ports/lease.js';
import { configuredEndpoint, isLoopback } from './endpoint.js';
import { passPlainJson } from './plain-json.js';
import { keepPrototypeAttribute } from './prototype-attribute.js';
import { fencedAgent, installRequestFence } from './request-fence.js';
import { expectWholeAnswers } from './whole-answers.js';
import { DynamoDBClient } from './sdk.js';

interface DynamoClientOptions {
  /** undefined: what the AWS SDK resolves */
  readonly region?: string;
  /** undefined: what the AWS SDK resolves */
  readonly endpoint?: string;
  /** undefined: what the AWS SDK resolves */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** connections kept open at most; at least the number of requests that may be in flight */
  readonly maxSockets: number;
  /** milliseconds that one attempt may take */
  readonly requestTimeout: number;
  /** attempts per request, the first included; undefined: 4 */
  readonly maxAttempts?: number;
  /** checked before anything that may write leaves this process, each attempt anew */
  readonly fence?: Fence;
}

type Environment = Readonly<Record<string, string | undefined>>;

const CONNECTION_TIMEOUT_MS = 5_000;
const DEFAULT_ATTEMPTS = 4;

/** What emulators accept; never sent anywhere but to this machine. */
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const LOCAL_REGION = 'us-east-1';

/**
 * The SDK builds a filtered copy of every input and output for `logger.info`, also where nobody listens. Without that
 * method it does not, which makes the client about twice as fast. Credential providers insist on the others.
 */
const SILENT = { trace: ignore, debug: ignore, warn: ignore } as unknown as NonNullable<
  DynamoDBClientConfig['logger']
>;

/**
 * The low-level client: raw attribute values, so that numbers and sets stay exact; standard retries; connections
 * kept open. An endpoint on a loopback host gets a region and credentials where none are configured, so that
 * emulators just work. It is pinned then: those credentials can't go anywhere else.
 */
export function createDynamoClient(
  options: DynamoClientOptions,
  env: Environment = process.env,
): DynamoDBClient {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const { requestTimeout, maxAttempts = DEFAULT_ATTEMPTS, fence } = options;
  const client = new DynamoDBClient({
    ...location(options, env),
    logger: SILENT,
    retryMode: 'standard',
    maxAttempts,
    requestHandler: {
      ...agents(options),
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout,
      throwOnRequestTimeout: true,
      // the request's timeout ends with the answer's headers; without this one, a body that stalls is waited for for ever
      socketTimeout: requestTimeout,
    },
  });
  passPlainJson(client);
  keepPrototypeAttribute(client);
  expectWholeAnswers(client);
  if (fence !== undefined) installRequestFence(client, fence);
  return client;
}

function agents({ maxSockets, fence }: DynamoClientOptions): {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
} {
  const options = { keepAlive: true, maxSockets };
  const [httpAgent, httpsAgent] = [new HttpAgent(options), new HttpsAgent(options)];
  if (fence === undefined) return { httpAgent, httpsAgent };
  return { httpAgent: fencedAgent(httpAgent, fence), httpsAgent: fencedAgent(httpsAgent, fence) };
}

function location(options: DynamoClientOptions, env: Environment): DynamoDBClientConfig {
  const { region, credentials } = options;
  const endpoint = options.endpoint ?? configuredEndpoint(env);
  const given: DynamoDBClientConfig = {
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  if (endpoint === undefined || !isLoopback(endpoint)) return given;
  return {
    ...(hasRegion(env) ? {} : { region: LOCAL_REGION }),
    ...(hasCredentials(env) ? {} : { credentials: LOCAL_CREDENTIALS }),
    ...given,
  };
}

const CREDENTIAL_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

function hasCredentials(env: Environment): boolean {
  if (CREDENTIAL_VARIABLES.some((name) => isSet(env[name]))) return true;
  return existsSync(env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials'));
}

function hasRegion(env: Environment): boolean {
  if (isSet(env['AWS_REGION'])) return true;
  const file = env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config');
  return existsSync(file) && /^\s*region\s*=/m.test(readFileSync(file, 'utf8'));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function ignore(): void {
  // nobody reads the SDK's own log
}

import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

const QUIET = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** Emulators take any; DynamoDB Local keeps the tables of each key and region apart, so all processes use these. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'eu-central-1',
  [QUIET]: 'true',
};

// of the clients in this very process; the others get it with their environment
Object.assign(process.env, { [QUIET]: 'true' });

/**
 * A bare low-level client, as fast as the SDK goes: a logger without `info` keeps it from building filtered log output
 * for every call, and no request waits for a socket.
 */
export function bareClient(endpoint: string, sockets = 256): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: CREDENTIALS.AWS_REGION,
    credentials: {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
    logger: SILENT,
    requestHandler: { httpAgent: { maxSockets: sockets, keepAlive: true } },
  });
}

// credential providers insist on these methods; the costly one, `info`, is absent
const SILENT = {
  trace: ignore,
  debug: ignore,
  warn: ignore,
} as unknown as NonNullable<DynamoDBClientConfig['logger']>;

function ignore(): void {
  // a bench has no use for the SDK's log
}

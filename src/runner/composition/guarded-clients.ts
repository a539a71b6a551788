import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../infrastructure/dynamodb/client.js';
import { installWriteGuard, type GuardPolicy } from '../../infrastructure/dynamodb/write-guard.js';
import type { Environment } from '../ports/environment.js';
import type { Fence } from '../ports/lease.js';

/** Long enough for a full page from a busy table, short enough that a dead connection is noticed. */
const REQUEST_TIMEOUT_MS = 15_000;

interface ClientOptions {
  /** requests in flight at most, scans aside; as many again for reads by key */
  readonly concurrency: number;
  /** what writes are checked against, below the SDK's retries */
  readonly fence?: Fence;
  /** ms; undefined or longer: the usual one */
  readonly requestTimeout?: number;
}

/** Makes clients for one store, each with a guard that permits what its work needs and nothing else (invariant 3). */
export class GuardedClients {
  private readonly open = new Set<DynamoDBClient>();

  constructor(
    private readonly environment: Environment,
    /** undefined: what the AWS SDK resolves */
    readonly endpoint: string | undefined,
  ) {}

  client(policy: GuardPolicy, options: ClientOptions): DynamoDBClient {
    const client = this.unguarded(options);
    installWriteGuard(client, policy);
    return client;
  }

  /** For an adapter that installs a guard of its own. */
  unguarded({ concurrency, fence, requestTimeout }: ClientOptions): DynamoDBClient {
    const { region, segments } = this.environment;
    const client = createDynamoClient({
      ...(region === undefined ? {} : { region }),
      ...(this.endpoint === undefined ? {} : { endpoint: this.endpoint }),
      ...(fence === undefined ? {} : { fence }),
      maxSockets: 2 * concurrency + segments + 8,
      requestTimeout: Math.min(requestTimeout ?? REQUEST_TIMEOUT_MS, REQUEST_TIMEOUT_MS),
    });
    this.open.add(client);
    return client;
  }

  /** Closes one of them before the others. */
  release(client: DynamoDBClient): void {
    this.open.delete(client);
    client.destroy();
  }

  close(): void {
    for (const client of this.open) client.destroy();
  }
}

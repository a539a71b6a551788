import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

type Environment = Readonly<Record<string, string | undefined>>;

/** The endpoint that the environment variables of the AWS SDK name, the service's own first. */
export function configuredEndpoint(env: Environment = process.env): string | undefined {
  const found = env['AWS_ENDPOINT_URL_DYNAMODB'] ?? env['AWS_ENDPOINT_URL'];
  return found === '' ? undefined : found;
}

/** Whether requests go to AWS itself. `endpoint`: undefined where the SDK resolves it. */
export function isAws(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return true;
  return URL.canParse(endpoint) && new URL(endpoint).hostname.toLowerCase().endsWith('.amazonaws.com');
}

/** Whether a URL points at this very machine. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.toLowerCase();
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  );
}

/** `host:port` of where a client sends its requests, for messages; never credentials or paths. */
export async function endpointOf(client: DynamoDBClient, env: Environment = process.env): Promise<string> {
  const custom = await client.config.endpoint?.().catch(() => undefined);
  if (custom !== undefined) return hostAndPort(custom.hostname, custom.port, custom.protocol);
  const configured = configuredEndpoint(env);
  if (configured !== undefined && URL.canParse(configured)) {
    const { hostname, port, protocol } = new URL(configured);
    return hostAndPort(hostname, port === '' ? undefined : Number(port), protocol);
  }
  const region = await client.config.region().catch(() => undefined);
  return region === undefined ? 'DynamoDB' : `dynamodb.${region}.amazonaws.com:443`;
}

function hostAndPort(host: string, port: number | undefined, protocol: string): string {
  return `${host}:${port ?? (protocol === 'http:' ? 80 : 443)}`;
}

import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type as systemName } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './processes/repository.js';
import type { Machine } from './report/result.js';

/** What the measurements ran on; nothing that names the machine itself. */
export function machine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${systemName()} ${release().split('-')[0] ?? ''}`,
    node: process.versions.node,
  };
}

/** Of what was measured and of the client that both sides use. */
export function versions(server: string): Record<string, string> {
  return {
    waybill: versionIn('package.json'),
    '@aws-sdk/client-dynamodb': versionIn('node_modules/@aws-sdk/client-dynamodb/package.json'),
    server,
  };
}

function versionIn(path: string): string {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, path), 'utf8')) as { version: string };
  return version;
}

/** How an endpoint calls itself in its answers, for the name of the results. */
export async function serverName(endpoint: string): Promise<string> {
  const answer = await fetch(endpoint).catch(() => undefined);
  if (answer === undefined) throw new Error(`nothing answers at ${endpoint}`);
  const told = answer.headers.get('server') ?? 'endpoint';
  return told.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '') || 'endpoint';
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application } from '../../../src/runner/application.js';
import { openApplication } from '../../../src/runner/composition/open-application.js';
import { quietLog, quietProgress } from '../engine/quiet.js';
import { startServer } from './server.js';

export interface ServedApplication {
  readonly application: Application;
  readonly endpoint: string;
  /** removed by `close` */
  readonly folder: string;
  /** also puts the variables of this process back that opening it has set */
  close(): Promise<void>;
}

/** The application as the command line opens it, on a server of its own; `environment`: keys of its environment file. */
export async function servedApplication(
  environment: Readonly<Record<string, unknown>>,
): Promise<ServedApplication> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-served-'));
  const server = await startServer();
  const file = { region: 'eu-central-1', seedable: true, ...environment };
  writeFileSync(join(folder, 'dev.json'), JSON.stringify(file));
  const variables = {
    ...{ WAYBILL_ENVIRONMENTS: folder, AWS_ENDPOINT_URL_DYNAMODB: server.endpoint },
    ...{ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  const application = await openApplication({
    ...{ env: 'dev', folder: join(folder, 'state'), logLevel: 'error', terminal: false },
    progress: quietProgress,
    log: { ...quietLog, close: () => Promise.resolve() },
  });
  const close = async (): Promise<void> => {
    await application.close();
    for (const [name, value] of before)
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    await server.stop();
    rmSync(folder, { recursive: true });
  };
  return { application, endpoint: server.endpoint, folder, close };
}

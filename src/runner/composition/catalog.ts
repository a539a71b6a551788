import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentAliases, environmentNames } from '../../infrastructure/config/environment-files.js';
import type { Catalog } from '../application.js';
import { PLAN_OUTLINES } from './plan-outlines.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What there is, read from files and code only. */
export function loadCatalog(): Promise<Catalog> {
  return Promise.resolve({
    environments: environmentNames(),
    aliases: environmentAliases(),
    plans: PLAN_OUTLINES.map((plan) => ({
      name: plan.name,
      title: plan.title,
      steps: plan.steps.map(({ name, title }) => ({ name, title })),
      accept: [...plan.acceptable].map(([reason, flag]) => ({ flag, reason })),
    })),
    ...(existsSync(join(ROOT, 'src/runner/composition')) && { checkout: ROOT }),
  });
}

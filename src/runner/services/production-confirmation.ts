import type { Environment } from '../ports/environment.js';
import { RefusedError } from '../ports/errors.js';

/** production is never touched by a command that does not say so. Throws `PRODUCTION_UNCONFIRMED`. */
export function requireConfirmation(
  environment: Pick<Environment, 'name' | 'production'>,
  request: { readonly dryRun: boolean; readonly confirmProduction: boolean },
): void {
  if (!environment.production || request.dryRun || request.confirmProduction) return;
  throw new RefusedError(
    'PRODUCTION_UNCONFIRMED',
    `${environment.name} is a production environment`,
    'Add --confirm-production if you mean it; --dry-run needs no confirmation.',
  );
}

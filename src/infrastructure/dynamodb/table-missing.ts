import { StoreError } from '../../runner/ports/errors.js';

/** `TABLE_MISSING`: names the physical table and where it was looked for. */
export function tableMissing(physicalName: string, endpoint: string, options?: ErrorOptions): StoreError {
  return new StoreError(
    'TABLE_MISSING',
    `There is no table ${physicalName} at ${endpoint}.`,
    'Create the target tables with `tables create`; for a source table, check the environment’s suffix, table names, region and endpoint.',
    options,
  );
}

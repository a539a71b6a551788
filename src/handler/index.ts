import { loadCatalog } from '../runner/composition/catalog.js';
import { openForFunction, preload } from '../runner/composition/open-for-function.js';
import { createHandler, type FunctionHandler } from './create-handler.js';

export { FunctionError, type FailureKind } from './function-error.js';
export type { FunctionEvent, FunctionState } from './function-event.js';
export type { FunctionResult } from './function-result.js';
export type { FunctionContext } from './time-budget.js';

// Look-ups that outgrow memory go to /tmp, and may hold personal data.
process.umask(0o077);

// Before the first event: a container starts with more processor time than an invocation has, and nobody waits for it.
await preload();

/** `dist/handler/index.handler`: a plan inside AWS Lambda, see docs/function-handler.md. */
export const handler: FunctionHandler = createHandler({ loadCatalog, openForFunction });

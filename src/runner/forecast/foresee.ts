import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { PreflightResult } from '../application.js';
import { WaybillError } from '../ports/errors.js';
import type { ServiceParts } from '../services/service-parts.js';
import type { Forecast, ForecastRequest } from './forecast.js';
import { ForecastService } from './forecast.service.js';

/** The forecast, or why there is none: that never fails a preflight. Throws only where it was asked to stop. */
export async function foresee(
  parts: ServiceParts,
  plan: MigrationPlan,
  { checks }: Pick<PreflightResult, 'checks'>,
  request: ForecastRequest,
): Promise<Forecast | { readonly unmade: string }> {
  const { forecasting } = parts;
  if (forecasting === undefined) return { unmade: 'this composition of Waybill makes no forecasts' };
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length > 0) {
    return {
      unmade: `the tables are not as the plan needs them: ${failed.map(({ name }) => name).join(', ')}`,
    };
  }
  try {
    return await new ForecastService(parts, forecasting).forecast(plan, request);
  } catch (error) {
    request.signal?.throwIfAborted();
    if (!(error instanceof WaybillError)) throw error;
    parts.log.event('warn', 'forecast.unmade', { plan: plan.name, error });
    return { unmade: `${error.code}: ${error.message}` };
  }
}

import type { Prices } from '../ports/environment.js';

/**
 * AWS's list prices of on-demand request units, standard table class, since 2024-11-01. Regions differ by up to half;
 * those that are not here have to be looked up and written into the environment's file.
 */
const LIST: Readonly<Record<string, Prices>> = {
  'us-east-1': { writePerMillion: 0.625, readPerMillion: 0.125, currency: 'USD' },
};
const LIST_SOURCE = 'list prices on demand since 2024-11-01';

/** Undefined where none are known: then units have to do. */
export function pricesIn(
  region: string | undefined,
  configured: Prices | undefined,
): (Prices & { readonly source: string }) | undefined {
  if (configured !== undefined) return { ...configured, source: "prices of the environment's file" };
  if (region === undefined || !Object.hasOwn(LIST, region)) return undefined;
  const listed = LIST[region];
  return listed === undefined ? undefined : { ...listed, source: `${region}, ${LIST_SOURCE}` };
}

export function costOf(prices: Prices, units: { readonly write: number; readonly read: number }): number {
  return (units.write * prices.writePerMillion + units.read * prices.readPerMillion) / 1e6;
}

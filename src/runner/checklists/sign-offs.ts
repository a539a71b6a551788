import type { SignOff } from '../ports/attestation.js';

/** Item → what was said of it last, also where it has expired; what was taken back is left out. Any order in. */
export function signOffsInForce(signOffs: readonly SignOff[]): ReadonlyMap<string, SignOff> {
  const newest = new Map<string, SignOff>();
  for (const signOff of signOffs) {
    const other = newest.get(signOff.item);
    if (other === undefined || signOff.at > other.at) newest.set(signOff.item, signOff);
  }
  return new Map([...newest].filter(([, { withdrawn }]) => withdrawn !== true));
}

/** At the instant itself it counts no more. */
export function isExpired({ until }: Pick<SignOff, 'until'>, now: Date): boolean {
  return until !== undefined && now.getTime() >= Date.parse(until);
}

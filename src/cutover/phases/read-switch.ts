import { createHash } from 'node:crypto';
import type { Conduct } from './phase.js';

const BUCKETS = 100;

/**
 * Whether the reads of a company, tenant or employee come from the new model. The same id gives the same answer in every
 * process, and a growing share only adds ids (E-X20), so nobody flips between the two models. `id` has to be spelled alike
 * everywhere.
 */
export function readsNew({ share }: Pick<Conduct, 'share'>, id: string): boolean {
  return bucketOf(id) < share;
}

/**
 * 0 to 99, from the first four bytes of the SHA-256 of the id in UTF-8. It has no seed, unlike the hashes of runtimes, spreads
 * ids that are alike or counted up, and is at hand in every language that an application may be written in.
 */
export function bucketOf(id: string): number {
  return createHash('sha256').update(id, 'utf8').digest().readUInt32BE(0) % BUCKETS;
}

import { addDigest, SUM_WORDS } from '../../domain/storage/content-sum.js';
import { hash32 } from '../../domain/storage/text-hash.js';

const BUCKETS = 16_384;

/**
 * A side of a comparison in fixed memory: per bucket of row keys, the number of rows and the sum modulo 2^256 of
 * their digests. Two sides with equal rows have equal buckets, whatever order or number of segments they were read
 * in; a sum, unlike an exclusive or, also sees a row that is there twice.
 */
export class BucketDigests {
  private readonly counts = new Float64Array(BUCKETS);
  private readonly sums = new Uint32Array(BUCKETS * SUM_WORDS);

  /** `digest`: 64 hex digits. `owner` is compared too: a row that belongs to another source is another row. */
  add(table: string, key: string, owner: string, digest: string): void {
    const bucket = bucketOf(table, key);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    addDigest(this.sums, bucket * SUM_WORDS, digest, hash32(owner));
  }

  count(bucket: number): number {
    return this.counts[bucket] ?? 0;
  }

  /** The buckets in which the two sides differ, ascending. */
  differences(other: BucketDigests): number[] {
    const differing: number[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      if (!this.sameBucket(other, bucket)) differing.push(bucket);
    }
    return differing;
  }

  private sameBucket(other: BucketDigests, bucket: number): boolean {
    if (this.counts[bucket] !== other.counts[bucket]) return false;
    for (let position = bucket * SUM_WORDS; position < (bucket + 1) * SUM_WORDS; position += 1) {
      if (this.sums[position] !== other.sums[position]) return false;
    }
    return true;
  }
}

export function bucketOf(table: string, key: string): number {
  return hash32(`${table}\0${key}`) % BUCKETS;
}

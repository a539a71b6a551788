const BUCKETS = 16_384;
const LIMBS = 8;

/**
 * A side of a comparison in fixed memory: per bucket of row keys, the number of rows and the sum modulo 2^256 of
 * their digests. Two sides with equal rows have equal buckets, whatever order or number of segments they were read
 * in; a sum, unlike an exclusive or, also sees a row that is there twice.
 */
export class BucketDigests {
  private readonly counts = new Float64Array(BUCKETS);
  private readonly sums = new Uint32Array(BUCKETS * LIMBS);

  /** `digest`: 64 hex digits. `owner` is compared too: a row that belongs to another source is another row. */
  add(table: string, key: string, owner: string, digest: string): void {
    const bucket = bucketOf(table, key);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    let carry = hash32(owner);
    for (let limb = 0; limb < LIMBS; limb += 1) {
      const position = bucket * LIMBS + limb;
      const word = Number.parseInt(digest.slice(limb * 8, limb * 8 + 8), 16);
      const sum = (this.sums[position] ?? 0) + word + carry;
      this.sums[position] = sum >>> 0;
      carry = sum >= 2 ** 32 ? Math.floor(sum / 2 ** 32) : 0;
    }
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
    for (let position = bucket * LIMBS; position < (bucket + 1) * LIMBS; position += 1) {
      if (this.sums[position] !== other.sums[position]) return false;
    }
    return true;
  }
}

export function bucketOf(table: string, key: string): number {
  return hash32(`${table}\0${key}`) % BUCKETS;
}

/** FNV-1a over UTF-16 code units with a final mix: fast, and even enough to spread keys. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

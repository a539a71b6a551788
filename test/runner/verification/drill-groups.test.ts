import { BucketDigests, bucketOf } from '../../../src/runner/verification/bucket-digests.js';
import { drillGroups } from '../../../src/runner/verification/drill.js';

const DIGEST = 'a'.repeat(64);

function side(keys: readonly string[]): BucketDigests {
  const digests = new BucketDigests();
  for (const key of keys) digests.add('t', key, 's', DIGEST);
  return digests;
}

describe('the groups in which differences are read again', () => {
  const keys = Array.from({ length: 500 }, (_, n) => `key ${n}`);
  const differing = [...new Set(keys.map((key) => bucketOf('t', key)))].sort((a, b) => a - b);

  it('invariant 12: hold no more rows than the limit, and each bucket that differs once', () => {
    const groups = drillGroups(side(keys), side([]), 40);
    expect(groups.flatMap((group) => [...group])).toEqual(differing);
    const rows = groups.map((group) => keys.filter((key) => group.has(bucketOf('t', key))).length);
    expect(Math.max(...rows)).toBeLessThanOrEqual(40);
    expect(groups.length).toBeLessThan(20);
  });

  it('are one where all fits, and none where nothing differs', () => {
    expect(drillGroups(side([]), side(keys))).toHaveLength(1);
    expect(drillGroups(side(keys), side(keys))).toEqual([]);
  });

  it('give a bucket that alone passes the limit a group of its own', () => {
    const many = Array.from({ length: 50 }, () => 'one key');
    expect(drillGroups(side(many), side([]), 10).map((group) => [...group])).toEqual([
      [bucketOf('t', 'one key')],
    ]);
  });
});

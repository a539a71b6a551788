/**
 * 32 bits of a text, unsigned: FNV-1a over UTF-16 code units with a final mix. Fast, and even enough to spread keys over
 * buckets and pages. Nothing that outlives a process rests on its numbers.
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

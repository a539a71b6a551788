/** `12345` → `12,345` */
export function formatCount(count: number): string {
  // what Intl makes of whole numbers, without loading its tables, which takes longer than a short command
  if (Number.isSafeInteger(count)) return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(count);
}

/** `1, 'record'` → `1 record`; `2, 'record'` → `2 records` */
export function formatQuantity(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Milliseconds → `0.4 s`, `12 s`, `3 min 20 s`, `1 h 05 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

import { readFileSync } from 'node:fs';

/** Ticks of /proc's processor times per second; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const EVERY_MS = 20;

/** A process at a moment. */
export interface ProcessSample {
  /** ms since the epoch */
  readonly at: number;
  /** processor time of all its threads so far, seconds */
  readonly cpu: number;
  /** resident memory, MB (10⁶ bytes) */
  readonly rss: number;
  /** of that, what is no file: the kernel can't take it back, as it can pages of mapped code and look-ups; MB */
  readonly anonymous: number;
}

/** Processor seconds out of /proc/<pid>/stat: user and system time, fields 14 and 15 of proc(5). */
export function cpuSecondsIn(stat: string): number {
  // the second field, the name in parentheses, may hold spaces and parentheses itself
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** A value of /proc/<pid>/status that is given in kB (1024 bytes), in MB; 0 where it is absent. */
export function megabytesIn(status: string, name: 'VmHWM' | 'VmRSS' | 'RssAnon'): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
  return (Number(found?.[1] ?? 0) * 1024) / 1e6;
}

/** Processor seconds at a moment between samples, by straight lines; before the first one and after the last one: theirs. */
export function cpuAt(samples: readonly ProcessSample[], at: number): number {
  const after = samples.findIndex((sample) => sample.at >= at);
  const later = samples[after];
  if (later === undefined) return samples.at(-1)?.cpu ?? 0;
  const earlier = samples[after - 1];
  if (earlier === undefined || later.at === earlier.at) return later.cpu;
  const share = (at - earlier.at) / (later.at - earlier.at);
  return earlier.cpu + share * (later.cpu - earlier.cpu);
}

/** Looks at a process of ours until `stop`, or until it is gone. Linux only: elsewhere there are no samples. */
export class ProcessWatch {
  readonly samples: ProcessSample[] = [];
  /** highest resident memory so far, MB */
  peak = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pid: number,
    everyMs = EVERY_MS,
  ) {
    this.timer = setInterval(() => this.look(), everyMs);
    this.look();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  look(): void {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
      const cpu = cpuSecondsIn(readFileSync(`/proc/${this.pid}/stat`, 'utf8'));
      const rss = megabytesIn(status, 'VmRSS');
      // what has ended but was not waited for has no memory any more
      if (rss === 0) return;
      this.peak = Math.max(this.peak, megabytesIn(status, 'VmHWM'));
      this.samples.push({ at: Date.now(), cpu, rss, anonymous: megabytesIn(status, 'RssAnon') });
    } catch {
      this.stop();
    }
  }
}

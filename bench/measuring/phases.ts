/** A line that a runner wrote to standard error, and when it came (ms since the epoch). */
export interface TimedLine {
  readonly at: number;
  readonly text: string;
}

/** When a step was where, ms since the epoch. */
export interface StepPhases {
  readonly step: string;
  /** `step.started`: from here on look-ups are loaded and the source is surveyed */
  readonly begun: number;
  /** the first record is read in order to be written */
  readonly writeFrom: number;
  /** the last record is settled: written, journalled and covered by a checkpoint */
  readonly writeTo: number;
  /** `step.ended`: verified */
  readonly ended: number;
}

/**
 * The phases of a run by what it tells on standard error where that is no terminal: its events as JSON lines, and its
 * progress as `<step>: started` and `<step>: <records> done in <seconds> s`. Steps without all four are left out.
 */
export function phasesIn(lines: readonly TimedLine[]): StepPhases[] {
  const found = new Map<string, Partial<Record<keyof StepPhases, number>>>();
  const note = (step: string, phase: keyof StepPhases, at: number): void => {
    found.set(step, { ...found.get(step), [phase]: at });
  };
  for (const { at, text } of lines) {
    const event = eventIn(text);
    if (event?.event === 'step.started') note(event.step, 'begun', event.at);
    else if (event?.event === 'step.ended') note(event.step, 'ended', event.at);
    const progress = /^([\w-]+): (started|\S+ done in .*)$/.exec(text);
    if (progress?.[1] !== undefined)
      note(progress[1], progress[2] === 'started' ? 'writeFrom' : 'writeTo', at);
  }
  return [...found].flatMap(([step, { begun, writeFrom, writeTo, ended }]) =>
    begun === undefined || writeFrom === undefined || writeTo === undefined || ended === undefined
      ? []
      : [{ step, begun, writeFrom, writeTo, ended }],
  );
}

function eventIn(text: string): { event: string; step: string; at: number } | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { event, at, fields } = JSON.parse(text) as {
      readonly event?: string;
      readonly at?: string;
      readonly fields?: { readonly step?: string };
    };
    if (event === undefined || at === undefined || fields?.step === undefined) return undefined;
    return { event, step: fields.step, at: Date.parse(at) };
  } catch {
    return undefined;
  }
}

import { cpu } from './cpu.js';
import type { Figure } from './figure.js';
import { latency } from './latency.js';
import { memory } from './memory.js';
import type { FigureName } from './names.js';
import { plot } from './plot.js';
import { rate } from './rate.js';
import { startup } from './startup.js';
import { verification } from './verification.js';
import { wholeRun } from './whole-run.js';
import { writePhase } from './write-phase.js';

export const FIGURES: Readonly<Record<FigureName, Figure>> = {
  ...{ startup, 'whole-run': wholeRun, 'write-phase': writePhase },
  ...{ cpu, verification, latency, plot, rate, memory },
};

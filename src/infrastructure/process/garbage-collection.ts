import { setFlagsFromString } from 'node:v8';

/**
 * For a process that copies tables. What is live at any moment is small, but V8 lets garbage pile up to several times
 * of it. With this it collects sooner: a quarter less memory for 5 % more processor time, and the same for a table of
 * any size. Not at the start of the process: a short command would collect while its modules are being loaded.
 *
 * The young generation keeps the size that loading has given it, half of what it would grow to: another 20 MB for no time
 * that could be measured. Its limit itself can only be set on the command line, which is the user's.
 */
export function collectSooner(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
}

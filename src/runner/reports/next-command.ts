import type { Environment } from '../ports/environment.js';

/** The plan that is meant where none is named (design, "Command line"). */
export const DEFAULT_PLAN = 'kpi';

/** What a command that writes needs beside its words where the environment is production; else empty. */
export function confirmation({ production }: Pick<Environment, 'production'>): string {
  return production ? ' --confirm-production' : '';
}

/** What a command to type next has to say about where it works. */
interface CommandTarget {
  readonly env: string;
  readonly plan: string;
  /** name the run: needed where the newest one of a step is not meant, e.g. after a dry run */
  readonly run?: string;
}

/** `quarantine list` → `node runner quarantine list --env local`, with plan and run only where they are needed. */
export function nextCommand(command: string, target: CommandTarget): string {
  const plan = target.plan === DEFAULT_PLAN ? '' : ` --plan ${target.plan}`;
  const run = target.run === undefined ? '' : ` --run ${target.run}`;
  return `node runner ${command} --env ${target.env}${plan}${run}`;
}

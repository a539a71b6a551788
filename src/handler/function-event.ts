import type { UnitLimit } from '../runner/ports/rates.js';

/** What an invocation is asked for. What a field leaves out is as on the command line. */
export interface FunctionEvent {
  readonly env: string;
  /** omitted: the default plan of the command line */
  readonly plan?: string;
  /** omitted: all, in the plan's order */
  readonly steps?: readonly string[];
  /** has to end within one invocation: a dry run is never resumed */
  readonly dryRun?: boolean;
  readonly confirmProduction?: boolean;
  /** names of accepting flags, e.g. `allow-unlinked` */
  readonly accept?: readonly string[];
  /** leaves an unfinished run as it is; `next` does not repeat it */
  readonly restart?: boolean;
  /** why there is no backup, or no passed staging run, and the run goes on; signed with `by` */
  readonly withoutBackup?: string;
  readonly withoutStaging?: string;
  readonly by?: string;
  readonly segments?: number;
  readonly concurrency?: number;
  readonly maxWcu?: UnitLimit;
  readonly maxRcu?: UnitLimit;
  /** omitted: half of the working time, 10 to 30 */
  readonly leaseSeconds?: number;
  readonly maxFailures?: number;
  readonly maxQuarantined?: number;
  /** ms at the end in which nothing new is begun; omitted: a tenth of the time, 500 to 20,000 */
  readonly reservedMillis?: number;
  /** invocations one after the other that may come no further before it is an error; omitted: 5 */
  readonly maxIdleInvocations?: number;
  /** the run to go on with; `next` has it */
  readonly run?: string;
  /** what one invocation tells the next one */
  readonly state?: FunctionState;
}

/** Only the handler makes it, and only the handler reads it. */
export interface FunctionState {
  /** those before this one */
  readonly invocations: number;
  /** of these, the last ones that came no further */
  readonly idle: number;
  /** where the run stood, see `progress-mark.ts` */
  readonly mark: string;
}

import type { Application } from '../runner/application.js';
import type { RunLog } from '../runner/ports/run-log.js';

/** An application for one environment, as the composition root makes it for a function. */
export interface OpenedApplication {
  readonly application: Application;
  readonly log: RunLog;
  /** whether later invocations may have it: not where it holds something that others wait for */
  readonly isLasting: boolean;
}

/**
 * The applications of a container that is kept warm: their connections serve one invocation after the other. All that
 * belongs to a run (lease, fence, rate, look-ups) is made by the run and goes with it.
 */
export class WarmApplications {
  private readonly kept = new Map<string, OpenedApplication>();

  constructor(private readonly open: (env: string) => Promise<OpenedApplication>) {}

  /** Gives work an application. One in whose hands something failed is not used again. */
  async use<T>(env: string, work: (opened: OpenedApplication) => Promise<T>): Promise<T> {
    const opened = this.kept.get(env) ?? (await this.open(env));
    if (opened.isLasting) this.kept.set(env, opened);
    try {
      return await work(opened);
    } catch (error) {
      if (this.kept.get(env) === opened) this.kept.delete(env);
      if (opened.isLasting) await this.close(opened);
      throw error;
    } finally {
      if (!opened.isLasting) await this.close(opened);
    }
  }

  /** The outcome stands by now; trouble in closing changes nothing about it. */
  private async close({ application, log }: OpenedApplication): Promise<void> {
    try {
      await application.close();
    } catch (error) {
      log.event('warn', 'application.close-failed', { error });
    }
  }
}

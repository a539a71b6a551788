import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { allValidated, counts, unaccounted, type RunDocument } from '../support/e2e/documents.js';
import { Runner, type Ended } from '../support/e2e/runner.js';
import { freshFolder } from '../support/e2e/stage.js';

/** The server processes on a folder's database, as the system lists them. */
function serversOf(folder: string): number[] {
  const database = join(folder, '.waybill/embedded/dynamodb.db');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine(pid).includes(`serve\0`) && commandLine(pid).includes(database))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The pid in the address file, while there is one. */
function addressPid(folder: string): number | undefined {
  const file = join(folder, '.waybill/embedded/address.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid : undefined;
}

/** Every server pid that was seen until the commands had ended. */
async function serversDuring(folder: string, commands: readonly Promise<Ended>[]): Promise<Set<number>> {
  const seen = new Set<number>();
  const timer = setInterval(() => {
    for (const pid of serversOf(folder)) seen.add(pid);
  }, 20);
  await Promise.all(commands);
  clearInterval(timer);
  return seen;
}

describe('first use of an empty folder, with the embedded server', () => {
  const folder = freshFolder();
  const runner = new Runner(folder.path);
  let first: Ended;
  let second: Awaited<ReturnType<typeof runner.json<RunDocument>>>;
  let address: number | undefined;

  beforeAll(async () => {
    const command = runner.start('--env local');
    await command.said(/run\.started/);
    address = addressPid(folder.path);
    expect(serversOf(folder.path)).toEqual([address]);
    first = await command.ended;
    second = await runner.json<RunDocument>('--env local');
  });
  afterAll(() => folder.remove());

  it('migrates the demo data with one command, exit 0, and says so', () => {
    expect(first.exit).toBe(0);
    expect(first.stdout).toContain('plan kpi, environment local');
    for (const line of [
      /^links +27 +27 /m,
      /^milestones +94 +94 /m,
      /^actuals +185 +185 /m,
      /^readings +94 +94 /m,
    ]) {
      expect(first.stdout).toMatch(line);
    }
    expect(first.stdout.trimEnd()).toMatch(/\nComplete; \d+ checks passed\.$/);
  });

  it('keeps the noise of Node out of stderr', () => {
    expect(first.stderr).not.toMatch(/Warning/);
  });

  it('K-X18: a second run finds everything unchanged, exit 0', () => {
    expect(second.exit).toBe(0);
    expect(second.document).toMatchObject({ plan: 'kpi', env: 'local', status: 'complete', dryRun: false });
    expect(counts(second.document)).toEqual({
      links: [27, 0, 0, 27, 0, 0, 0, 27],
      milestones: [94, 0, 0, 94, 0, 0, 0, 146],
      actuals: [185, 0, 0, 185, 0, 0, 0, 284],
      readings: [94, 0, 0, 94, 0, 0, 0, 168],
    });
    expect(allValidated(second.document)).toBe(true);
    expect(second.document).not.toHaveProperty('error');
  });

  it('stops the server with the last command and keeps the data', () => {
    expect(address).toBeGreaterThan(0);
    expect(serversOf(folder.path)).toEqual([]);
    expect(addressPid(folder.path)).toBeUndefined();
    expect(existsSync(join(folder.path, '.waybill/embedded/dynamodb.db'))).toBe(true);
  });

  it('lets two commands at once share one server', async () => {
    const one = runner.start('validate --env local --json');
    const other = runner.start('report --env local --json');
    expect((await serversDuring(folder.path, [one.ended, other.ended])).size).toBe(1);
    expect([(await one.ended).exit, (await other.ended).exit]).toEqual([0, 0]);
    expect(serversOf(folder.path)).toEqual([]);
  });

  it('K-36, K-37, K-38: the progress comment of a clean run says Complete with all phases ticked', async () => {
    const { exit, stdout } = await runner.run('comment --env local');
    expect(exit).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^### Progress Update - \d{4}-\d{2}-\d{2}$/);
    expect(stdout).toContain('**Status:** Complete\n');
    expect(stdout).toContain('**Environment:** Local\n');
    expect(stdout.match(/^- \[.\] Phase .*$/gm)).toEqual([
      '- [x] Phase 2: GoalKpiLink migration - 27 records',
      '- [x] Phase 3: KpiMilestone migration - 94 records',
      '- [x] Phase 4: KpiActual migration - 185 records',
      '- [x] Phase 5: KpiReading migration - 94 records',
    ]);
    expect(stdout).toMatch(/^- Total checks: ([1-9]\d*)\n- Passed: \1\n- Failed: 0$/m);
    expect(stdout).toContain('**Issues Found:** None');
  });
});

describe('single steps and Ctrl-C, with the embedded server', () => {
  const folder = freshFolder();
  const runner = new Runner(folder.path);
  afterAll(() => folder.remove());

  it('K-X21: refuses milestones before links on fresh tables, exit 3, with the reason and the way out', async () => {
    const { exit, document, stderr } = await runner.json<RunDocument>('run --env local --step milestones');
    expect(exit).toBe(3);
    expect(document).toMatchObject({ status: 'refused', steps: [], error: { code: 'STEP_PREREQUISITE' } });
    expect(document.error?.message).toContain('milestones needs a validated links step');
    expect(document.error?.next).toContain('--step links');
    expect(stderr).toContain('error STEP_PREREQUISITE');
  });

  it('K-29: runs --step links alone; the comment is then In Progress', async () => {
    const { exit, document } = await runner.json<RunDocument>('run --env local --step links');
    expect(exit).toBe(0);
    expect(counts(document)).toEqual({ links: [27, 27, 0, 0, 0, 0, 0, 27] });
    const comment = await runner.run('comment --env local');
    expect(comment.stdout).toContain('**Status:** In Progress\n');
    expect(comment.stdout).toContain('- [x] Phase 2: GoalKpiLink migration - 27 records');
    expect(comment.stdout).toContain('- [ ] Phase 3: KpiMilestone migration - 0 records');
  });

  it('invariant 6: Ctrl-C in the middle ends with exit 4, the database intact; the next run completes', async () => {
    expect((await runner.run('seed --env local --scale 3000')).exit).toBe(0);
    const slowly = '--segments 1 --concurrency 1';
    const command = runner.start(`run --env local --step links,milestones,actuals ${slowly} --json`);
    await command.said(/^actuals: started/m);
    await sleep(300);
    command.signal('SIGINT');
    const { exit, stdout, stderr } = await command.ended;
    const stopped = JSON.parse(stdout) as RunDocument;
    expect(exit).toBe(4);
    expect(stopped).toMatchObject({ status: 'aborted', error: { code: 'ABORTED' } });
    const [links, milestones, actuals] = stopped.steps;
    expect(links).toMatchObject({ read: 190, rows: 190 });
    expect(milestones).toMatchObject({ read: 673, rows: 1130 });
    expect(actuals?.validation.checks).toBe(0);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(serversOf(folder.path)).toEqual([]);

    const other = await runner.json<RunDocument>('run --env local --step actuals');
    expect([other.exit, other.document.error?.code]).toEqual([3, 'RESUME_DIFFERENT']);
    const next = await runner.json<RunDocument>('run --env local --step links,milestones,actuals');
    expect([next.exit, next.document.run]).toEqual([0, stopped.run]);
    expect(allValidated(next.document)).toBe(true);
    const resumed = next.document.steps[2];
    expect(resumed).toMatchObject({ read: 1358, created: 1358, updated: 0, unchanged: 0, rows: 2226 });
    expect(next.document.steps.map(unaccounted)).toEqual([0, 0, 0]);
    // it was stopped in the middle: there was something left to do
    expect(actuals?.read).toBeLessThan(1358);
  }, 150_000);
});

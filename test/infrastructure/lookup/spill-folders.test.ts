import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, processIdentity } from '../../../src/infrastructure/process/process-identity.js';
import { SpillingLookupIndexes } from '../../../src/infrastructure/lookup/spilling-lookup-indexes.js';

let root: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'waybill-spill-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  rmSync(root, { recursive: true, force: true });
});

async function sleeper(): Promise<{ child: ChildProcess; identity: string }> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)']);
  children.push(child);
  await once(child, 'spawn');
  return { child, identity: processIdentity(child.pid)! };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function abandon(name: string): void {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, '000003.log'), 'left behind');
}

describe('processIdentity', () => {
  it('is the same each time and of no other process', async () => {
    const { identity } = await sleeper();
    expect(processIdentity()).toBe(processIdentity(process.pid));
    expect(identity).toMatch(/^\d+-[0-9a-z-]+$/);
    expect(identity).not.toBe(processIdentity());
    expect(isRunning(identity)).toBe(true);
  });

  it('ends with the process, even while its parent has not waited for it', async () => {
    const { child, identity } = await sleeper();
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    // Node waits for its children in the event loop only, so meanwhile this one is a zombie
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    expect(() => process.kill(child.pid!, 0)).not.toThrow();
    expect(isRunning(identity)).toBe(false);
    await gone;
  });

  it('does not take a later process with the same pid for the one it named', () => {
    expect(isRunning(processIdentity()!)).toBe(true);
    expect(isRunning(`${process.pid}-1-00000000`)).toBe(false);
    expect(isRunning('nonsense')).toBe(false);
  });
});

describe('SpillingLookupIndexes.create', () => {
  it('removes what killed processes left and nothing else', async () => {
    const killed = await sleeper();
    const alive = await sleeper();
    abandon(`lookup-${killed.identity}_links_AbC123`);
    abandon(`lookup-${alive.identity}_links_AbC123`);
    abandon(`lookup-${process.pid}-1-00000000_links_AbC123`);
    abandon(`lookup-${processIdentity()!}_links_AbC123`);
    abandon('lookup-somebody-else');
    abandon('runs');
    const entries = (): string[] => readdirSync(root).sort();

    new SpillingLookupIndexes({ root }).create('links');
    expect(entries()).toContain(`lookup-${killed.identity}_links_AbC123`);
    expect(entries()).not.toContain(`lookup-${process.pid}-1-00000000_links_AbC123`);

    await kill(killed.child);
    new SpillingLookupIndexes({ root }).create('links');
    expect(entries()).toEqual(
      [
        `lookup-${alive.identity}_links_AbC123`,
        `lookup-${processIdentity()!}_links_AbC123`,
        'lookup-somebody-else',
        'runs',
      ].sort(),
    );
  });

  it('needs no folder to be there', () => {
    expect(() => new SpillingLookupIndexes({ root: join(root, 'none') }).create('links')).not.toThrow();
    expect(readdirSync(root)).toEqual([]);
  });
});

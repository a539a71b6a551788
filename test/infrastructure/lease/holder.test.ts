import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';

import { isKnownDead, thisHolder } from '../../../src/infrastructure/lease/holder.js';
import { hasEnded, processIdentity } from '../../../src/infrastructure/process/process-identity.js';

describe('holders of leases', () => {
  const here = thisHolder();

  it('are named by host, pid, user, and by what tells them from a later process of the same pid', () => {
    expect(here).toMatchObject({ host: hostname(), pid: process.pid, process: processIdentity() });
    expect(here.user).not.toBe('');
    if (process.platform === 'linux') expect(here.scope).toMatch(/^[0-9a-f-]{36} pid:\[\d+\]$/);
  });

  it('are alive, or gone, or another process than the one meant', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)']);
    await once(child, 'spawn');
    const identity = processIdentity(child.pid)!;
    const holder = { ...here, pid: child.pid!, process: identity };
    expect(isKnownDead(holder, here)).toBe(false);
    expect(isKnownDead({ ...holder, process: identity.replace(/-\d+-/, '-1-') }, here)).toBe(true);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect(isKnownDead(holder, here)).toBe(true);
    expect(hasEnded(identity)).toBe(true);
  });

  it('can’t be judged from another boot, another namespace of pids, or where these are not known', () => {
    const gone = { ...here, process: `${process.pid}-1-00000000` };
    expect(isKnownDead(gone, here)).toBe(true);
    expect(isKnownDead({ ...gone, scope: 'another' }, here)).toBe(false);
    const { host, pid, user } = here;
    const unknown = { host, pid, user, process: gone.process };
    expect(isKnownDead(unknown, here)).toBe(false);
    expect(isKnownDead(unknown, { host, pid, user })).toBe(false);
    expect(isKnownDead({ host, pid, user, scope: here.scope! }, here)).toBe(false);
  });

  it('have not ended just because their name makes no sense', () => {
    expect(hasEnded('nonsense')).toBe(false);
    expect(hasEnded(processIdentity()!)).toBe(false);
  });
});

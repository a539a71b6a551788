import { GuardedClients } from '../../../src/runner/composition/guarded-clients.js';
import { openForFunction, requirePlanFiles } from '../../../src/runner/composition/open-for-function.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import { freshFolder } from '../../support/e2e/stage.js';

const ENVIRONMENT: Environment = {
  ...{ name: 'dev', title: 'Dev', suffix: '', embedded: false, seedable: false, production: false },
  ...{ backup: 'advised', backupHours: 24, tables: {}, attributes: {}, segments: 2, concurrency: 4 },
  region: 'eu-central-1',
};

describe('the composition of a function', () => {
  it('refuses to work where the modules of its plans are not beside it, as in a bundle', () => {
    const folder = freshFolder();
    try {
      expect(() => requirePlanFiles(folder.path)).toThrow(
        expect.objectContaining({ code: 'PLAN_FILES_MISSING', exit: 2 }),
      );
      expect(() => requirePlanFiles()).not.toThrow();
    } finally {
      folder.remove();
    }
  });

  it('keeps an application warm, and gives all of them one log', async () => {
    const [one, two] = [await openForFunction('dev'), await openForFunction('staging')];
    expect([one.isLasting, two.isLasting]).toEqual([true, true]);
    expect(one.log).toBe(two.log);
    expect(one.application).not.toBe(two.application);
    // a log of a run that wrote files would gather one with every invocation
    expect(() => one.log.toFile('/nowhere/at/all')).not.toThrow();
    await Promise.all([one.application.close(), two.application.close()]);
  });

  it('gathers no connections: what a run was opened with goes with the run', () => {
    const clients = new GuardedClients(ENVIRONMENT, 'http://127.0.0.1:1');
    const [lasting, ofRun] = [clients.unguarded({ concurrency: 1 }), clients.unguarded({ concurrency: 1 })];
    const destroyed: string[] = [];
    lasting.destroy = () => void destroyed.push('lasting');
    ofRun.destroy = () => void destroyed.push('of a run');
    clients.release(ofRun);
    expect(destroyed).toEqual(['of a run']);
    clients.close();
    expect(destroyed).toEqual(['of a run', 'lasting']);
  });
});

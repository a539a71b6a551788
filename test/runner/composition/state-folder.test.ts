import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeToOthers } from '../../../src/runner/composition/state-folder.js';

describe('the state folder', () => {
  it('is closed to others where an earlier version left it open; where there is none, none is made', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-state-'));
    try {
      chmodSync(folder, 0o755);
      closeToOthers(folder);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      closeToOthers(join(folder, 'none'));
      expect(() => statSync(join(folder, 'none'))).toThrow('ENOENT');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

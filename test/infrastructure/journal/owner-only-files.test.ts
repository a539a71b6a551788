import { mkdtemp, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerOnlyFolder } from '../../../src/infrastructure/journal/owner-only-files.js';

describe('a folder for its owner only', () => {
  it('is made with all that is above it, and closed to others where it was open', async () => {
    const root = await mkdtemp(join(tmpdir(), 'owner-only-'));
    const deep = join(root, 'a', 'b', 'c');
    await Promise.all([ownerOnlyFolder(deep), ownerOnlyFolder(deep)]);
    expect((await stat(deep)).mode & 0o777).toBe(0o700);
  });

  // Node's recursive mkdir goes round in circles there
  (existsSync('/proc/self') ? it : it.skip)('says so where none can be made', async () => {
    await expect(ownerOnlyFolder('/proc/no-such-folder/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

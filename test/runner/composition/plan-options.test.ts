import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container } from 'inversify';
import {
  CORE_TABLE_REPOSITORY,
  type CoreTableRepository,
} from '../../../src/domain/core-table/core-table.repository.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { CORE_TABLE_TABLES } from '../../../src/migrations/core-table/core-table.tables.js';
import { openApplication } from '../../../src/runner/composition/open-application.js';
import { bindRepositories } from '../../../src/runner/composition/repositories.js';
import { quietProgress } from '../../support/engine/quiet.js';

describe('an environment whose plan options are wrong', () => {
  it('is refused before anything is opened, with every fault and its place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-refused-'));
    const before = process.env['WAYBILL_ENVIRONMENTS'];
    process.env['WAYBILL_ENVIRONMENTS'] = folder;
    try {
      const plans = { personnel: { profileKeys: [] }, 'core-table': { strict: true } };
      writeFileSync(join(folder, 'dev.json'), JSON.stringify({ plans }));
      const opened = openApplication({
        env: 'dev',
        logLevel: 'error',
        terminal: false,
        progress: quietProgress,
      });
      await expect(opened).rejects.toMatchObject({
        code: 'ENVIRONMENT_INVALID',
        exit: 2,
        message: expect.stringMatching(
          /\/plans\/personnel\/profileKeys: [^]*\/plans\/core-table\/strict: /,
        ) as string,
      });
    } finally {
      if (before === undefined) delete process.env['WAYBILL_ENVIRONMENTS'];
      else process.env['WAYBILL_ENVIRONMENTS'] = before;
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the repositories of the application', () => {
  it('C-02: CoreTable has one, too', async () => {
    const container = new Container();
    const memory = new MemoryStore(CORE_TABLE_TABLES);
    memory.load('CoreTable', [
      { PK: { S: 'SERVER#a' }, SK: { S: 'METADATA' }, Type: { S: 'Server' }, name: { S: 'One' } },
    ]);
    bindRepositories(container, { memory });
    const found = await container.get<CoreTableRepository>(CORE_TABLE_REPOSITORY).findServer('a');
    expect(found?.aggregate.state()).toMatchObject({ id: 'a', name: 'One' });
  });
});

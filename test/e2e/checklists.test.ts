import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from '../support/e2e/stage.js';

interface Line {
  readonly id: string;
  readonly status: string;
  readonly basis: string;
  readonly run?: string;
}
interface Lists {
  readonly lists: readonly { readonly list: string; readonly lines: readonly Line[] }[];
}

describe('checklists and attestations on real tables', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.withDemoData();
  });
  afterAll(() => stage.close());

  async function line(id: string): Promise<Line | undefined> {
    const { exit, document, stderr } = await stage.runner.json<Lists>('checklist --env dev');
    if (exit !== 0) throw new Error(stderr);
    return document.lists.flatMap(({ lines }) => lines).find((candidate) => candidate.id === id);
  }

  it('E-X36: measured lines follow what is done, run by run', async () => {
    expect(await line('migrated')).toMatchObject({ status: 'open', basis: 'not measured' });
    expect((await stage.runner.run('--env dev --dry-run')).exit).toBe(0);
    expect(await line('dry-run')).toMatchObject({ status: 'done', basis: 'measured' });
    const { document } = await stage.runner.json<{ readonly run: string }>('--env dev');
    expect(await line('migrated')).toMatchObject({ status: 'done', basis: 'measured', run: document.run });
    expect((await stage.runner.run('validate --env dev')).exit).toBe(0);
    expect(await line('seven-days-verified')).toMatchObject({ status: 'open', basis: 'measured' });
  });

  it('A-39: attested lines follow what people say, and the journal keeps all of it', async () => {
    const attest = 'attest --env dev --item stakeholders-notified --by ann';
    expect(await line('stakeholders-notified')).toMatchObject({ status: 'open', basis: 'not attested' });
    expect((await stage.runner.run(`${attest} --note CHG-4711 --valid-for 7d`)).exit).toBe(0);
    expect(await line('stakeholders-notified')).toMatchObject({
      status: 'done',
      basis: 'attested',
      by: 'ann',
    });
    expect((await stage.runner.run('status --env dev')).stdout).toContain(
      'stakeholders-notified, by ann at ',
    );
    expect((await stage.runner.run('report --env dev')).stdout).toMatch(
      /\n## Attested\n\n.*\n.*\n\| stakeholders-notified \| ann \| .* \| CHG-4711 \|\n/,
    );
    expect((await stage.runner.run(`${attest} --withdraw`)).exit).toBe(0);
    expect(await line('stakeholders-notified')).toMatchObject({ status: 'open', basis: 'not attested' });
    const refused = await stage.runner.json<{ readonly error: { readonly code: string } }>(
      'attest --env dev --item old-tables-unused --by ann',
    );
    expect([refused.exit, refused.document.error.code]).toEqual([3, 'ATTESTED_TOO_EARLY']);
  });

  it('E-26: given figures of plan company fire its triggers', async () => {
    expect((await stage.runner.run('tables create --env dev --plan company')).exit).toBe(0);
    const file = join(stage.runner.folder, 'figures.json');
    writeFileSync(
      file,
      JSON.stringify({ takenAt: '2026-01-01T00:00:00Z', figures: { errorRate: { part: 11, whole: 1000 } } }),
    );
    const ended = await stage.runner.json<{ readonly error: { readonly code: string } }>(
      'checklist --env dev --plan company --figures figures.json',
    );
    expect([ended.exit, ended.document.error.code]).toEqual([1, 'ROLLBACK_TRIGGERED']);
  });

  it('E-12, E-42: the mapping document and the template of an incident come from the command line', async () => {
    const mapping = await stage.runner.run('report --env dev --plan company --mapping');
    expect([mapping.exit, mapping.stdout]).toEqual([0, expect.stringMatching(/^# Mapping: company, dev\n/)]);
    const rollback = await stage.runner.run('rollback --env dev --by ann --why INC-17');
    expect(rollback.exit).toBe(0);
    const [, command = ''] = /node runner (report .* --incident) --out FILE/.exec(rollback.stdout) ?? [];
    const incident = await stage.runner.run(command);
    expect([incident.exit, incident.stdout]).toEqual([0, expect.stringContaining('- **Trigger:** INC-17\n')]);
  });
});

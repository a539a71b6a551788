import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Trial } from '../../../src/conformance/trial/trial.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import { plans } from '../../../src/runner/composition/plans.js';
import { aProject, company, member, T } from '../../migrations/company/entities-trial.js';
import { auditOf } from '../../migrations/company/mapping-trial.js';

type Options = Readonly<Record<string, unknown>>;

function companyPlan(options: Options): MigrationPlan {
  const found = plans({ plans: { company: options } }).find(({ plan }) => plan.name === 'company');
  if (found === undefined) throw new RangeError('there is no plan company');
  return found.plan;
}

const TABLES = {
  [T.oldProjects]: [
    aProject('torn', 'p1'),
    aProject('ann', 'p2'),
    aProject('bob', 'p2', { name: { S: 'Another' } }),
    aProject('ann', 'p3', { status: { S: 'paused' } }),
  ],
  [T.companies]: [company('acme'), company('zeta')],
  [T.users]: [member('acme', 'torn'), member('zeta', 'torn'), member('acme', 'ann'), member('acme', 'bob')],
};

async function ran(options: Options): Promise<Trial> {
  const trial = new Trial(() => companyPlan(options), TABLES);
  await trial.wholeRun({ steps: ['mapping', 'projects'] });
  return trial;
}

describe('plan company as the composition root makes it', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'company-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('A-12: asks the file of overrides that the environment names', async () => {
    const overrides = join(folder, 'overrides.json');
    writeFileSync(overrides, '{ "torn": "zeta" }');
    const trial = await ran({ overrides });
    expect(await auditOf(trial)).toContain('torn override zeta');
    const moved = (trial.tables().get(T.projects) ?? []).map((row) => trial.key(T.projects, row));
    expect(moved).toContain('zeta|p1');
  });

  it('A-11, E-35: takes what the environment says of collisions and statuses', async () => {
    const trial = await ran({ onCollision: 'fail', statuses: ['active'] });
    const [latest] = await trial.runs();
    const reasons: string[] = [];
    for await (const { reason } of trial.journal.entries(latest?.run ?? '', 'projects', 'quarantine'))
      reasons.push(reason);
    expect(reasons.sort()).toEqual(['COMPANY_AMBIGUOUS', 'ID_COLLISION', 'STATUS_INVALID']);
  });

  it('a file of overrides that is none stops the run before anything is decided', async () => {
    const overrides = join(folder, 'nowhere.json');
    const trial = new Trial(() => companyPlan({ overrides }), TABLES);
    const { status, error } = await trial.wholeRun({ steps: ['mapping'] });
    expect({ status, code: error?.code }).toEqual({ status: 'failed', code: 'OVERRIDES_INVALID' });
    expect(trial.writes).toBe(0);
  });
});

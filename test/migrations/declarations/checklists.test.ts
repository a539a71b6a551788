import type { Answer, PlanChecklists } from '../../../src/migrations/contract/checklist.js';
import { COMPANY_CHECKLISTS } from '../../../src/migrations/company/company.checklists.js';
import { PLAN_OUTLINES } from '../../../src/runner/composition/plan-outlines.js';
import { planFiles } from '../../../src/infrastructure/versioning/plan-version.js';
import { Ratio } from '../../../src/runner/checklists/ratio.js';

/** A plan that is new may have none yet. */
const PLANS = ['kpi', 'personnel', 'core-table', 'company'];
const lists = Promise.all(
  PLAN_OUTLINES.filter(({ name }) => PLANS.includes(name)).map(
    async ({ name, checklists }) => [name, await checklists?.()] as const,
  ),
);

function answers({ lists: all }: PlanChecklists): (readonly [id: string, answer: Answer])[] {
  return all.flatMap(({ items }) => items.map(({ id, answer }) => [id, answer] as const));
}

describe('the checklists of the plans', () => {
  it('are there for each of the plans, before, after and at the end', async () => {
    expect((await lists).map(([plan]) => plan)).toEqual(PLANS);
    for (const [plan, checklists] of await lists) {
      const names = checklists?.lists.map(({ list }) => list);
      expect([plan, names]).toEqual([plan, expect.arrayContaining(['pre', 'post', 'final'])]);
      expect(new Set(names).size).toBe(names?.length);
    }
  });

  it('name each item once, say where it is from and whose it is, and wait only for what can be attested', async () => {
    for (const [plan, checklists] of await lists) {
      if (checklists === undefined) throw new Error(plan);
      const items = checklists.lists.flatMap((list) => list.items);
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
      for (const { id, requirement, text, who } of items) {
        expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(requirement).toMatch(/^[A-Z]-\d{2}$/);
        expect([text, who].every((words) => words.length > 1)).toBe(true);
      }
      const attested = answers(checklists).filter(([, { kind }]) => kind === 'attested');
      const ids = attested.map(([id]) => id);
      const waits = answers(checklists).flatMap(([, answer]) =>
        answer.kind === 'elapsed'
          ? [answer.wait]
          : answer.kind === 'attested'
            ? [answer.notBefore ?? []].flat()
            : [],
      );
      const beginnings = waits.flatMap(({ since }) => (since === 'validated' ? [] : [since.item]));
      expect(beginnings.filter((id) => !ids.includes(id))).toEqual([]);
      for (const [, answer] of answers(checklists))
        if (answer.kind === 'figure') expect(Ratio.parse(answer.threshold.limit)).toBeDefined();
    }
  });

  it('E-51: the four approvals before it gate a production run of plan company, and no other plan demands any', async () => {
    const demanded = (checklists: PlanChecklists | undefined): string[] =>
      answers(checklists ?? { lists: [] }).flatMap(([id, answer]) =>
        answer.kind === 'attested' && answer.gates === 'run' ? [id] : [],
      );
    expect(
      Object.fromEntries((await lists).map(([plan, checklists]) => [plan, demanded(checklists)])),
    ).toEqual({
      kpi: [],
      personnel: [],
      'core-table': [],
      company: ['cto-approval', 'product-owner-approval', 'devops-ready', 'qa-ready'],
    });
  });

  it('E-44 to E-51: those of plan company have every item that its document asks for', () => {
    const of = (list: string): [string, string][] =>
      COMPANY_CHECKLISTS.lists
        .filter((one) => one.list === list)
        .flatMap(({ items }) => items.map(({ id, answer }): [string, string] => [id, answer.kind]));
    expect(of('dual-write')).toEqual([
      ['backup', 'measured'],
      ['dry-run', 'measured'],
      ['dashboard-up', 'attested'],
      ['rollback-documented', 'attested'],
    ]);
    expect(of('read-switch').map(([, kind]) => kind)).toEqual([
      'figure',
      'measured',
      'figure',
      'figure',
      'attested',
    ]);
    expect(of('cleanup')).toEqual([
      ['all-traffic-new', 'attested'],
      ['day-of-full-traffic', 'elapsed'],
      ['no-errors-12-hours', 'attested'],
      ['features-validated', 'attested'],
      ['cleanup-approved', 'attested'],
      ['leftovers-settled', 'attested'],
    ]);
    const final = COMPANY_CHECKLISTS.lists.find(({ list }) => list === 'final')?.items[0];
    expect(final?.answer).toEqual({
      kind: 'attested',
      notBefore: { hours: 168, since: { item: 'all-traffic-new' } },
    });
  });

  const waits = async (plan: string): Promise<Record<string, unknown>> => {
    const checklists = (await lists).find(([name]) => name === plan)?.[1] ?? { lists: [] };
    return Object.fromEntries(
      answers(checklists).flatMap(([id, answer]) => {
        const wait = answer.kind === 'elapsed' ? answer.wait : answer.kind === 'attested' && answer.notBefore;
        return wait
          ? [[id, [answer.kind, wait.hours, wait.since === 'validated' ? wait.since : wait.since.item]]]
          : [];
      }),
    );
  };

  it('K-08, K-28: kpi waits 7 days from validation, and asks for the window and its announcement', async () => {
    expect(await waits('kpi')).toEqual({
      'seven-days-verified': ['elapsed', 168, 'validated'],
      'old-tables-unused': ['attested', 168, 'validated'],
    });
    const kpi = (await lists).find(([name]) => name === 'kpi')?.[1];
    const asked = kpi?.lists[0]?.items.filter(({ requirement }) => requirement === 'K-28');
    expect(asked?.map(({ id, answer }) => [id, answer.kind])).toEqual([
      ['window-agreed', 'attested'],
      ['stakeholders-notified', 'attested'],
    ]);
  });

  it('P-35 to P-38 (P-35, P-36, P-37, P-38): personnel waits 48 hours, a week, two weeks and a month', async () => {
    expect(await waits('personnel')).toEqual({
      'watched-48-hours': ['attested', 48, 'reads-switched'],
      'stable-week': ['elapsed', 168, 'reads-switched'],
      'single-writes': ['attested', 168, 'reads-switched'],
      'archive-verified': ['attested', 336, 'single-writes'],
      'good-month': ['elapsed', 744, 'single-writes'],
      'deletion-approved': ['attested', 744, 'single-writes'],
    });
  });

  it('P-41, P-44: personnel tells what is measured from what is given and from what people say', async () => {
    const personnel = (await lists).find(([name]) => name === 'personnel')?.[1];
    const post = personnel?.lists.find(({ list }) => list === 'post')?.items ?? [];
    expect(
      post
        .filter(({ requirement }) => ['P-41', 'P-44'].includes(requirement))
        .map(({ id, answer }) => [id, answer.kind]),
    ).toEqual([
      ['migrated', 'measured'],
      ['read-speed', 'figure'],
      ['documents-updated', 'attested'],
      ['dashboards-up', 'attested'],
      ['teams-trained', 'attested'],
    ]);
  });

  it('C-15, C-27: core-table waits 24 to 48 hours from the switch, and asks for alarms', async () => {
    expect(await waits('core-table')).toEqual({
      'stable-48-hours': ['elapsed', 48, 'traffic-switched'],
      'stability-confirmed': ['attested', 24, 'traffic-switched'],
    });
    const core = (await lists).find(([name]) => name === 'core-table')?.[1];
    const alarms = core?.lists
      .flatMap(({ items }) => items)
      .find(({ requirement }) => requirement === 'C-27');
    expect([alarms?.id, alarms?.answer.kind]).toEqual(['alarms-up', 'attested']);
  });

  it("change no plan's version: they decide on no record", () => {
    const told = PLAN_OUTLINES.flatMap(({ name }) => planFiles(name)).filter((file) =>
      /\.(checklists|mapping)\./.test(file),
    );
    expect(told).toEqual([]);
  });
});

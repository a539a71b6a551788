import type { RunReport } from '../../../src/runner/application.js';
import { statusText } from '../../../src/runner/cli/commands/status-text.js';
import type { SignOff } from '../../../src/runner/ports/attestation.js';
import { renderReport } from '../../../src/runner/reports/run-report.js';
import { entriesOf } from '../cli/command-line-harness.js';

const SIGN_OFF: SignOff = {
  gate: 'checklist',
  at: '2026-11-21T09:00:00.000Z',
  by: 'ann | <b>',
  item: 'qa-ready',
  note: 'on paper\u001b[2J',
  until: '2026-11-28T09:00:00.000Z',
};

const REPORT: RunReport = {
  record: {
    run: 'r-1',
    plan: 'company',
    env: 'production',
    planVersion: 'abc',
    dryRun: false,
    status: 'complete',
    kind: 'rollback',
    startedAt: '2026-11-21T05:35:12Z',
    steps: [],
    flags: [],
    by: 'ben',
    why: 'INC-17',
  },
  steps: [],
  acceptances: [],
  attested: [SIGN_OFF],
  entries: (kind) => entriesOf([])({ kind }),
};

async function rendered(report: RunReport, format: 'json' | 'markdown' | 'html'): Promise<string> {
  let all = '';
  for await (const piece of renderReport(report, format)) all += piece;
  return all;
}

describe('what people have attested', () => {
  it('stands in every form of the report, made safe, and so does who asked for a rollback and why', async () => {
    const markdown = await rendered(REPORT, 'markdown');
    expect(markdown).toContain(
      '\n## Attested\n\n| Item | By | When | Until | Note |\n|---|---|---|---|---|\n' +
        '| qa-ready | ann \\| \\<b\\> | 2026-11-21T09:00:00.000Z | 2026-11-28T09:00:00.000Z | on paper',
    );
    expect(markdown).toContain('- **Asked for by:** ben\n- **What for:** INC-17\n');
    const html = await rendered(REPORT, 'html');
    expect(html).toContain('<h2>Attested</h2>');
    expect(html).toContain('ann | &lt;b&gt;');
    expect(JSON.parse(await rendered(REPORT, 'json'))).toMatchObject({ attested: [SIGN_OFF], by: 'ben' });
    expect(markdown + html).not.toContain('\u001b');
  });

  it('is left out of reports where nobody has attested anything', async () => {
    const { attested: [, ...none] = [], ...report } = REPORT;
    expect(none).toEqual([]);
    for (const format of ['markdown', 'html', 'json'] as const)
      expect(await rendered(report, format)).not.toMatch(/attested/i);
  });

  it('is a line of the status, with its end and its note', () => {
    const plan = { plan: 'company', title: 'Companies', steps: [], runs: [], acceptances: [] };
    const text = statusText({ env: 'production', plans: [{ ...plan, attested: [SIGN_OFF] }] });
    expect(text).toContain(
      '  Attested:\n    qa-ready, by ann | <b> at 2026-11-21T09:00:00.000Z, until 2026-11-28T09:00:00.000Z (on paper\\u{1b}[2J)\n',
    );
  });
});

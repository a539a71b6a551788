import { COMPANY_CHECKLISTS } from '../../../src/migrations/company/company.checklists.js';
import { COMPANY_MAPPING } from '../../../src/migrations/company/company.mapping.js';
import { COMPANY_OUTLINE } from '../../../src/migrations/company/company.outline.js';
import { analysisReport, analysisText } from '../../../src/runner/reports/analysis-report.js';
import { documentText, section } from '../../docs/markdown.js';
import { openedCompany } from './company-application.js';
import { companyInMemory } from './entities-trial.js';

/** The plan's document by hand: what goes in the end, and what stays. */
const GOES = [
  ...['expenses', 'contractors', 'projects', 'works', 'users'].map((kind) => `multi-table-${kind}`),
  'production-table',
].map(named);
const STAYS = [
  ...['companies', 'company-users', 'company-expenses', 'company-projects', 'company-contractors'],
  ...['company-works', 'invitations', 'paddle-customers', 'paddle-payments', 'paddle-subscriptions'],
  'paddle-webhooks',
].map(named);

function named(name: string): string {
  return `construction-expenses-${name}`;
}

/** Numbers in front of what the document counts in several ways. */
const TYPED_IN =
  /\b(\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|thirteen|seventeen|nineteen)\s+(\w+\s+)?(functions|lambdas|tables)\b/gi;

describe('E-X27, A-14: the inventory names tables instead of counting them', () => {
  it('has each table of the document once: seventeen, of which six go and eleven stay', async () => {
    const { tables } = await openedCompany({}).application.analyze({ plan: 'company' });
    const goes = ({ group }: (typeof tables)[number]): boolean => ['source', 'archived'].includes(group);
    const names = (some: typeof tables): string[] => some.map(({ table }) => table).sort();
    expect(names(tables.filter(goes))).toEqual(GOES.sort());
    expect(names(tables.filter((one) => !goes(one)))).toEqual(STAYS.sort());
    expect([GOES.length, STAYS.length, tables.length]).toEqual([6, 11, 17]);
  });

  it('follows the plan’s own lists: a table more is a line more, in the report too', async () => {
    const plan = { ...companyInMemory(), untouched: [...COMPANY_OUTLINE.untouched, 'dock'] };
    const { application } = openedCompany({}, { plans: [plan] });
    const analysis = await application.analyze({ plan: 'company' });
    expect(analysis.tables).toHaveLength(18);
    for (const text of [analysisText(analysis), analysisReport(analysis)])
      expect(text).toMatch(/\bdock\b.*never touched/);
  });

  it('is what the plan’s page comes to', () => {
    const words = section(documentText('docs/plans/company.md'), '## Tables').replace(/\s+/g, ' ');
    expect(words).toContain(
      "Of the seventeen tables that the plan's document lists six go, so eleven remain",
    );
    const { tables, archived, untouched } = COMPANY_OUTLINE;
    const all = [...tables.map(({ name }) => name), ...archived, ...untouched];
    expect(all.filter((name) => !words.includes(`\`${name}\``))).toEqual([]);
    expect(all).toHaveLength(17);
  });
});

describe('E-X28, A-14: numbers that the document contradicts itself on', () => {
  it('stand in nothing that the plan prints', async () => {
    expect('26 core functions, seventeen tables'.match(TYPED_IN)).toHaveLength(2);
    const analysis = await openedCompany({}).application.analyze({ plan: 'company' });
    const printed = [
      ...[analysisText(analysis), analysisReport(analysis)],
      ...[COMPANY_CHECKLISTS, COMPANY_MAPPING].map((said) => JSON.stringify(said)),
      ...COMPANY_OUTLINE.steps.map(({ title }) => title),
    ];
    expect(printed.flatMap((text) => text.match(TYPED_IN) ?? [])).toEqual([]);
  });
});

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documentText } from './markdown.js';

const ADRS = readdirSync('docs/adr').filter((name) => /^\d{4}-/.test(name));
const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'environments/README.md', 'docs/adr/README.md'],
  ...[
    'docs/how-to-add-a-step.md',
    'docs/conformance-kit.md',
    'docs/cutover.md',
    'docs/function-handler.md',
    'docs/plans/kpi.md',
    'examples/parcels/README.md',
  ],
  ...ADRS.map((name) => `docs/adr/${name}`),
];

/** As the usual renderers make them: lower case, spaces to hyphens, other signs dropped. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(document: string): string[] {
  const links = [...documentText(document).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(
    ([, link = '']) => link,
  );
  return links.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? document : join(dirname(document), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchors(documentText(file)).includes(anchor);
  });
}

describe('the documents', () => {
  it.each(DOCUMENTS)('%s links only to what is there', (document) => {
    expect(brokenLinks(document)).toEqual([]);
  });

  it('list every decision under its number, each with its four parts', () => {
    const index = documentText('docs/adr/README.md');
    expect(ADRS.map((name) => name.slice(0, 4))).toEqual(
      ADRS.map((_, at) => String(at + 1).padStart(4, '0')),
    );
    for (const name of ADRS) {
      expect(index).toContain(`[${name.slice(0, 4)}](${name})`);
      const headings = [...documentText(`docs/adr/${name}`).matchAll(/^#{1,2} (.*)$/gm)].map(
        ([, text]) => text,
      );
      expect(headings[0]).toMatch(new RegExp(`^${name.slice(0, 4)} `));
      expect(headings.slice(1)).toEqual(['Status', 'Context', 'Decision', 'Consequences']);
    }
  });
});

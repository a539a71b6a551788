import { conductOf, phaseNamed } from '../../src/cutover/phases/conduct.js';
import { PHASES } from '../../src/cutover/phases/phase.js';
import { PHASE_TIMES } from '../../src/cutover/phases/phase-times.js';
import { typeWords } from '../runner/cli/command-line-harness.js';
import { codeBlocks, documentText, quoted, section, tableRows } from './markdown.js';

const PAGE = documentText('docs/cutover.md');
const WRITES = { legacy: 'legacy', both: 'both', new: 'new' };
const FIRST = { legacy: 'old first', new: 'new first' };

describe('docs/cutover.md', () => {
  const rows = tableRows(section(PAGE, '## Phases')).map(([phase = '', writes = '', reads = '']) => {
    return [quoted(phase)[0] ?? '', writes, reads] as const;
  });

  it('P-10, E-13: tells of each phase what the code does in it', () => {
    const expected = PHASES.flatMap((name) => {
      const phases =
        name === 'reading' ? ([10, 100] as const).map((share) => ({ name, share })) : [phaseNamed(name)];
      return phases.map((phase) => {
        const { writes, truth, share } = conductOf(phase);
        const words = name === 'reading' ? `reading ${share === 100 ? '100' : 'n'} %` : name;
        return [words, `${WRITES[writes]}${writes === 'both' ? `, ${FIRST[truth]}` : ''}`, share] as const;
      });
    });
    expect(rows.map(([phase, writes]) => [phase, writes])).toEqual(
      expected.map(([phase, writes]) => [phase, writes]),
    );
    expect(rows.map(([, , reads]) => reads)).toEqual(
      expected.map(([, , share]) =>
        share === 0 ? 'legacy' : share === 100 ? 'new' : 'n % new, rest legacy',
      ),
    );
  });

  it('E-X18: tells the times that the code keeps to', () => {
    const seconds = Object.values(PHASE_TIMES).map((ms) => ms / 1000);
    expect(seconds).toEqual([5, 30, 60]);
    expect(PAGE).toContain('used for 5 seconds');
    expect(PAGE).toContain('counts for 30 seconds');
    expect(PAGE).toContain('before a minute');
  });

  const commands = codeBlocks(PAGE)
    .filter(({ language }) => language === 'bash')
    .flatMap(({ code }) => code.split('\n'))
    .flatMap((line) => /^node runner (.*)$/.exec(line)?.[1] ?? []);

  it.each([...new Set(commands)])('node runner %s: can be typed', async (command) => {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, one, two]) => one ?? two ?? '');
    const { opened } = await typeWords(words);
    expect(opened.map(({ env }) => env)).toEqual([/--env (\w+)/.exec(command)?.[1]]);
  });
});

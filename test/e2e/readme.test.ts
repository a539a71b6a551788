import { readFileSync } from 'node:fs';
import { Runner, type Ended } from '../support/e2e/runner.js';
import { freshFolder } from '../support/e2e/stage.js';

const FIRST_USE = 'npm ci && ';

/** The commands in the fences marked `bash`, without comments; a backslash at the end continues a line. */
function bashCommands(markdown: string): string[] {
  const fences = [...markdown.matchAll(/^```bash\n([\s\S]*?)^```/gm)].map(([, body = '']) => body);
  return fences
    .flatMap((body) => body.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/(^|\s)#(\s.*)?$/, '')
        .trim(),
    )
    .filter((line) => line !== '');
}

/** What is typed at the runner in a line of a shell; undefined where the line is about something else. */
function runnerWords(line: string): string[] | undefined {
  const typed = /(?:^|\s)node runner(?:\s+(.*?))?(?:\s*(?:\||>|&&|;).*)?$/.exec(line);
  if (typed === null) return undefined;
  return [...(typed[1] ?? '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, one, two, three]) => one ?? two ?? three ?? '',
  );
}

/** Groups with a command that is meant where none is named. */
const DEFAULTED_GROUPS = new Map([['backup', ['backup', 'create']]]);

/** The words before the first option are the command; none means `run`. */
function commandOf(words: readonly string[]): string[] {
  const end = words.findIndex((word) => word.startsWith('-'));
  const command = words.slice(0, end === -1 ? undefined : end);
  if (command.length === 0) return ['run'];
  return command.length === 1 ? (DEFAULTED_GROUPS.get(command[0] ?? '') ?? command) : command;
}

describe('README.md', () => {
  const folder = freshFolder();
  const markdown = readFileSync('README.md', 'utf8');
  const commands = bashCommands(markdown);
  const help = new Map<string, Ended>();
  afterAll(() => folder.remove());

  beforeAll(async () => {
    const runner = new Runner(folder.path);
    for (const line of commands) {
      const words = runnerWords(line);
      if (words === undefined) continue;
      const command = commandOf(words).slice(0, 2).join(' ');
      if (!help.has(command)) help.set(command, await runner.run(`${command} --help`));
    }
  });

  it('has at most 150 lines and begins with the two commands', () => {
    expect(markdown.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
    expect(commands.slice(0, 2)).toEqual([`${FIRST_USE}node runner --env local`, `${FIRST_USE}npm test`]);
  });

  it('its first command works in an empty folder, exit 0', async () => {
    const words = runnerWords(commands[0]?.slice(FIRST_USE.length) ?? '');
    const { exit, stdout } = await new Runner(folder.path).run(words?.join(' ') ?? 'no such command');
    expect(exit).toBe(0);
    expect(stdout.trimEnd()).toMatch(/\nComplete; \d+ checks passed\.$/);
  });

  it('its second command is a script of package.json that builds before it tests', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const name = /^npm (?:run )?(\S+)$/.exec(commands[1]?.slice(FIRST_USE.length) ?? '')?.[1] ?? '';
    expect(Object.keys(scripts)).toContain(name);
    expect(scripts[name]).toMatch(/^npm run build && /);
  });

  it.each(commands.filter((line) => runnerWords(line) !== undefined))(
    '%s: the command and its options exist',
    (line) => {
      const words = runnerWords(line) ?? [];
      const { exit, ...shown } = help.get(commandOf(words).slice(0, 2).join(' '))!;
      expect(exit).toBe(0);
      // explanations go on under themselves
      const stdout = shown.stdout.replaceAll(/\n {12,}/g, ' ');
      // help never fails, not even for a word that is no command: then it is that of the whole program
      const [first = ''] = words;
      if (!first.startsWith('-') && first !== '')
        expect(stdout).toMatch(new RegExp(`^Usage: node runner ${first}`));
      // that of a group means that the command of the group is misspelt or missing
      if (first !== '' && !first.startsWith('-')) expect(stdout.split('\n')[0]).not.toContain('[command]');
      for (const [position, word] of words.entries()) {
        if (!word.startsWith('-')) continue;
        const [flag = '', value = words[position + 1] ?? ''] = word.split('=');
        if (flag !== '--help' && flag !== '--version')
          expect(stdout).toMatch(new RegExp(`(^|[ ,])${flag}([ ,]|$)`, 'm'));
        if (['--env', '--plan', '--step'].includes(flag) && value !== value.toUpperCase()) {
          for (const one of value.split(',')) expect(stdout).toMatch(new RegExp(`${flag}.*\\b${one}\\b`));
        }
      }
    },
  );
});

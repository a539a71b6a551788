import type { Command } from 'commander';
import { allCommands } from '../../../src/runner/cli/commands/index.js';
import { buildProgram } from '../../../src/runner/cli/program.js';
import { WaybillError } from '../../../src/runner/ports/errors.js';
import { CATALOG, type, typeWords } from './command-line-harness.js';

function commandsUnder(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsUnder)];
}

function wordsOf(command: Command): string[] {
  return command.parent === null ? [] : [...wordsOf(command.parent), command.name()];
}

const ALL = commandsUnder(buildProgram('1.2.3', CATALOG, await allCommands(), () => undefined));

describe('help', () => {
  it('K-05: tells of backups what they hold, what there is to type, and where the options are', async () => {
    const { stdout } = await type('backup --help');
    expect(stdout).toContain('copies of all tables of a plan');
    expect(stdout.replace(/\s+/g, ' ')).toContain('write all tables of the plan, look-ups included');
    expect(stdout).toContain('its options: node runner backup create --help');
    const example = /backups\/(\S+)/.exec((await type('restore --help')).stdout)?.[1];
    expect(example).toMatch(/^kpi-dev-\d{8}T\d{6}Z-[0-9a-f]{6}$/);
  });

  it('knows every command of the design', () => {
    expect(ALL.map((command) => wordsOf(command).join(' ')).sort()).toEqual(
      [
        '',
        'attest',
        'backup',
        'backup create',
        'backup drill',
        'backup list',
        'backup verify',
        'checklist',
        'comment',
        'conflicts',
        'conflicts list',
        'conflicts show',
        'evidence',
        'evidence export',
        'evidence import',
        'iam',
        'phase',
        'phase advance',
        'phase back',
        'phase show',
        'plans',
        'plans list',
        'plans new',
        'preflight',
        'analyze',
        'decisions',
        'decisions list',
        'quarantine',
        'quarantine accept',
        'quarantine export',
        'quarantine list',
        'quarantine retry',
        'quarantine show',
        'report',
        'restore',
        'rollback',
        'run',
        'seed',
        'status',
        'stop',
        'tables',
        'tables create',
        'tune',
        'validate',
        'warnings',
        'warnings list',
      ].sort(),
    );
  });

  it.each(ALL.map((command) => [wordsOf(command)]))(
    'of %j exits 0 with an example of that command',
    async (words) => {
      const ended = await typeWords([...words, '--help']);

      expect(ended.exit).toBe(0);
      expect(ended.stderr).toBe('');
      const examples = ended.stdout.split('Examples:\n')[1]?.trim().split('\n') ?? [];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(example).toMatch(/^\s*\$ node runner /);
      const call = words[0] === 'run' ? '' : words.join(' ');
      expect(examples.join('\n')).toContain(`$ node runner ${call}`);
    },
  );

  it('shows only examples that the command line accepts', async () => {
    const composition = {
      openApplication: () => Promise.reject(new WaybillError(3, 'ACCEPTED', 'the words were understood', '')),
    };
    let examples = 0;
    for (const command of ALL) {
      const { stdout } = await typeWords([...wordsOf(command), '--help']);
      for (const [, call = ''] of stdout.matchAll(/\$ node runner (.*)/g)) {
        const ended = await typeWords(call.replaceAll("'", '').split(' '), { composition });
        examples += 1;
        if (!call.startsWith('plans'))
          expect([call, ended.stderr]).toEqual([call, expect.stringContaining('ACCEPTED')]);
      }
    }
    expect(examples).toBeGreaterThan(ALL.length);
  });

  it('of the program needs neither plans nor environments', async () => {
    const composition = { loadCatalog: () => Promise.reject(new Error('loaded')) };

    for (const words of ['--help', '-h', 'help', '--version', '-V']) {
      expect((await type(words, { composition })).exit).toBe(0);
    }
  });

  it('of run lists the plans, their steps and their accepting flags', async () => {
    const { stdout } = await type('run --help');

    expect(stdout).toContain('plan: kpi, company (default: kpi)');
    expect(stdout.replace(/\s+/g, ' ')).toContain('kpi: links, milestones, actuals, readings');
    expect(stdout).toContain('--allow-unlinked');
    expect(stdout).toContain('KPI_UNLINKED (plan kpi)');
  });

  it('is one document under --json', async () => {
    const help = await type('status --help --json');
    const version = await type('--json --version');

    expect(JSON.parse(help.stdout).help).toContain('Usage: node runner status');
    expect(JSON.parse(version.stdout)).toEqual({ version: '1.2.3' });
  });

  it('prints the version alone', async () => {
    expect(await type('--version')).toMatchObject({ exit: 0, stdout: '1.2.3\n', stderr: '' });
  });
});

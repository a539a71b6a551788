import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stage } from '../support/e2e/stage.js';

const HOOK = pathToFileURL(resolve('test/support/e2e/loaded-modules.js')).href;

/** Two for each plan among them. All modules took 800; each is half a millisecond until a command's first word. */
const MODULES = 210;

/** What carries migrations out, draws, logs, spills or backs up. */
const HEAVY = [
  '@aws-sdk/client-s3',
  '@aws-sdk/lib-dynamodb',
  'class-validator',
  'cli-progress',
  'inversify',
  'reflect-metadata',
  'winston',
];

describe('what a command loads', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.withDemoData();
    const { exit, stderr } = await stage.runner.run('--env dev');
    if (exit !== 0) throw new Error(stderr);
  });
  afterAll(() => stage.close());

  async function loadedBy(words: string): Promise<{ readonly stdout: string; readonly modules: string[] }> {
    const list = join(stage.runner.folder, 'modules.txt');
    const { exit, stdout, stderr } = await stage.runner.run(words, {
      NODE_OPTIONS: `--import ${HOOK}`,
      LOADED_MODULES: list,
    });
    if (exit !== 0) throw new Error(stderr);
    const modules = new Set(readFileSync(list, 'utf8').split('\n').filter(isFile));
    return { stdout, modules: [...modules] };
  }

  it.each([
    ['status --env dev', 'validated'],
    ['stop --env dev', 'Nothing to stop'],
    ['tune --env dev --max-wcu 100', 'Nothing to tune'],
    ['report --env dev', 'complete'],
    ['comment --env dev', 'Complete'],
    ['quarantine list --env dev', 'None.'],
  ])(
    '%s loads a quarter of the modules, and nothing that only runs and backups need',
    async (words, said) => {
      const { stdout, modules } = await loadedBy(words);

      expect(stdout).toContain(said);
      expect(packagesOf(modules).filter((name) => HEAVY.includes(name))).toEqual([]);
      expect(packagesOf(modules)).toContain('@aws-sdk/client-dynamodb');
      expect(modules.filter((url) => /\/dist\/migrations\/.*(step|planner|mapper)\.js$/.test(url))).toEqual(
        [],
      );
      expect(modules.length).toBeLessThan(MODULES);
    },
  );

  it('a run loads what carries it out, so that the list is one of all modules', async () => {
    const { modules } = await loadedBy('--env dev --dry-run');

    expect(packagesOf(modules)).toEqual(expect.arrayContaining(['class-validator', 'inversify', 'winston']));
    expect(modules.length).toBeGreaterThan(MODULES);
  });
});

function isFile(url: string): boolean {
  return url.startsWith('file:');
}

/** `@inversifyjs/core` counts for inversify: it is nothing else's. */
function packagesOf(modules: readonly string[]): string[] {
  const names = modules.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  return [...new Set(names.map((name) => (name.startsWith('@inversifyjs/') ? 'inversify' : name)))].sort();
}

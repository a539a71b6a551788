import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** Folders of `src` that the command line is made of; what they do not import is never loaded. */
const FOLDERS = ['runner', 'domain/storage', 'migrations/contract', 'cutover/phases'];
const LIMIT_MS = 20_000;

export interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The real entry (`src/runner/index.ts`) in a process of its own, with a composition root that the test writes. It is
 * transpiled anew, so that no build is needed and none can be out of date.
 */
export class SpawnedCommandLine {
  private constructor(private readonly folder: string) {}

  /** `composition`: the text of a JavaScript module that exports `loadCatalog` and `openApplication`. */
  static async with(composition: string): Promise<SpawnedCommandLine> {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-test-'));
    for (const part of FOLDERS) await transpile(part, folder);
    await writeFile(join(folder, 'dist/runner/composition/index.js'), composition);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', version: '1.2.3' }));
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    return new SpawnedCommandLine(folder);
  }

  start(words: string): SpawnedCommand {
    const entry = join(this.folder, 'dist/runner/index.js');
    return new SpawnedCommand(
      spawn(process.execPath, [entry, ...words.split(' ')], {
        cwd: this.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Permissions of what commands made in their folder. */
  modes(...names: readonly string[]): Promise<number[]> {
    return Promise.all(names.map(async (name) => (await stat(join(this.folder, name))).mode & 0o777));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

export class SpawnedCommand {
  readonly ended: Promise<Ended>;
  private stdout = '';
  private stderr = '';

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    this.ended = new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', (exit, signal) => {
        clearTimeout(timer);
        done({ exit, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Waits until stderr has the text; rejects when the process ends without it. */
  async said(text: string): Promise<void> {
    while (!this.stderr.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`it never said '${text}' but:\n${this.stderr}`);
      await new Promise((later) => setTimeout(later, 10));
    }
  }
}

async function transpile(part: string, folder: string): Promise<void> {
  const root = resolve('src', part);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(folder, 'dist', source.slice(resolve('src').length + 1).replace(/\.ts$/, '.js'));
    const { outputText } = ts.transpileModule(await readFile(source, 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        verbatimModuleSyntax: true,
        experimentalDecorators: true,
      },
    });
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, outputText);
  }
}

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const SOURCE = resolve('src');

/**
 * Compiles modules of `src` and all that they import into `<folder>/dist`, as the build does it but without types,
 * so that tests can run them in processes of their own. Returns the path of a module there.
 */
export function compileInto(folder: string, entries: readonly string[]): (module: string) => string {
  const done = new Set<string>();
  const waiting = entries.map((entry) => join(SOURCE, entry));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const output = compile(path);
    const target = join(folder, 'dist', relative(SOURCE, path).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, output);
    for (const [, specifier] of output.matchAll(/(?:from|import) '(\.[^']+)\.js'/g)) {
      waiting.push(join(dirname(path), `${specifier!}.ts`));
    }
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return (module) => join(folder, 'dist', module.replace(/\.ts$/, '.js'));
}

function compile(path: string): string {
  return ts.transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText;
}

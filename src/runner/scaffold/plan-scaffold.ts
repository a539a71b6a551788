import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../ports/errors.js';
import { refuseUnwritable, write, type FileSet } from './file-set.js';
import { formatted } from './formatting.js';
import type { PlanNames } from './plan-names.js';
import { REGISTRIES, registered } from './registration.js';
import { Templates } from './templates.js';

/**
 * The files of a plan that works, from templates, and the files that list plans with it in them. Writes nothing.
 * Throws `UsageError` where a name is taken, `RefusedError` where a place for the plan can't be told.
 */
export async function scaffoldOf(checkout: string, names: PlanNames): Promise<FileSet> {
  const templates = new Templates(checkout);
  refuseFolders(checkout, names);
  refuseWords(templates.words(), names);
  await refuseTables(checkout, names);
  const created = await formatted(checkout, templates.files(names));
  const registries = await Promise.all(
    REGISTRIES.map(async (path) => {
      const text = await readFile(join(checkout, path), 'utf8');
      return { path, text: registered(path, text, names) };
    }),
  );
  const files = { created, changed: await formatted(checkout, registries) };
  await refuseUnwritable(checkout, files);
  return files;
}

/** Writes a scaffold, all of it or nothing. */
export function writeScaffold(checkout: string, files: FileSet): Promise<void> {
  return write(checkout, files);
}

/** Folders that a plan has to itself: its version covers whatever lies in them. */
function refuseFolders(checkout: string, { plan: { kebab } }: PlanNames): void {
  const folders = ['src/migrations', 'src/domain', 'src/infrastructure/persistence'];
  const tests = ['test/migrations', 'test/domain'];
  const taken = [...folders, ...tests]
    .map((folder) => `${folder}/${kebab}`)
    .find((path) => existsSync(join(checkout, path)));
  if (taken === undefined) return;
  throw new UsageError(
    'NAME_TAKEN',
    `There is already a folder ${taken}.`,
    'Nothing was written. Choose another name for the plan.',
  );
}

/** Names of a plan that would hide one of the words that its code needs, or each other. */
function refuseWords(words: ReadonlySet<string>, { plan, step, aggregate }: PlanNames): void {
  const names = [
    ...[aggregate.pascal, `${aggregate.pascal}State`, `Legacy${aggregate.pascal}Record`],
    ...[`${aggregate.pascal}Mapper`, `${aggregate.constant}_MAPPER`],
    ...[step.constant, `${step.pascal}Step`, `${step.pascal}Planner`],
    ...[`${plan.constant}_TABLES`, `${plan.constant}_OUTLINE`, `${plan.constant}_STEPS`],
    ...[`${plan.pascal}DemoData`, `${plan.camel}Plan`],
  ];
  const used = names.find((name, at) => words.has(name) || names.indexOf(name) !== at);
  if (used === undefined) return;
  throw new UsageError(
    'NAME_TAKEN',
    `The plan would call something ${used}, and its code needs that word for something else.`,
    'Nothing was written. Choose another name for the plan, or for its first step with --step.',
  );
}

/** Two plans that write to one table would be in each other's way. */
async function refuseTables(checkout: string, { step }: PlanNames): Promise<void> {
  const folder = join(checkout, 'src/migrations');
  const names = [step.kebab, `legacy-${step.kebab}`];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name, `${entry.name}.tables.ts`);
    if (!existsSync(path)) continue;
    const text = await readFile(path, 'utf8');
    const taken = names.find((name) => text.includes(`'${name}'`));
    if (taken === undefined) continue;
    throw new UsageError(
      'NAME_TAKEN',
      `Plan ${entry.name} has a table called ${taken}.`,
      'Nothing was written. Choose another name for the first step, with --step.',
    );
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanNames, Spellings } from './plan-names.js';

/** A file of a scaffold; the path is relative to the checkout, with slashes. */
export interface ScaffoldFile {
  readonly path: string;
  readonly text: string;
}

const FOLDER = 'src/runner/scaffold/templates';

/** Template → the file that it becomes, in the order in which a new user reads them. */
const TEMPLATES: readonly (readonly [template: string, path: string])[] = [
  ['aggregate.ts', 'src/domain/{{plan.kebab}}/{{aggregate.kebab}}.ts'],
  ['legacy-record.ts', 'src/domain/{{plan.kebab}}/legacy/legacy-{{aggregate.kebab}}.record.ts'],
  ['mapper.ts', 'src/infrastructure/persistence/{{plan.kebab}}/{{aggregate.kebab}}.mapper.ts'],
  ['tables.ts', 'src/migrations/{{plan.kebab}}/{{plan.kebab}}.tables.ts'],
  ['tokens.ts', 'src/migrations/{{plan.kebab}}/{{plan.kebab}}.tokens.ts'],
  ['outline.ts', 'src/migrations/{{plan.kebab}}/{{plan.kebab}}.outline.ts'],
  ['planner.ts', 'src/migrations/{{plan.kebab}}/{{step.kebab}}.planner.ts'],
  ['step.ts', 'src/migrations/{{plan.kebab}}/{{step.kebab}}.step.ts'],
  ['plan.ts', 'src/migrations/{{plan.kebab}}/{{plan.kebab}}.plan.ts'],
  ['demo-data.ts', 'src/migrations/{{plan.kebab}}/demo/{{plan.kebab}}-demo-data.ts'],
  ['contract-page.md', 'docs/plans/{{plan.kebab}}.md'],
  ['aggregate.test.ts', 'test/domain/{{plan.kebab}}/{{aggregate.kebab}}.test.ts'],
  ['step.test.ts', 'test/migrations/{{plan.kebab}}/{{step.kebab}}.step.test.ts'],
  ['contract-page.test.ts', 'test/migrations/{{plan.kebab}}/contract-page.test.ts'],
  ['conformance.test.ts', 'test/migrations/{{plan.kebab}}/{{plan.kebab}}.conformance.test.ts'],
];

const PLACEHOLDER = /\{\{(plan|step|aggregate)\.(kebab|pascal|camel|constant|words|title)\}\}/g;
/** Words there mean nothing to the compiler: comments, and texts in single quotes. */
const SILENT = /\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'/g;

/** The templates of a checkout. */
export class Templates {
  private readonly sources: readonly ScaffoldFile[];

  constructor(checkout: string) {
    this.sources = TEMPLATES.map(([template, path]) => ({
      path,
      text: readFileSync(join(checkout, FOLDER, `${template}.template`), 'utf8'),
    }));
  }

  /** The files of a plan with these names, not formatted yet. */
  files(names: PlanNames): readonly ScaffoldFile[] {
    return this.sources.map(({ path, text }) => ({ path: filled(path, names), text: filled(text, names) }));
  }

  /** The identifiers that the templates use themselves, whatever the plan is called. */
  words(): ReadonlySet<string> {
    const code = this.sources.filter(({ path }) => path.endsWith('.ts'));
    return new Set(code.flatMap(({ text }) => identifiers(text.replace(/[\w$]*\{\{[^}]*\}\}[\w$]*/g, ' '))));
  }
}

/** The text with its placeholders replaced. Throws `RangeError` for a placeholder that there is not. */
export function filled(text: string, names: PlanNames): string {
  const result = text.replaceAll(
    PLACEHOLDER,
    (_, name: keyof PlanNames, spelling: keyof Spellings) => names[name][spelling],
  );
  if (result.includes('{{')) throw new RangeError('a template has a placeholder that nothing fills');
  return result;
}

/** What code calls by a name. */
export function identifiers(code: string): string[] {
  return code.replaceAll(SILENT, ' ').match(/[A-Za-z_$][\w$]*/g) ?? [];
}

import { RefusedError, UsageError } from '../ports/errors.js';
import type { PlanNames } from './plan-names.js';
import { filled, identifiers } from './templates.js';

/** What a new plan adds to a file that lists plans. */
interface Addition {
  readonly path: string;
  readonly imports: readonly string[];
  /** marker (a comment of its own line) → the lines that go above it, without indentation */
  readonly marked: ReadonlyMap<string, string>;
}

const ADDITIONS: readonly Addition[] = [
  {
    path: 'src/runner/composition/plan-outlines.ts',
    imports: [
      "import { {{plan.constant}}_OUTLINE } from '../../migrations/{{plan.kebab}}/{{plan.kebab}}.outline.js';",
    ],
    marked: new Map([['// plans new: outlines', '{{plan.constant}}_OUTLINE,']]),
  },
  {
    path: 'src/runner/composition/plans.ts',
    imports: [
      "import { {{aggregate.pascal}}Mapper } from '../../infrastructure/persistence/{{plan.kebab}}/{{aggregate.kebab}}.mapper.js';",
      "import { {{plan.pascal}}DemoData } from '../../migrations/{{plan.kebab}}/demo/{{plan.kebab}}-demo-data.js';",
      "import { {{plan.constant}}_STEPS, {{plan.camel}}Plan } from '../../migrations/{{plan.kebab}}/{{plan.kebab}}.plan.js';",
      "import { {{aggregate.constant}}_MAPPER } from '../../migrations/{{plan.kebab}}/{{plan.kebab}}.tokens.js';",
    ],
    marked: new Map([
      [
        '// plans new: bindings',
        'container.bind({{aggregate.constant}}_MAPPER).to({{aggregate.pascal}}Mapper);',
      ],
      [
        '// plans new: plans',
        '{ plan: {{plan.camel}}Plan(steps(container, {{plan.constant}}_STEPS)), demo: new {{plan.pascal}}DemoData() },',
      ],
    ]),
  },
];

/** The files that list plans, from the repository's root. */
export const REGISTRIES: readonly string[] = ADDITIONS.map(({ path }) => path);

/**
 * Where plans are listed, with the new one. Throws `UsageError` where its names are used
 * there, `RefusedError` where its place can't be told.
 */
export function registered(path: string, text: string, names: PlanNames): string {
  const addition = ADDITIONS.find((one) => one.path === path);
  if (addition === undefined) throw new RangeError(`no plan is listed in ${path}`);
  const imports = addition.imports.map((line) => filled(line, names));
  refuseUsed(path, text, imports);
  let result = withImports(path, text, imports);
  for (const [marker, line] of addition.marked) result = above(path, result, marker, filled(line, names));
  return result;
}

function refuseUsed(path: string, text: string, imports: readonly string[]): void {
  const used = new Set(identifiers(text));
  const imported = imports.flatMap((line) => identifiers(line.slice(0, line.indexOf('}'))));
  const taken = imported.find((name) => name !== 'import' && used.has(name));
  if (taken === undefined) return;
  throw new UsageError(
    'NAME_TAKEN',
    `${path} has something called ${taken} already.`,
    'Nothing was written. Choose another name for the plan, or for its first step with --step.',
  );
}

function withImports(path: string, text: string, lines: readonly string[]): string {
  const ends = [...text.matchAll(/^(?:import .*|\} from .*);\n/gm)];
  const last = ends.at(-1);
  if (last === undefined) throw unfamiliar(path, 'imports');
  const at = last.index + last[0].length;
  return `${text.slice(0, at)}${lines.map((line) => `${line}\n`).join('')}${text.slice(at)}`;
}

function above(path: string, text: string, marker: string, added: string): string {
  const [before = '', after, ...more] = text.split(marker);
  if (after === undefined || more.length > 0) throw unfamiliar(path, `one line '${marker}'`);
  return `${before}${added}\n${marker}${after}`;
}

function unfamiliar(path: string, missing: string): RefusedError {
  return new RefusedError(
    'REGISTRY_UNFAMILIAR',
    `${path} does not have ${missing}, so the place of a new plan in it can't be told.`,
    'Nothing was written. Put that back as git has it, and give the command again.',
  );
}

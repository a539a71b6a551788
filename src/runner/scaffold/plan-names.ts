import { UsageError } from '../ports/errors.js';

/** One name in every way that files and code write it. */
export interface Spellings {
  /** `stock-takes`: files, folders, tables, plans and steps */
  readonly kebab: string;
  /** `StockTakes`: classes */
  readonly pascal: string;
  /** `stockTakes`: functions and properties */
  readonly camel: string;
  /** `STOCK_TAKES`: constants */
  readonly constant: string;
  /** `stock takes`: sentences */
  readonly words: string;
  /** `Stock takes`: beginnings of sentences */
  readonly title: string;
}

/** What a plan that is scaffolded, its first step and what that step makes are called. */
export interface PlanNames {
  readonly plan: Spellings;
  readonly step: Spellings;
  /** the step's name in the singular */
  readonly aggregate: Spellings;
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Longer names make table names that few stores and no terminal take. */
const MAX_LENGTH = 40;

/** The names of a new plan; a step that is not named is called like the plan. Throws `UsageError` (`NAME_INVALID`). */
export function planNames(plan: string, step: string = plan): PlanNames {
  return { plan: spellings(plan), step: spellings(step), aggregate: spellings(singular(step)) };
}

function spellings(kebab: string): Spellings {
  if (!NAME.test(kebab) || kebab.length > MAX_LENGTH) {
    throw new UsageError(
      'NAME_INVALID',
      `A plan or step can't be called '${kebab}'.`,
      `Valid names: lower-case letters and digits in words joined by hyphens, a letter first, up to ${MAX_LENGTH} characters, e.g. stock-takes.`,
    );
  }
  const words = kebab.split('-');
  const pascal = words.map(capitalised).join('');
  const text = words.join(' ');
  return {
    kebab,
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    constant: words.join('_').toUpperCase(),
    words: text,
    title: capitalised(text),
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A guess that is right for regular English plurals; other words stay as they are. */
function singular(name: string): string {
  if (/[^aeiou]ies$/.test(name)) return `${name.slice(0, -3)}y`;
  if (/(ch|sh|ss|x|z)es$/.test(name)) return name.slice(0, -2);
  return /[^-sui]s$/.test(name) ? name.slice(0, -1) : name;
}

import { text, texts, word } from '../contract/option-rules.js';
import type { PlanOption } from '../contract/plan-options.js';

/** What an environment file may set for plan `company`. */
export const COMPANY_OPTIONS = {
  overrides: {
    rule: text(/\.json$/i, 'the path of a file that ends in .json'),
    meaning: 'a file that says to which company the records of a user go, where nobody else can (A-12)',
    // environments have users and files of their own
    decides: () => 'file',
  } satisfies PlanOption<string>,
  onCollision: {
    rule: word('derive', 'fail'),
    meaning:
      'what becomes of a record whose id another one of its company has that says something else (A-11)',
  },
  statuses: {
    rule: texts(text(/\S/u, 'a status that is not blank')),
    meaning: 'statuses that are valid; records with another one are set aside (E-35)',
  },
};

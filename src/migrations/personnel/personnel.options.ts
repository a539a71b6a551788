import { text, texts, word } from '../contract/option-rules.js';
import type { OptionValues } from '../contract/plan-options.js';

/** What an environment file may set for plan `personnel`. */
export const PERSONNEL_OPTIONS = {
  profileKeys: {
    rule: texts(text(/\S/u, 'a sort key that is not blank')),
    meaning: 'sort keys of profiles, best first; rows with another one are none (A-08)',
  },
  otherRows: {
    rule: word('copy', 'quarantine'),
    meaning: 'what becomes of rows that are no profiles (P-X06)',
  },
};

export type PersonnelOptions = OptionValues<typeof PERSONNEL_OPTIONS>;

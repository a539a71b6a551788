import { also, kinds, mapOf, object, text, texts, yesOrNo } from '../contract/option-rules.js';
import type { OptionValues, PlanOption } from '../contract/plan-options.js';

const id = text(/\S/u, 'an id that is not blank');
/** Roles are looked up without white space around them and in lower case. */
const role = also(
  text(/^\S(?:[\s\S]*\S)?$/u, 'the name of a role, without white space around it'),
  (name) => name === name.toLowerCase(),
  'the name of a role in lower case',
);
const permissions = texts(text(/\S/u, 'a permission that is not blank'), { empty: true });
const file = text(/\.(?:json|csv)$/i, 'the path of a file that ends in .json or .csv');
/** As Amazon Cognito makes them (API reference, `UserPoolId`); its region stands in front. */
const userPoolId = text(
  /^[\w-]{1,40}_[0-9a-zA-Z]{1,14}$/,
  'the id of a user pool, such as "eu-central-1_AbC123xyz"',
);
const region = text(/^[a-z0-9-]{1,64}$/, 'a region code such as "eu-central-1"');

const rules = {
  roles: mapOf(role, permissions),
  directory: kinds({ file: object({ path: file }), cognito: object({ userPoolId }, { region }) }),
  cohort: also(
    object({}, { users: texts(id), servers: texts(id) }),
    ({ users, servers }) => users !== undefined || servers !== undefined,
    'an object with users, servers or both',
  ),
};

/** What an environment file may set for plan `core-table`. */
export const CORE_TABLE_OPTIONS = {
  roles: {
    rule: rules.roles,
    meaning: 'permissions of each role, instead of those that the plan knows',
  },
  strictRoles: {
    rule: yesOrNo,
    meaning: 'sets memberships aside whose role has no permissions, instead of letting them read (A-26)',
  },
  directory: {
    rule: rules.directory,
    meaning: 'where names of users come from (A-27)',
    // environments have user pools and files of their own
    decides: ({ kind }) => ({ kind }),
  } satisfies PlanOption<Directory>,
  cohort: {
    rule: rules.cohort,
    meaning: 'only these users and servers are migrated, for a trial (C-26)',
    // the ids are those of one environment
    decides: (cohort) => Object.keys(cohort).sort(),
  } satisfies PlanOption<Cohort>,
};

type Rule<R> = R extends { readonly type?: infer T } ? NonNullable<T> : never;
/** Where names of users come from. */
export type Directory = Rule<typeof rules.directory>;
/** What a trial is limited to. */
export type Cohort = Rule<typeof rules.cohort>;
export type CoreTableOptions = OptionValues<typeof CORE_TABLE_OPTIONS>;

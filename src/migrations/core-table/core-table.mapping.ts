import type { PlanMapping } from '../contract/mapping-document.js';

const TARGET = 'CoreTable';
const MEMBERSHIPS = 'UserMembershipTable';
const CARRIED =
  'carried under their own names; PK, SK, Type and _migration of a record become legacy_ and the name (C-X02)';

/** Plan `core-table` in words; docs/plans/core-table.md says it at length. */
export const CORE_TABLE_MAPPING: PlanMapping = {
  decisions: [
    {
      title: 'What a role may do',
      rules: [
        'admin: read, write, delete, manage_users. moderator: read, write, restart. viewer: read (C-05, A-24).',
        'Any other role may read, and is reported; with strict roles its membership is set aside (A-26).',
        "A membership's own permissions win over those of its role.",
      ],
    },
    {
      title: 'How a user comes out of memberships',
      rules: [
        'There is one item for each user id, whatever the number of memberships; their order is that of the server ids.',
        'The address is the first that is not blank; none: blank (C-X07).',
        'The name is that of the directory; else what stands before the @ of the address; else the id (A-27).',
      ],
    },
  ],
  rows: [
    {
      step: 'servers',
      source: 'ServersTable',
      target: TARGET,
      rules: [
        { target: 'PK', from: 'id', rule: 'SERVER# and the id' },
        { target: 'SK', rule: 'always METADATA' },
        { target: 'Type', rule: 'always Server' },
      ],
      others: CARRIED,
    },
    {
      step: 'memberships',
      source: MEMBERSHIPS,
      target: TARGET,
      rules: [
        { target: 'PK', from: 'userId', rule: 'USER# and the id' },
        { target: 'SK', from: 'serverId', rule: 'SERVER# and the id' },
        { target: 'Type', rule: 'always UserServer' },
        { target: 'role', from: 'role', rule: 'the same; required' },
        {
          target: 'permissions',
          from: 'permissions',
          rule: 'the same list; a set becomes one',
          byDefault: 'those of the role',
        },
      ],
      others: CARRIED,
    },
    {
      step: 'users',
      source: MEMBERSHIPS,
      target: TARGET,
      rules: [
        { target: 'PK', from: 'userId', rule: 'USER# and the id' },
        { target: 'SK', rule: 'always METADATA' },
        { target: 'Type', rule: 'always User' },
        { target: 'email', from: 'email', rule: 'the first that is not blank', byDefault: 'blank' },
        { target: 'name', from: 'the directory, email, userId', rule: 'see below' },
      ],
      others: 'none',
    },
  ],
};

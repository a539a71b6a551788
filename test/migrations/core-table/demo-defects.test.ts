import { stampOf } from '../../../src/domain/storage/stored.js';
import { textOf, type StoredItem, type StoredValue } from '../../../src/domain/storage/stored-value.js';
import { CoreTableDemoData } from '../../../src/migrations/core-table/demo/core-table-demo-data.js';
import { contentOf, linesOf, trialOn } from './core-table-trial.js';

interface Case {
  /** of the defect table, or of the requirement that the record is for */
  readonly id: string;
  /** `server <id>`, `member <user>|<server>`, `user <id>`: the old record, or the user behind several */
  readonly what: string;
  /** `row`, or what it was set aside as; then what is warned of */
  readonly outcome: string;
  /** attributes of its item that the defect is about; undefined: absent */
  readonly has: Readonly<Record<string, StoredValue | undefined>>;
}

type Told = readonly [what: string, outcome: string, has?: Case['has']];

function of(id: string, ...cases: readonly Told[]): Case[] {
  return cases.map(([what, outcome, has = {}]) => ({ id, what, outcome, has }));
}

const text = (S: string): StoredValue => ({ S });
const list = (...texts: readonly string[]): StoredValue => ({ L: texts.map(text) });
const keeperOf = (...servers: readonly string[]): Told[] =>
  servers.map((server) => [`member keeper|${server}`, 'row']);

/** What becomes of every planted record, by hand from the defect table of docs/plans/core-table.md. */
const CASES: readonly Case[] = [
  ...of(
    'C-X02',
    [
      'server x02-clash',
      'row, ATTRIBUTE_RENAMED PK, ATTRIBUTE_RENAMED SK, ATTRIBUTE_RENAMED Type',
      {
        ...{ PK: text('SERVER#x02-clash'), SK: text('METADATA'), Type: text('Server') },
        ...{ legacy_PK: { N: '7' }, legacy_SK: text('rack-4'), legacy_Type: text('t3.large') },
      },
    ],
    [
      'server x02-twice',
      'row, ATTRIBUTE_RENAMED Type',
      { legacy_Type: text('t2.micro'), legacy_legacy_Type: text('t3.large') },
    ],
    ['server x02-stamp', 'row, ATTRIBUTE_RENAMED _migration', { legacy__migration: text('moved by hand') }],
    ...keeperOf('x02-clash', 'x02-twice', 'x02-stamp'),
  ),
  ...of(
    'C-X03',
    [
      'member x03-all|x04-roles',
      'row, ATTRIBUTE_RENAMED Type',
      {
        ...{ createdAt: text('2023-02-30T99:00:00'), invitedBy: text('keeper'), Type: text('UserServer') },
        ...{ legacy_Type: text('guest'), email: text('all@example.org'), permissions: list('read') },
        notes: { M: { seats: { NS: ['1', '2.5'] }, photo: { B: Uint8Array.of(0, 255) } } },
      },
    ],
    [
      'member custom-list|x04-roles',
      'row, PERMISSIONS_CUSTOM permissions',
      { permissions: list('restart', 'read') },
    ],
    [
      'member custom-set|x04-roles',
      'row, PERMISSIONS_CUSTOM permissions',
      { permissions: list('read', 'write') },
    ],
    ['member custom-none|x04-roles', 'row, PERMISSIONS_CUSTOM permissions', { permissions: list() }],
    ['member custom-null|x04-roles', 'row', { permissions: list('read') }],
    ['member custom-text|x04-roles', 'quarantine TYPE_INVALID permissions'],
  ),
  ...of(
    'C-X04',
    ['server x04-roles', 'row'],
    [
      'member x04-upper|x04-roles',
      'row',
      { role: text('Admin'), permissions: list('read', 'write', 'delete', 'manage_users') },
    ],
    [
      'member x04-owner|x04-roles',
      'row, ROLE_UNKNOWN role',
      { role: text(' owner '), permissions: list('read') },
    ],
  ),
  ...of(
    'C-X05',
    ['member x05-no-role|x04-roles', 'quarantine FIELD_MISSING role'],
    ['member x05-null-role|x04-roles', 'quarantine FIELD_MISSING role'],
    ['member x05-number-role|x04-roles', 'quarantine TYPE_INVALID role'],
    ['user x05-no-role', 'row', { email: text('no-role@example.org'), name: text('no-role') }],
  ),
  ...of('C-X06', [
    'member x06-moderator|x04-roles',
    'row',
    { permissions: list('read', 'write', 'restart') },
  ]),
  ...of(
    'C-X07',
    ...['x07-a', 'x07-b', 'x07-c'].map((server): Told => [`server ${server}`, 'row']),
    ...keeperOf('x07-a', 'x07-b', 'x07-c'),
    ['member x07-blank-first|x07-a', 'row', { email: text('  ') }],
    ['member x07-blank-first|x07-b', 'row', { email: text('later@example.org') }],
    ['user x07-blank-first', 'row', { email: text('later@example.org'), name: text('later') }],
    ['member x07-conflict|x07-c', 'row'],
    ['member x07-conflict|x07-b', 'row'],
    ['user x07-conflict', 'row, EMAIL_CONFLICT email', { email: text('second@example.org') }],
    ['member x07-null|x07-a', 'row', { email: { NULL: true } }],
    ['user x07-null', 'row, NAME_FROM_ID name', { email: text(''), name: text('x07-null') }],
    ['member x07-number|x07-a', 'row', { email: { N: '5' } }],
    ['user x07-number', 'row, EMAIL_NOT_TEXT email, NAME_FROM_ID name', { email: text('') }],
  ),
  ...of(
    'C-X08',
    ['member x08-no-mail|x07-a', 'row', { email: undefined }],
    ['user x08-no-mail', 'row, NAME_FROM_ID name', { name: text('x08-no-mail') }],
    ['member x08-no-local-part|x07-a', 'row'],
    [
      'user x08-no-local-part',
      'row, NAME_FROM_ID name',
      { email: text('@example.org'), name: text('x08-no-local-part') },
    ],
  ),
  ...of(
    'C-X09',
    ['server x09-server', 'conflict CONFLICT', { name: text('Newer') }],
    ['member x09-user|x09-server', 'conflict CONFLICT', { role: text('owner'), email: undefined }],
    ['user x09-user', 'conflict CONFLICT', { email: text('newer@example.org'), name: text('Newer') }],
  ),
  ...of(
    'C-X11',
    ['server x11-deserted', 'row, SERVER_WITHOUT_MEMBERS'],
    ['server x11-headless', 'row, SERVER_WITHOUT_ADMIN'],
    ['member x11-guest|x11-headless', 'row'],
    ['member x11-lost|x11-gone', 'quarantine SERVER_MISSING serverId'],
    ['user x11-lost', 'row', { email: text('lost@example.org') }],
  ),
  ...of(
    'C-X18',
    ['server SERVER#x18', 'quarantine ID_INVALID id'],
    ['server  ', 'quarantine FIELD_MISSING id'],
    ['member USER#x18|x04-roles', 'quarantine ID_INVALID userId'],
    ['member x18-server|SERVER#x04-roles', 'quarantine ID_INVALID serverId'],
    ['member  |x04-roles', 'quarantine FIELD_MISSING userId'],
  ),
  ...of(
    'C-X19',
    [
      'server x19-words',
      'row',
      {
        ...{
          name: text('Words'),
          region: text('eu-central-1'),
          role: text('primary'),
          status: { NULL: true },
        },
        ...{
          permissions: { SS: ['a', 'b'] },
          hidden: { BOOL: false },
          size: { N: '12345678901234567890.5' },
        },
      },
    ],
    ...keeperOf('x19-words'),
  ),
  ...of('C-03', ['server name-number', 'row', { name: { N: '42' } }], ...keeperOf('name-number')),
  ...of(
    'C-13',
    ['server large', 'quarantine ITEM_TOO_LARGE, SERVER_WITHOUT_ADMIN'],
    ['member large-fan|large', 'quarantine SERVER_MISSING serverId'],
  ),
];

/**
 * Rows of the defect table that say what may stand in a table; the others say what code, commands and people may do, and
 * C-X10 what the keys of the old table do not let it hold.
 */
const OF_DATA = [2, 3, 4, 5, 6, 7, 8, 9, 11, 18, 19].map((row) => `C-X${String(row).padStart(2, '0')}`);

describe('the defects of the demo of plan core-table', () => {
  const demo = [...new CoreTableDemoData().rows({ defects: true, scale: 1 })].slice(1);
  const items = (table: string): StoredItem[] =>
    demo.filter((row) => row.table === table).map(({ item }) => item);
  const newer = items('CoreTable');
  const trial = trialOn(items('ServersTable'), items('UserMembershipTable'), { core: newer });
  /** step → what was said of each record */
  const said = new Map<string, ReadonlyMap<string, readonly string[]>>();

  beforeAll(async () => {
    await trial.wholeRun();
    for (const step of ['servers', 'memberships', 'users']) {
      const lines = new Map<string, string[]>();
      for (const line of await linesOf(trial, step)) {
        const [, kind = '', reason = '', record = '', field = ''] =
          /^(\S+) (\S+) \w+#(.*?)(?: (\w+))?$/.exec(line) ?? [];
        const words = [kind === 'warning' ? [] : [kind], reason, field === '' ? [] : [field]].flat();
        lines.set(record, [...(lines.get(record) ?? []), words.join(' ')]);
      }
      said.set(step, lines);
    }
  });

  /** The key of the item, and what was said of the record or of those behind the user. */
  function found(what: string): { readonly key: string; readonly words: readonly string[] } {
    const [kind, id] = [what.slice(0, what.indexOf(' ')), what.slice(what.indexOf(' ') + 1)];
    const [first = '', second = ''] = id.split('|');
    if (kind === 'server') return { key: `SERVER#${id}|METADATA`, words: said.get('servers')?.get(id) ?? [] };
    if (kind === 'member')
      return { key: `USER#${first}|SERVER#${second}`, words: said.get('memberships')?.get(id) ?? [] };
    const ofUser = [...(said.get('users') ?? [])].filter(([record]) => record.startsWith(`${id}|`));
    return { key: `USER#${id}|METADATA`, words: ofUser.flatMap(([, words]) => words) };
  }

  it('are each told below, once', () => {
    const servers = items('ServersTable').map(({ id }) => `server ${textOf(id) ?? ''}`);
    const members = items('UserMembershipTable').map(
      ({ userId, serverId }) => `member ${textOf(userId) ?? ''}|${textOf(serverId) ?? ''}`,
    );
    const told = CASES.map(({ what }) => what).filter((what) => !what.startsWith('user '));
    expect(told.sort()).toEqual([...servers, ...members].sort());
  });

  it('are all of the defect table that can stand in a table', () => {
    const ids = new Set(CASES.map(({ id }) => id));
    expect(OF_DATA.filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(CASES)('$id: $what', ({ what, outcome, has }) => {
    const { key, words } = found(what);
    const rows = trial.tables().get('CoreTable') ?? [];
    const row = rows.find((one) => trial.key('CoreTable', one) === key);
    const isOurs = row !== undefined && stampOf(row) !== undefined;
    expect([...(isOurs ? ['row'] : []), ...[...words].sort()].sort(rowFirst).join(', ')).toBe(outcome);
    const held = Object.keys(has).map((name) => [
      name,
      Object.hasOwn(row ?? {}, name) ? row?.[name] : undefined,
    ]);
    expect(held).toEqual(Object.entries(has));
  });

  it('C-X09: items of newer functions are as they were', () => {
    const rows = trial.tables().get('CoreTable') ?? [];
    const own = rows.filter((row) => stampOf(row) === undefined);
    expect(own).toHaveLength(3);
    expect(own).toEqual(expect.arrayContaining(newer));
  });

  it('C-X18: nobody gets an item under half an id', () => {
    const keys = Object.keys(contentOf(trial));
    expect(keys.filter((key) => /SERVER#SERVER#|USER#USER#|# ?\|/.test(key))).toEqual([]);
  });
});

/** What became of it comes first, then warnings. */
function rowFirst(one: string, other: string): number {
  const rank = (words: string): number => (/^(row|quarantine|conflict)/.test(words) ? 0 : 1);
  return rank(one) - rank(other);
}

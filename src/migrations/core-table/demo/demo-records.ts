import type { StoredItem } from '../../../domain/storage/stored-value.js';

const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-2'] as const;
const TYPES = ['t3.small', 't3.large', 'm6i.xlarge', 'c7g.medium'] as const;
const ADJECTIVES = ['Quiet', 'Green', 'Northern', 'Amber', 'Distant', 'Bright', 'Old'] as const;
const NOUNS = ['Harbour', 'Forge', 'Meadow', 'Lantern', 'Orchard'] as const;
const GIVEN = [
  'ada',
  'ben',
  'chloe',
  'dmitri',
  'esra',
  'farid',
  'grace',
  'hugo',
  'ines',
  'jun',
  'kofi',
] as const;
const FAMILY = ['ashworth', 'baker', 'costa', 'dahl', 'evans', 'fischer', 'garcia'] as const;
/** of the members after the first one, who is the admin */
const ROLES = ['moderator', 'viewer', 'viewer', 'moderator', 'viewer'] as const;

const DAY = 24 * 60 * 60 * 1000;
const FIRST_DAY = Date.UTC(2023, 0, 9, 7, 30);

/** How many members a server has: one to six. */
export function membersOf(server: number): number {
  return 1 + ((server * 7 + 3) % 6);
}

export function demoServer(server: number): StoredItem {
  const name = `${of(ADJECTIVES, server)} ${of(NOUNS, server * 3)} ${server + 1}`;
  return {
    id: { S: serverId(server) },
    name: { S: name },
    hostname: { S: `node-${server + 1}.play.example.org` },
    region: { S: of(REGIONS, server) },
    instanceType: { S: of(TYPES, server * 5) },
    status: { S: server % 9 === 4 ? 'stopped' : 'running' },
    port: { N: String(25_565 + (server % 100)) },
    hourlyRate: { N: `0.${String(1041 + (server % 700)).padStart(6, '0')}` },
    autoStop: { BOOL: server % 2 === 0 },
    ...(server % 3 === 0 ? { tags: { SS: ['creative', `tier-${server % 4}`] } } : {}),
    ...(server % 4 === 1
      ? { settings: { M: { motd: { S: `Welcome to ${name}` }, slots: { N: '20' } } } }
      : {}),
    createdAt: { S: day(server) },
  };
}

/** The users of a server are spread so that most belong to several servers. */
export function demoMembership(server: number, member: number): StoredItem {
  const user = server + member * member;
  return {
    userId: { S: userId(user) },
    serverId: { S: serverId(server) },
    role: { S: member === 0 ? 'admin' : of(ROLES, server + member) },
    email: { S: `${of(GIVEN, user)}.${of(FAMILY, user * 5)}${user}@example.org` },
    createdAt: { S: day(server + member) },
    ...(member === 0 ? {} : { invitedBy: { S: userId(server) } }),
  };
}

function serverId(server: number): string {
  return `srv-${String(server + 1).padStart(6, '0')}`;
}

function userId(user: number): string {
  return `c0de0000-0000-4000-8000-${String(user + 1).padStart(12, '0')}`;
}

function day(number: number): string {
  return new Date(FIRST_DAY + (number % 900) * DAY).toISOString();
}

function of<T>(list: readonly [T, ...T[]], index: number): T {
  return list[index % list.length] ?? list[0];
}

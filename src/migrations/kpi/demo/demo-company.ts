import { TABLES } from '../kpi.tables.js';
import type { DemoRow } from '../../contract/demo-data.js';
import { flag, item, text } from './demo-item.js';
import { demoTimestamp } from './demo-time.js';
import { COMPANIES, FIRST_NAMES, LAST_NAMES } from './demo-words.js';
import { SeededRandom } from './seeded-random.js';

/** A tenant of the demo. The last users have no person yet, so that placeholders are made for them. */
export interface DemoCompany {
  readonly index: number;
  readonly name: string;
  /** a GUID, for some companies a name as older sign-ups got it */
  readonly tenantId: string;
  readonly users: readonly [string, ...string[]];
}

const STREAM = 1;
const USERS = 12;
const USERS_WITH_PERSON = 10;

/** An adviser who works for every company and is a person in none. */
const ADVISER = '8f14e45f-ceea-467f-ab3b-5d1c8a2b9e10';

export function demoCompany(index: number): DemoCompany {
  const random = new SeededRandom(STREAM, index);
  const base = COMPANIES[index % COMPANIES.length] ?? COMPANIES[0];
  const name = index < COMPANIES.length ? base : `${base} ${Math.floor(index / COMPANIES.length) + 1}`;
  const guid = random.guid();
  const users = Array.from({ length: USERS }, () => random.guid());
  return {
    index,
    name,
    tenantId: index % 5 === 3 ? name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') : guid,
    users: [...users, ADVISER] as unknown as DemoCompany['users'],
  };
}

/** The people of a company: one for each of the first users, and two who never had an account. */
export function* peopleOf(company: DemoCompany): Generator<DemoRow> {
  const random = new SeededRandom(STREAM + 1, company.index);
  for (let position = 0; position < USERS_WITH_PERSON + 2; position += 1) {
    const linkedUserId = position < USERS_WITH_PERSON ? company.users[position] : undefined;
    yield {
      table: TABLES.people,
      item: item({
        id: text(random.guid()),
        tenantId: text(company.tenantId),
        linkedUserId: linkedUserId === undefined ? undefined : text(linkedUserId),
        displayName: text(`${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`),
        isPlaceholder: random.once(2) ? flag(false) : undefined,
        createdBy: text(company.users[0]),
        createdAt: text(demoTimestamp(random, 2021, 1 + (position % 12), 3)),
      }),
    };
  }
}

import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../company.tables.js';

/** Rows that the application has made before anything is migrated (E-02, E-X01). */
export const LIVE = {
  companies: 5,
  users: 6,
  projects: 23,
  contractors: 18,
  works: 12,
  expenses: 37,
} as const;

const TRADES = ['Roofing', 'Tiling', 'Plumbing', 'Wiring', 'Painting', 'Masonry', 'Glazing'] as const;
const STREETS = ['Elm Street', 'Harbour Road', 'Mill Lane', 'Station Square', 'Orchard Way'] as const;
const THINGS = [
  'Sand and gravel',
  'Roof tiles',
  'Copper pipe',
  'Cable',
  'Primer',
  'Bricks',
  'Scaffold hire',
] as const;

export function companyId(company: number): string {
  return `company-${(company % LIVE.companies) + 1}`;
}

export function userId(user: number): string {
  return `user-${String(user + 1).padStart(6, '0')}`;
}

/** The last company belongs to somebody who is no member of any. */
export const OWNER = userId(LIVE.users);

/** The application's own: companies, their members, and what they have entered since. */
export function* liveRows(): Generator<DemoRow> {
  for (let n = 0; n < LIVE.companies; n += 1) yield { table: TABLES.companies, item: liveCompany(n) };
  for (let n = 0; n < LIVE.users; n += 1) yield { table: TABLES.companyUsers, item: liveMember(n) };
  for (let n = 0; n < LIVE.projects; n += 1) yield { table: TABLES.projects, item: liveProject(n) };
  for (let n = 0; n < LIVE.contractors; n += 1) yield { table: TABLES.contractors, item: liveContractor(n) };
  for (let n = 0; n < LIVE.works; n += 1) yield { table: TABLES.works, item: liveWork(n) };
  for (let n = 0; n < LIVE.expenses; n += 1) yield { table: TABLES.expenses, item: liveExpense(n) };
}

function liveCompany(n: number): StoredItem {
  return {
    companyId: { S: companyId(n) },
    name: { S: `${of(STREETS, n)} Builders` },
    ownerId: { S: n === LIVE.companies - 1 ? OWNER : userId(n) },
    settings: { M: { currency: { S: 'EUR' } } },
    createdAt: { S: day(n, '08:00:00.000Z') },
  };
}

function liveMember(n: number): StoredItem {
  return {
    // two of the first company, nobody of the last
    companyId: { S: companyId(n % (LIVE.companies - 1)) },
    userId: { S: userId(n) },
    role: { S: n < LIVE.companies - 1 ? 'admin' : 'editor' },
  };
}

function liveProject(n: number): StoredItem {
  return {
    ...{ companyId: { S: companyId(n) }, projectId: { S: `live-project-${n + 1}` } },
    ...{ name: { S: `${of(STREETS, n)} ${n + 1}` }, status: { S: n % 4 === 3 ? 'done' : 'active' } },
    budget: { N: String(10_000 + n * 250) },
    ...made(n),
  };
}

function liveContractor(n: number): StoredItem {
  return {
    ...{ companyId: { S: companyId(n) }, contractorId: { S: `live-contractor-${n + 1}` } },
    name: { S: `${of(TRADES, n)} and Sons` },
    ...made(n),
  };
}

function liveWork(n: number): StoredItem {
  return {
    ...{ companyId: { S: companyId(n) }, workId: { S: `live-work-${n + 1}` } },
    ...{ name: { S: of(TRADES, n) }, projectId: { S: `live-project-${n + 1}` } },
    ...made(n),
  };
}

function liveExpense(n: number): StoredItem {
  return {
    ...{ companyId: { S: companyId(n) }, expenseId: { S: `live-expense-${n + 1}` } },
    ...{ amount: { N: `${40 + n}.${String((n * 37) % 100).padStart(2, '0')}5` }, date: { S: day(n) } },
    ...{ description: { S: of(THINGS, n) }, status: { S: 'paid' } },
    ...{ invoiceNum: { S: `INV-${1001 + n}` } },
    ...(n < LIVE.contractors ? { contractorId: { S: `live-contractor-${n + 1}` } } : {}),
    ...made(n),
  };
}

function made(n: number): StoredItem {
  const at = { S: day(n, '09:30:00.000Z') };
  return { createdBy: { S: userId(n % LIVE.companies) }, createdAt: at, updatedAt: at };
}

function day(n: number, time?: string): string {
  const text = `2025-0${(n % 9) + 1}-${String((n % 28) + 1).padStart(2, '0')}`;
  return time === undefined ? text : `${text}T${time}`;
}

export function of<T>(list: readonly [T, ...T[]], index: number): T {
  return list[index % list.length] ?? list[0];
}

import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../company.tables.js';
import { LIVE, of, userId } from './live-rows.js';

/** Records of one user that belong together: a project, a contractor, a work, and expenses on them. */
export const BLOCK = 10;
const EXPENSES = 7;

/** Of ten blocks so many belong to people of whom nobody knows a company. */
const ORPHANS = 3;

const SITES = ['Villa', 'Barn', 'Garage', 'Workshop', 'Terrace'] as const;
const FIRMS = ['Novak', 'Lind', 'Moreau', 'Okafor', 'Rossi', 'Tanaka'] as const;
const THINGS = ['Timber', 'Paint', 'Screws', 'Rented digger', 'Insulation', 'Window frames', 'Skip'] as const;
/** as long as what the first receipts of the old table are made of */
const RECEIPT = 40_000;

/** The record with this number, computed from it alone. */
export function demoRecord(number: number): DemoRow {
  const [block, place] = [Math.floor(number / BLOCK), number % BLOCK];
  const owner = { userId: { S: ownerOf(block) } };
  if (place === 0) return { table: TABLES.legacyProjects, item: { ...owner, ...project(block) } };
  if (place === 1) return { table: TABLES.legacyContractors, item: { ...owner, ...contractor(block) } };
  if (place === 2) return { table: TABLES.legacyWorks, item: { ...owner, ...work(block) } };
  return { table: TABLES.legacyExpenses, item: { ...owner, ...expense(block, place - 3) } };
}

/** Members of companies, the owner of one, and people who have none. */
function ownerOf(block: number): string {
  const known = LIVE.users + 1;
  const turn = block % (known + ORPHANS);
  if (turn < known) return userId(turn);
  return userId(known + Math.floor(block / (known + ORPHANS)) * ORPHANS + turn - known);
}

function project(block: number): StoredItem {
  return {
    ...{ projectId: { S: `project-${block + 1}` }, name: { S: `${of(SITES, block)} ${block + 1}` } },
    ...{ status: { S: 'active' }, budget: { N: `${5000 + block}.50` }, startDate: { S: '2024-02-01' } },
    createdAt: { S: time(block, 0) },
  };
}

function contractor(block: number): StoredItem {
  return {
    ...{ contractorId: { S: `contractor-${block + 1}` }, name: { S: `${of(FIRMS, block)} Ltd` } },
    createdAt: { S: time(block, 1) },
  };
}

function work(block: number): StoredItem {
  return {
    ...{ workId: { S: `work-${block + 1}` }, name: { S: 'Ground floor' } },
    ...{ projectId: { S: `project-${block + 1}` }, contractorId: { S: `contractor-${block + 1}` } },
    ...{ expenseId: { S: `expense-${block * EXPENSES + 1}` }, createdAt: { S: time(block, 2) } },
  };
}

function expense(block: number, place: number): StoredItem {
  const number = block * EXPENSES + place;
  return {
    expenseId: { S: `expense-${number + 1}` },
    amount: { N: `${20 + (number % 400)}.${String((number * 29) % 100).padStart(2, '0')}` },
    description: { S: of(THINGS, number) },
    date: { S: time(block, place).slice(0, 10) },
    status: { S: place % 3 === 1 ? 'open' : 'paid' },
    projectId: { S: `project-${block + 1}` },
    ...(place % 2 === 0 ? { contractorId: { S: `contractor-${block + 1}` } } : {}),
    ...(place % 3 === 0 ? { workId: { S: `work-${block + 1}` } } : {}),
    ...(place % 4 === 1 ? {} : { invoiceNum: { S: `R-${number + 1}` } }),
    ...(place === 5 ? {} : { createdAt: { S: time(block, place) }, updatedAt: { S: time(block, place) } }),
    ...(block === 0 ? { receipt: { B: receipt(number) } } : {}),
  };
}

function receipt(number: number): Uint8Array {
  return Uint8Array.from({ length: RECEIPT }, (_, index) => (index * 7 + number) % 256);
}

function time(block: number, place: number): string {
  const [month, day] = [((block + place) % 9) + 1, ((block * 3 + place) % 28) + 1];
  return `2024-0${month}-${String(day).padStart(2, '0')}T1${place % 10}:15:30.250Z`;
}

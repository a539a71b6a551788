import type { StoredItem } from '../../../domain/storage/stored-value.js';

const FIRST_NAMES = [
  ...['Aiko', 'Bruno', 'Carla', 'Dmitri', 'Elena', 'Femi', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Katya'],
  ...['Lars', 'Mina', 'Noor', 'Olga', 'Pavel', 'Quinn', 'Rosa', 'Sven', 'Tara', 'Umar', 'Vera', 'Wim'],
] as const;
const LAST_NAMES = [
  ...['Abel', 'Brandt', 'Costa', 'Duarte', 'Eriksen', 'Fontaine', 'García', 'Hoffmann', 'Ivanova', 'Jansen'],
  ...['Kowalski', 'Lindqvist', 'Moreau', 'Novák', 'Okafor', 'Petersen', 'Quist', 'Rossi', 'Sørensen'],
  ...['Tanaka', 'Ueda', 'Vargas', 'Weber', 'Xu', 'Yılmaz', 'Zhang', 'Østby', 'Ångström', 'Álvarez'],
] as const;
const TRADES = ['scaffolding', 'crane', 'first-aid', 'welding', 'excavator'] as const;
const ROLES = ['user', 'user', 'user', 'supervisor', 'manager'] as const;

const PROJECTS = 12;
const DAYS = 28;

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

/** One profile, computed from its number alone: what is missing, and how much, differs from one to the next. */
export function demoEmployee(index: number): StoredItem {
  const id = `site-${String(index + 1).padStart(6, '0')}`;
  const [first, last] = [at(FIRST_NAMES, index * 7), at(LAST_NAMES, index * 11 + Math.floor(index / 29))];
  const day = String((index % DAYS) + 1).padStart(2, '0');
  return {
    PK: { S: `EMPLOYEE#${id}` },
    SK: { S: 'PROFILE' },
    full_name: { S: `${first} ${last}` },
    ...(index % 3 === 0 ? { employee_number: { S: `SL-${String(index + 1).padStart(6, '0')}` } } : {}),
    ...(index % 4 === 3 ? {} : { role: { S: at(ROLES, index) } }),
    ...(index % 5 === 4 ? {} : { email: { S: `${id}@sitelogix.example` } }),
    ...(index % 6 === 5 ? {} : { phone: { S: `+45 5550 ${String(index % 10_000).padStart(4, '0')}` } }),
    ...(index % 7 === 6 ? {} : { project_id: { S: `project-${(index % PROJECTS) + 1}` } }),
    ...(index % 8 === 7 ? {} : { active: { BOOL: index % 10 !== 9 } }),
    ...(index % 9 === 8 ? {} : { hourly_rate: { N: `${24 + (index % 30)}.5` } }),
    certifications: { L: TRADES.slice(0, index % 4).map((trade) => ({ S: trade })) },
    created_at: { S: `2023-04-${day}T07:30:00Z` },
    created_by: { S: 'payroll-import' },
    ...(index % 2 === 0 ? { updated_at: { S: `2024-02-${day}T16:45:00.123Z` } } : {}),
    ...(index % 10 === 0 ? { shoe_size: { N: '42.5' } } : {}),
  };
}

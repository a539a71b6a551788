import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { stampOf } from '../../../src/domain/storage/stored.js';
import type { Finding, RunResult } from '../../../src/runner/application.js';
import { OUTCOMES } from '../../../src/migrations/contract/outcome.js';
import type { JournalEntry } from '../../../src/runner/ports/journal.js';
import { KpiTrial, type Tables } from './kpi-trial.js';

/** A trial on these rows after one run of every step. */
export async function migrated(tables: Tables): Promise<{ trial: KpiTrial; result: RunResult }> {
  const trial = await new KpiTrial().put(tables);
  return { trial, result: await trial.run() };
}

/** A few attributes of all rows of a table as short text, sorted; `-` where a row has none. */
export function column(trial: KpiTrial, table: string, ...names: readonly string[]): string[] {
  const lines = trial.store.rows(table).map((row) => names.map((name) => short(row[name])).join(' '));
  return lines.sort();
}

function short(value: StoredValue | undefined): string {
  if (value === undefined) return '-';
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  return 'BOOL' in value ? String(value.BOOL) : Object.keys(value).join('');
}

/** The row under this id; fails where there is none. */
export function rowOf(trial: KpiTrial, table: string, id: string): StoredItem {
  const found = trial.store.rows(table).find((row) => short(row['id']) === id);
  if (found === undefined) throw new Error(`there is no row ${id} in ${table}`);
  return found;
}

/** The row as a literal can tell it: its stamp is the name of its source alone. */
export function withSource(row: StoredItem): Readonly<Record<string, unknown>> {
  return { ...row, _migration: stampOf(row)?.source };
}

/** Outcomes per step, those that did not occur left out. */
export function outcomes(result: RunResult): Record<string, Record<string, number>> {
  return Object.fromEntries(
    result.steps.map(({ step, counters }) => [
      step,
      Object.fromEntries(
        OUTCOMES.flatMap((name) => (counters[name] > 0 ? [[name, counters[name]] as const] : [])),
      ),
    ]),
  );
}

/** `<step> <id as stored> <reason>` of every entry of a kind, sorted. */
export async function entries(trial: KpiTrial, kind: JournalEntry['kind']): Promise<string[]> {
  const all = await trial.entries(kind);
  return all.map(({ step, source, reason }) => `${step} ${source.split('#').at(-1) ?? ''} ${reason}`).sort();
}

/** `<step> <kind> <key> [<field>]` of findings, sorted. */
export function told(findings: readonly Finding[]): string[] {
  return findings
    .map(({ step, kind, key, field }) => [step, kind, key, ...(field === undefined ? [] : [field])].join(' '))
    .sort();
}

/** All rows of some tables now; the function puts them back as they were. */
export function restorer(trial: KpiTrial, tables: readonly string[]): () => void {
  const kept = tables.map((table) => ({ table, rows: trial.store.rows(table) }));
  return () => {
    for (const { table, rows } of kept) {
      for (const { id } of trial.store.rows(table)) if (id !== undefined) trial.store.erase(table, { id });
      trial.store.load(table, rows);
    }
  };
}

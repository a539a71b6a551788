import type { StoredValue } from '../../../domain/storage/stored-value.js';
import type { DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../kpi.tables.js';
import { flag, item, number, text } from './demo-item.js';
import type { DemoKpi } from './demo-kpi.js';
import { dayAfter, demoTimestamp, monthEnd } from './demo-time.js';
import { INTEGRATIONS, OVERRIDE_COMMENTS, RATIONALES, READING_NOTES } from './demo-words.js';

/** What every record of a KPI begins with. */
function keysOf(kpi: DemoKpi): Record<'id' | 'tenantId' | 'kpiId', StoredValue> {
  return { id: text(kpi.random.guid()), tenantId: text(kpi.company.tenantId), kpiId: text(kpi.id) };
}

function userOf({ random, company }: DemoKpi): StoredValue {
  return text(company.users[random.between(0, 9)] ?? company.users[0]);
}

/** The target of a quarter. */
export function demoMilestone(kpi: DemoKpi, quarter: number): DemoRow {
  const { random, year } = kpi;
  const keys = keysOf(kpi);
  const changed = random.once(5);
  const label = `Q${(quarter % 4) + 1} ${year + Math.floor(quarter / 4)}`;
  return {
    table: TABLES.milestones,
    item: item({
      ...keys,
      targetValue: valueAt(kpi, quarter * 3 + 3, 0),
      milestoneDate: text(monthEnd(year, quarter * 3 + 3)),
      label: random.once(6) ? undefined : text(label),
      confidenceLevel: random.once(3) ? undefined : number(random.between(10, 19) * 5),
      rationale: random.once(3) ? text(random.pick(RATIONALES)) : undefined,
      createdBy: userOf(kpi),
      createdAt: text(demoTimestamp(random, year - 1, 11, 7)),
      updatedBy: changed ? userOf(kpi) : undefined,
      updatedAt: changed ? text(demoTimestamp(random, year, quarter + 1, 15)) : undefined,
    }),
  };
}

/** The value that somebody reported for a month; some were corrected by hand. */
export function demoActual(kpi: DemoKpi, month: number): DemoRow {
  const { random, year } = kpi;
  const keys = keysOf(kpi);
  const overridden = random.once(9);
  const date = monthEnd(year, month + 1);
  return {
    table: TABLES.actuals,
    item: item({
      ...keys,
      actualValue: valueAt(kpi, month + 1, random.between(-3, 3)),
      measurementDate: text(random.once(4) ? `${date}T23:59:59.0000000Z` : date),
      originalValue: overridden ? valueAt(kpi, month + 1, 9) : undefined,
      isManualOverride: overridden || random.once(2) ? flag(overridden) : undefined,
      overrideComment: overridden ? text(random.pick(OVERRIDE_COMMENTS)) : undefined,
      dataSource: random.once(60)
        ? undefined
        : text(random.pick(['Manual', 'Manual', 'Imported', 'Calculated'])),
      sourceReferenceId: random.once(4) ? text(`report-${year}-${random.digits(5)}`) : undefined,
      triggersReplan: random.once(3) ? flag(random.once(6)) : undefined,
      replanThresholdExceeded: random.once(3) ? flag(false) : undefined,
      autoAdjustmentApplied: random.once(5) ? flag(random.once(2)) : undefined,
      recordedBy: userOf(kpi),
      recordedAt: text(demoTimestamp(random, year, month + 2, 2)),
      updatedBy: overridden ? userOf(kpi) : undefined,
      updatedAt: overridden ? text(demoTimestamp(random, year, month + 2, 12)) : undefined,
    }),
  };
}

/** The value that an external system delivered for a week. */
export function demoReading(kpi: DemoKpi, week: number): DemoRow {
  const { random, year } = kpi;
  const keys = keysOf(kpi);
  const [system, prefix] = random.pick(INTEGRATIONS);
  const byHand = random.once(5);
  const recordedAt = text(demoTimestamp(random, year, 1, 9 + week * 7));
  const recorder = random.once(80) ? text(`${system}@integration.example`) : userOf(kpi);
  return {
    table: TABLES.readings,
    item: item({
      ...keys,
      value: valueAt(kpi, Math.floor(week / 4) + 1, random.between(-2, 2)),
      readingDate: text(dayAfter(year, 1, 6 + week * 7)),
      periodStart: random.once(3) ? undefined : text(dayAfter(year, 1, week * 7)),
      notes: random.once(6) ? text(random.pick(READING_NOTES)) : undefined,
      source: text(byHand ? 'Manual' : random.pick(['Integration', 'Integration', 'Automated'])),
      externalId: text(`${prefix}-${random.digits(8)}`),
      // either pair of stamps is enough, and old rows have only the second one
      recordedBy: random.once(7) ? undefined : recorder,
      recordedAt: random.once(7) ? undefined : recordedAt,
      createdBy: userOf(kpi),
      createdAt: recordedAt,
    }),
  };
}

/** The template's value in a month, `noise` strides off, in plain notation. */
function valueAt({ template, random }: DemoKpi, month: number, noise: number): StoredValue {
  const { start, stride, decimals, calculated } = template;
  const scaled = Math.max(1, start + stride * month + stride * noise);
  if (calculated === true && random.once(2))
    return number(`${scaled}.${allDigits(random.digits(60), scaled)}`);
  return number(plain(scaled, decimals));
}

/** As many fraction digits as fit into 38 digits, the last one not a zero. */
function allDigits(digits: string, whole: number): string {
  const room = 38 - String(whole).length;
  return `${digits.slice(0, room - 1)}7`;
}

function plain(scaled: number, decimals: number): string {
  const padded = String(scaled).padStart(decimals + 1, '0');
  const fraction = padded.slice(padded.length - decimals).replace(/0+$/, '');
  if (decimals === 0 || fraction === '') return padded.slice(0, padded.length - decimals);
  return `${padded.slice(0, padded.length - decimals)}.${fraction}`;
}

import type { DemoRow } from '../../contract/demo-data.js';
import { ANNA, BEN, actual, kpi, link, milestone, planted, reading } from './defect-builders.js';
import { flag, number, text } from './demo-item.js';

/** K-X12..K-X15, K-X23..K-X25, K-X27, K-X28: history, dates, sources, ids in other spellings. */
export function* valueDefects(): Generator<DemoRow> {
  for (const defect of [12, 13, 14, 15, 23, 24, 25, 27]) {
    yield kpi(planted(defect, 101));
    if (defect !== 12) yield link(planted(defect, 201), planted(defect, 101));
  }
  yield* history();
  yield* dates();
  yield* sources();
  yield* readings();
  yield* spellings();
}

/** K-X12, K-X25: what today's rules would refuse, and stamps that a new aggregate would not get. */
function* history(): Generator<DemoRow> {
  yield link(planted(12, 201), planted(12, 101), {
    thresholdPct: number('-5'),
    weight: number('150'),
    displayOrder: number('0'),
    createdAt: text('2016-04-01T06:07:08.0900000Z'),
    updatedBy: text(BEN),
    updatedAt: text('2017-05-02T07:08:09.1000000Z'),
  });
  const stamps = { updatedBy: text(BEN), updatedAt: text('2024-07-01T12:00:00.0000001Z') };
  yield actual(planted(25, 401), planted(25, 101), stamps);
}

function* dates(): Generator<DemoRow> {
  yield milestone(planted(13, 301), planted(13, 101), { createdAt: text('2024-03-31T02:30:00.0000000') });
  yield milestone(planted(13, 302), planted(13, 101), { createdAt: text('0001-01-01T00:00:00.0000000') });
  yield actual(planted(13, 401), planted(13, 101), { recordedAt: text('1600-12-31T23:59:59.9999999Z') });
  yield actual(planted(14, 401), planted(14, 101), { recordedAt: text('2024-03-01T09:00:00.1234567+09:00') });
  yield milestone(planted(15, 301), planted(15, 101), { milestoneDate: text('2024-02-29') });
  yield actual(planted(15, 401), planted(15, 101), { measurementDate: text('2024-03-31') });
  yield reading(planted(15, 501), planted(15, 101), { readingDate: text('2023-02-29') });
}

/** K-X23, K-X24 */
function* sources(): Generator<DemoRow> {
  yield actual(planted(23, 401), planted(23, 101), { dataSource: undefined });
  yield actual(planted(23, 402), planted(23, 101), { dataSource: text('Spreadsheet') });
  yield reading(planted(23, 501), planted(23, 101), { source: undefined });
  yield actual(planted(24, 401), planted(24, 101), {
    isManualOverride: flag(false),
    originalValue: number('95'),
    overrideComment: text('Was overridden once, and then not.'),
  });
  yield milestone(planted(24, 301), planted(24, 101), { confidenceLevel: number('140') });
  yield milestone(planted(24, 302), planted(24, 101), { label: text('long '.repeat(60).trim()) });
}

/** K-X27: names of its own, and two pairs of stamps of which one is enough. */
function* readings(): Generator<DemoRow> {
  const nobody = { recordedBy: undefined, recordedAt: undefined };
  yield reading(planted(27, 501), planted(27, 101), {
    periodStart: text('2024-05-13'),
    notes: text('All names of a reading at once.'),
    externalId: text('scada-000815'),
    createdBy: text(BEN),
    createdAt: text('2024-05-21T05:00:00.0000000Z'),
    updatedBy: text(ANNA),
    updatedAt: text('2024-05-22T05:00:00.0000000Z'),
  });
  const createdOnly = { createdBy: text(BEN), createdAt: text('2024-05-21T05:00:00.0000000Z') };
  yield reading(planted(27, 502), planted(27, 101), { ...nobody, ...createdOnly });
  yield reading(planted(27, 503), planted(27, 101), nobody);
}

/** K-X28: one GUID, written in four ways. */
function* spellings(): Generator<DemoRow> {
  const id = planted(28, 101);
  yield kpi(id.toUpperCase());
  yield link(planted(28, 201).toUpperCase(), `{${id}}`);
  yield milestone(planted(28, 301), id.replaceAll('-', ''));
  yield actual(`(${planted(28, 401)})`, id);
}

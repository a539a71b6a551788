import type { DemoRow } from '../../contract/demo-data.js';
import {
  ANNA,
  BEN,
  DAN,
  EVA,
  FAY,
  actual,
  kpi,
  link,
  milestone,
  planted,
  reading,
} from './defect-builders.js';
import { flag, number, text } from './demo-item.js';

/** K-X01..K-X06, K-X16, K-X17, K-X20, K-X26, K-X29: one record and several links, one id and several kinds, counts. */
export function* fanOutDefects(): Generator<DemoRow> {
  yield* severalLinks();
  yield* noLink();
  yield* counts();
  yield* sharedIds();
  yield* choices();
}

/** K-X01: the link created first is neither the lowest nor the first in the table. */
function* severalLinks(): Generator<DemoRow> {
  const id = (serial: number): string => planted(1, serial);
  yield kpi(id(101));
  yield link(id(201), id(101), { createdBy: text(ANNA), createdAt: text('2023-05-01T08:00:00.0000000Z') });
  yield link(id(202), id(101), { createdBy: text(BEN), createdAt: text('2023-01-01T08:00:00.0000000Z') });
  yield link(id(203), id(101), { createdBy: text(DAN), createdAt: text('2023-09-01T08:00:00.0000000Z') });
  yield milestone(id(301), id(101));
  yield actual(id(401), id(101));
  yield reading(id(501), id(101));
}

function* noLink(): Generator<DemoRow> {
  yield kpi(planted(2, 101));
  yield milestone(planted(2, 301), planted(2, 101));
  yield actual(planted(2, 401), planted(2, 101));
  yield reading(planted(2, 501), planted(2, 101));
}

function* counts(): Generator<DemoRow> {
  // K-X03: two milestones and three targets, although one milestone is lost
  yield kpi(planted(3, 101));
  yield link(planted(3, 201), planted(3, 101), { createdBy: text(ANNA) });
  yield link(planted(3, 202), planted(3, 101), { createdBy: text(BEN) });
  yield link(planted(3, 203), planted(3, 101), { createdBy: text(DAN) });
  yield milestone(planted(3, 301), planted(3, 101));
  yield kpi(planted(3, 102));
  yield milestone(planted(3, 302), planted(3, 102));
  // K-X04: two readings make up for the lost actual
  yield kpi(planted(4, 101));
  yield link(planted(4, 201), planted(4, 101));
  yield reading(planted(4, 501), planted(4, 101));
  yield reading(planted(4, 502), planted(4, 101), { readingDate: text('2024-05-27') });
  yield kpi(planted(4, 102));
  yield actual(planted(4, 401), planted(4, 102));
  // K-X05: two rows of the old table are one link
  yield kpi(planted(5, 101));
  yield link(planted(5, 201), planted(5, 101));
  yield link(`{${planted(5, 201).toUpperCase()}}`, planted(5, 101));
  // K-X06: what a comparison of KPI ids never sees
  yield kpi(planted(6, 101));
  yield link(planted(6, 201), planted(6, 101), { weight: number('33.333333333333333333333333333333333333') });
  const targetValue = number('12345678901234567890123456789.012345678');
  yield milestone(planted(6, 301), planted(6, 101), { targetValue });
}

function* sharedIds(): Generator<DemoRow> {
  yield kpi(planted(16, 101));
  yield link(planted(16, 201), planted(16, 101));
  yield milestone(planted(16, 901), planted(16, 101));
  yield actual(planted(16, 901), planted(16, 101));
  yield reading(planted(16, 901), planted(16, 101));
  // K-X17: one measurement, typed in and imported
  yield kpi(planted(17, 101));
  yield link(planted(17, 201), planted(17, 101));
  yield actual(planted(17, 401), planted(17, 101), {
    actualValue: number('88.5'),
    sourceReferenceId: text('erp-4711'),
  });
  const same = { value: number('88.5'), readingDate: text('2024-05-31'), externalId: text('erp-4711') };
  yield reading(planted(17, 501), planted(17, 101), same);
}

function* choices(): Generator<DemoRow> {
  // K-X20: five links, and a query for them per record
  yield kpi(planted(20, 101));
  for (const [position, user] of [ANNA, BEN, DAN, EVA, FAY].entries()) {
    yield link(planted(20, 201 + position), planted(20, 101), { createdBy: text(user) });
  }
  for (const serial of [501, 502, 503]) yield reading(planted(20, serial), planted(20, 101));
  // K-X26: two primary links for two goals of one person
  yield kpi(planted(26, 101), { ownerId: text(ANNA) });
  yield link(planted(26, 201), planted(26, 101), { isPrimary: flag(true) });
  yield link(planted(26, 202), planted(26, 101), { isPrimary: flag(true), goalId: text(planted(26, 801)) });
  yield milestone(planted(26, 301), planted(26, 101));
  // K-X29: the primary flag has moved to the younger link
  yield kpi(planted(29, 101));
  const older = {
    createdBy: text(ANNA),
    isPrimary: flag(false),
    createdAt: text('2022-01-01T00:00:00.0000000Z'),
  };
  yield link(planted(29, 201), planted(29, 101), older);
  yield link(planted(29, 202), planted(29, 101), { createdBy: text(BEN), isPrimary: flag(true) });
  yield milestone(planted(29, 301), planted(29, 101));
}

import type { DemoRow } from '../../contract/demo-data.js';
import {
  ANNA,
  BEN,
  CLEO,
  DAN,
  EVA,
  FAY,
  NIL,
  OTHER_TENANT,
  actual,
  kpi,
  link,
  milestone,
  person,
  planted,
} from './defect-builders.js';
import { text } from './demo-item.js';

/** K-X07..K-X11, K-X30: persons, users, tenants, and KPIs that are not there. */
export function* peopleDefects(): Generator<DemoRow> {
  for (const [position, user] of [ANNA, BEN, DAN, EVA, FAY].entries())
    yield person(planted(0, 601 + position), user);
  yield person(planted(0, 606), CLEO, { tenantId: text(OTHER_TENANT) });
  yield* missing();
  yield* placeholders();
  yield* tenants();
  yield* strangeUsers();
}

/** K-X07, K-X09 */
function* missing(): Generator<DemoRow> {
  yield link(planted(7, 201), planted(7, 199));
  yield kpi(planted(9, 101), { ownerId: text(NIL) });
  yield link(planted(9, 201), planted(9, 101));
  yield link(planted(9, 202), NIL);
  yield milestone(planted(9, 301), planted(9, 199));
}

/** K-X08: the second user's GUID is the id of somebody else. */
function* placeholders(): Generator<DemoRow> {
  yield kpi(planted(8, 101), { ownerId: text(planted(8, 701)) });
  yield link(planted(8, 201), planted(8, 101));
  yield kpi(planted(8, 102), { ownerId: text(planted(8, 702)) });
  yield person(planted(8, 702), planted(8, 703));
  yield link(planted(8, 202), planted(8, 102));
}

/** K-X10, K-X30 */
function* tenants(): Generator<DemoRow> {
  const elsewhere = { tenantId: text(OTHER_TENANT) };
  yield kpi(planted(10, 101), { ownerId: text(CLEO) });
  yield link(planted(10, 201), planted(10, 101));
  yield kpi(planted(10, 102), { ownerId: text(planted(10, 702)) });
  yield person(planted(10, 601), planted(10, 702));
  yield person(planted(10, 602), planted(10, 702), elsewhere);
  yield link(planted(10, 202), planted(10, 102));
  yield link(planted(10, 203), planted(10, 101), elsewhere);
  yield milestone(planted(10, 301), planted(10, 101), elsewhere);
  yield kpi(planted(10, 103), { ownerId: text(planted(10, 703)) });
  yield person(planted(10, 603), planted(10, 703));
  yield person(planted(10, 604), planted(10, 703));
  yield link(planted(10, 204), planted(10, 103));
  const named = { tenantId: text('catalogue-of-defects') };
  yield kpi(planted(30, 101), named);
  yield person(planted(30, 601), planted(30, 701), named);
  yield link(planted(30, 201), planted(30, 101), { ...named, createdBy: text(planted(30, 701)) });
  yield actual(planted(30, 401), planted(30, 101), named);
}

/** K-X11 */
function* strangeUsers(): Generator<DemoRow> {
  yield kpi(planted(11, 101));
  yield link(planted(11, 201), planted(11, 101), { createdBy: text('system') });
  yield link(planted(11, 202), planted(11, 101), { createdBy: text(`{${ANNA.toUpperCase()}}`) });
  yield milestone(planted(11, 301), planted(11, 101), { createdBy: text('legacy-import') });
  yield actual(planted(11, 401), planted(11, 101), { recordedBy: text('ann@example.org') });
  yield actual(planted(11, 402), planted(11, 101), { recordedBy: text(BEN.replaceAll('-', '')) });
}

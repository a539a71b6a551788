import type { DemoRow } from '../../contract/demo-data.js';
import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { ANNA, actual, kpi, link, milestone, planted, reading } from './defect-builders.js';
import { flag, number, text } from './demo-item.js';

/**
 * How long a text makes an item that the legacy table still takes (400 KiB with its 291 bytes of other attributes)
 * and the new table, where a row has about 600 bytes beside it, does not.
 */
const BARELY_STORED = 409_200;
/** Longer than the 2,048 bytes of an index key, which goalId is in the new table only. */
const TOO_LONG_FOR_A_KEY = 3000;

/** K-X18, K-X19, K-X21, K-X22, and rows that need care whatever the engine: odd types, odd sizes, unknown attributes. */
export function* runDefects(): Generator<DemoRow> {
  for (const defect of [18, 19, 21, 22, 41, 42, 43]) {
    yield kpi(planted(defect, 101));
    yield link(planted(defect, 201), planted(defect, 101));
  }
  const edited = { updatedBy: text(ANNA), updatedAt: text('2024-08-01T00:00:00.0000000Z') };
  yield milestone(planted(18, 301), planted(18, 101), edited);
  yield milestone(planted(21, 301), planted(21, 101));
  yield actual(planted(22, 401), planted(22, 101));
  yield* poison();
  yield* oversized();
  yield* unknownAttributes();
  yield actual(planted(43, 401), planted(43, 101), { actualValue: text(' +12.50 ') });
}

/** K-X19: three records at which a loop would stop, and one behind them. */
function* poison(): Generator<DemoRow> {
  yield milestone(planted(19, 301), planted(19, 101), { targetValue: text('n/a') });
  yield milestone(planted(19, 302), planted(19, 101), { targetValue: flag(true) });
  yield milestone(planted(19, 303), planted(19, 101), { milestoneDate: text('  ') });
  yield milestone(planted(19, 304), planted(19, 101));
}

function* oversized(): Generator<DemoRow> {
  yield link(planted(41, 202), planted(41, 101), { goalId: text('g'.repeat(TOO_LONG_FOR_A_KEY)) });
  yield milestone(planted(41, 301), planted(41, 101), { rationale: text('r'.repeat(BARELY_STORED)) });
}

function* unknownAttributes(): Generator<DemoRow> {
  const all: StoredItem = {
    exactBudget: number('99999999999999999999999999999999999999'),
    tags: { SS: ['board', 'quarterly'] },
    thresholds: { NS: ['0.1', '12345678901234567890123456789.012345678'] },
    checksum: { B: new Uint8Array([0, 127, 128, 255]) },
    thumbnails: { BS: [new Uint8Array([1, 2]), new Uint8Array([3])] },
    history: { L: [text('draft'), number('0.30000000000000000000000000000000000001'), { NULL: true }] },
    review: { M: { by: text('committee'), rounds: { M: { last: number('2'), open: flag(false) } } } },
    retiredAt: { NULL: true },
    strategyId: text('grow'),
  };
  yield milestone(planted(42, 301), planted(42, 101), all);
  yield actual(planted(42, 401), planted(42, 101), { 'plan.owner': text('legacy'), '#n': number('1') });
  yield reading(planted(42, 501), planted(42, 101), {
    sensor: { M: { serial: text('S-1'), drift: number('-0.001') } },
  });
}

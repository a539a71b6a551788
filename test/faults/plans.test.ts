import { COMPANY_OUTLINE } from '../../src/migrations/company/company.outline.js';
import type { PlanOutline } from '../../src/migrations/contract/plan-outline.js';
import { CORE_TABLE_OUTLINE } from '../../src/migrations/core-table/core-table.outline.js';
import { PERSONNEL_OUTLINE } from '../../src/migrations/personnel/personnel.outline.js';
import { differences } from '../support/faults/end-state.js';
import { FaultProxy } from '../support/faults/fault-proxy.js';
import { PAGE_ROWS } from '../support/faults/process-scenario.js';
import { FunctionStage } from '../support/handler/function-stage.js';

const SEED = '--scale 60 --defects';
const RUN = 'run --segments 2 --concurrency 4';
/** Records of the defects are set aside. */
const SET_ASIDE = 1;

/** Kinds that have to happen to each plan, whatever requests it sends. */
const CERTAIN = [
  ...(['throttling', 'internal-error', 'reset-before', 'reset-after', 'truncated-body'] as const),
  ...(['statement-throttled', 'statement-internal-error'] as const),
];

describe('a network and a store that fail now and then change nothing of where a plan ends', () => {
  it.each<PlanOutline>([PERSONNEL_OUTLINE, CORE_TABLE_OUTLINE, COMPANY_OUTLINE])(
    '$name',
    async (plan) => {
      const [undisturbed, disturbed] = [
        await FunctionStage.open(plan, SEED),
        await FunctionStage.open(plan, SEED),
      ];
      const faults = { seed: 7, rates: 0.08, eachAtLeastOnce: true };
      const proxy = await FaultProxy.start(disturbed.endpoint, {
        pageLimit: PAGE_ROWS,
        faults,
        maxDelay: 50,
      });
      try {
        await undisturbed.type(RUN, SET_ASIDE);
        await disturbed.type(RUN, SET_ASIDE, proxy.endpoint);
        expect(proxy.errors).toEqual([]);
        for (const kind of CERTAIN) expect(proxy.fired.get(kind)).toBeGreaterThan(0);
        expect(differences(await undisturbed.endState(), await disturbed.endState())).toEqual([]);
      } finally {
        await proxy.close();
        await undisturbed.close();
        await disturbed.close();
      }
    },
    120_000,
  );
});

import type { MigrationPlan } from 'waybill/plan';
import { PARCELS_TABLES } from './parcels.tables.js';
import { SlipsStep } from './slips.step.js';

/** Plan `parcels`: paper slips of a haulier into its new model. */
export function parcelsPlan(): MigrationPlan {
  return {
    name: 'parcels',
    title: 'Parcel slips into consignments',
    steps: [new SlipsStep()],
    tables: PARCELS_TABLES,
    acceptable: new Map(),
  };
}

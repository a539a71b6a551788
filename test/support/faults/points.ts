import { TABLE } from '../kpi/tables.js';
import type { RecordedRequest } from './recorded-request.js';

type Which = (request: RecordedRequest) => boolean;

/** A request of the step in the middle, or any of a kind that belongs to no step. */
function requestOf(operation: string, subject: string, step = 'milestones'): Which {
  return (request) =>
    request.operation === operation &&
    request.subject.startsWith(subject) &&
    (step === '' || request.step === step);
}

/** The kinds of point at which a run of the plan can be caught, by name. */
export const POINTS: Readonly<Record<string, Which>> = {
  'taking the lease': requestOf('TransactWriteItems', 'lease', ''),
  'recording the run': requestOf('TransactWriteItems', 'run', ''),
  'recording where a step stands': requestOf('TransactWriteItems', 'state'),
  'recording a step': requestOf('TransactWriteItems', 'step'),
  'Scan of records': requestOf('Scan', TABLE.milestones),
  'Scan of a look-up': requestOf('Scan', TABLE.kpis),
  BatchExecuteStatement: requestOf('BatchExecuteStatement', TABLE.kpiData),
  'BatchGetItem of rows that exist': requestOf('BatchGetItem', TABLE.kpiData),
  'UpdateItem of a row': requestOf('UpdateItem', TABLE.kpiData),
  'TransactWriteItems of entries': requestOf('TransactWriteItems', 'entries'),
  'TransactWriteItems of a checkpoint': requestOf('TransactWriteItems', 'checkpoint'),
  'Scan of the verification': requestOf('Scan', TABLE.kpiData),
  'UpdateItem of the heartbeat': requestOf('UpdateItem', 'heartbeat', ''),
};

export function pointNamed(name: string): Which {
  const point = POINTS[name];
  if (point === undefined) throw new RangeError(`no point ${name}`);
  return point;
}

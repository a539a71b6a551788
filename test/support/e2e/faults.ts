import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type {
  BatchExecuteStatementCommandInput,
  BatchExecuteStatementCommandOutput,
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  DynamoDBClient,
  ServiceInputTypes,
  ServiceOutputTypes,
  TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';

export const FAULTS = [
  'lost acknowledgement',
  'throttled statement',
  'unprocessed keys',
  'conflict of transactions',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Decides at each chance whether a fault happens, and counts those that did. */
export class FaultPlan {
  readonly fired = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]));
  private state: number;

  /** One chance in `oneIn` is taken; the seed decides which. */
  constructor(
    seed: number,
    private readonly oneIn: number,
  ) {
    this.state = seed >>> 0;
  }

  strikes(fault: Fault): boolean {
    if (this.next() % this.oneIn !== 0) return false;
    this.fired.set(fault, (this.fired.get(fault) ?? 0) + 1);
    return true;
  }

  /** a number from 0 to `below` - 1 */
  pick(below: number): number {
    return this.next() % below;
  }

  private next(): number {
    // the constants of Numerical Recipes; the low bits of such a generator repeat too soon
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state >>> 8;
  }
}

/** Makes a client meet the faults of a plan, each as DynamoDB documents it, while the server does its work. */
export function injectFaults(client: DynamoDBClient, plan: FaultPlan): void {
  const { middlewareStack } = client;
  const lost = new WeakSet<object>();
  // behind the SDK's retries: the server has done the work of this attempt and its answer never arrives
  middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      const writes = context['commandName'] === 'BatchExecuteStatementCommand';
      // only the first answer: a connection that loses all of them is an unreachable store
      if (!writes || lost.has(context) || !plan.strikes('lost acknowledgement')) return answer;
      lost.add(context);
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
    },
    { step: 'finalizeRequest', priority: 'low', name: 'loseAcknowledgement' },
  );
  // in front of everything: what is left out is not sent, and the answer says so
  middlewareStack.add(
    (next, context) => async (args) => {
      switch (context['commandName']) {
        case 'BatchExecuteStatementCommand':
          return throttled(plan, args.input as BatchExecuteStatementCommandInput, (input) =>
            next({ ...args, input }),
          );
        case 'BatchGetItemCommand':
          return unread(plan, args.input as BatchGetItemCommandInput, (input) => next({ ...args, input }));
        case 'TransactWriteItemsCommand':
          // nothing of it is sent: another transaction on the same item came first
          if (plan.strikes('conflict of transactions')) throw conflictOf(args.input);
          return next(args);
        default:
          return next(args);
      }
    },
    { step: 'initialize', priority: 'high', name: 'leaveOut' },
  );
}

interface Answered {
  readonly output: ServiceOutputTypes;
  readonly response: unknown;
}
type Send = (input: ServiceInputTypes) => Promise<Answered>;

/** One statement of the batch is throttled, under HTTP 200. */
async function throttled(
  plan: FaultPlan,
  input: BatchExecuteStatementCommandInput,
  send: Send,
): Promise<Answered> {
  const statements = input.Statements ?? [];
  if (statements.length < 2 || !plan.strikes('throttled statement')) return send(input);
  const at = plan.pick(statements.length);
  const answer = await send({ ...input, Statements: statements.filter((_, index) => index !== at) });
  const output = answer.output as BatchExecuteStatementCommandOutput;
  const responses = [...(output.Responses ?? [])];
  responses.splice(at, 0, { Error: { Code: 'ThrottlingError', Message: 'Rate exceeded' } });
  return { ...answer, output: { ...output, Responses: responses } };
}

/** Half of the keys are not read. */
async function unread(plan: FaultPlan, input: BatchGetItemCommandInput, send: Send): Promise<Answered> {
  const [[table, request] = []] = Object.entries(input.RequestItems ?? {});
  const keys = request?.Keys ?? [];
  if (table === undefined || keys.length < 2 || !plan.strikes('unprocessed keys')) return send(input);
  const half = Math.ceil(keys.length / 2);
  const answer = await send({
    ...input,
    RequestItems: { [table]: { ...request, Keys: keys.slice(0, half) } },
  });
  const left = { [table]: { ...request, Keys: keys.slice(half) } };
  return { ...answer, output: { ...(answer.output as BatchGetItemCommandOutput), UnprocessedKeys: left } };
}

/** Every action of the transaction is told that it was not to blame, but for the first. */
function conflictOf(input: object): Error {
  const { TransactItems = [] } = input as TransactWriteItemsCommandInput;
  const reasons = TransactItems.map((_, index) => ({ Code: index === 0 ? 'TransactionConflict' : 'None' }));
  return new TransactionCanceledException({
    message: 'Transaction cancelled',
    CancellationReasons: reasons,
    $metadata: { httpStatusCode: 400 },
  });
}

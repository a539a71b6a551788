import type { BatchStatementResponse } from '@aws-sdk/client-dynamodb';

import type { InsertResult } from '../../runner/ports/record-sink.js';
import type { Call } from '../rate/adaptive-limiter.js';
import { setTerms } from '../rate/request-cost.js';
import { toAttributes } from './attribute-values.js';
import { rowsCost } from './cost-estimate.js';
import type { DynamoRequests } from './dynamo-requests.js';
import { INCOMPLETE_ANSWER } from './error-facts.js';
import type { PendingInsert } from './insert-batches.js';
import { rejectionDetail } from './rejection-detail.js';
import type { RetryBudget } from './retry-budget.js';
import { isGeneralCode, isTransientCode } from './store-errors.js';
import { BatchExecuteStatementCommand, ConditionalCheckFailedException, PutItemCommand } from './sdk.js';

/** One row's answer; undefined: to be tried again. */
type Answer = InsertResult | undefined;

const ACTION = 'PartiQLInsert';

/** Sends one batch of inserts until every row of it has a definite answer. */
export class BatchInserter {
  constructor(private readonly requests: DynamoRequests) {}

  /**
   * Results in the order of the rows. Errors of single statements come under HTTP 200 and escape the SDK's retries, so
   * they are retried here: throttling, internal errors, conflicts with transactions, and answers that say nothing of
   * a row. A repeated insert may find the row that its first attempt wrote; it then says `exists`, as it must.
   * Throws `StoreError` when the budget is spent. `call` is told of the time that the rate held it back.
   */
  async insert(rows: readonly PendingInsert[], call?: Call): Promise<InsertResult[]> {
    const results = new Map<PendingInsert, InsertResult>();
    const budget = this.requests.budget();
    let pending = rows;
    while (pending.length > 0) {
      const { answers, code } = await this.attempt(pending, budget, call);
      const left: PendingInsert[] = [];
      pending.forEach((row, position) => {
        const answer = answers[position];
        if (answer === undefined) left.push(row);
        else results.set(row, answer);
      });
      if (left.length > 0 && left.length < pending.length) budget.renew();
      if (left.length > 0 && !(await budget.pause()))
        throw await this.failure(left[0] as PendingInsert, code, budget);
      pending = left;
    }
    return rows.map((row) => results.get(row) as InsertResult);
  }

  /** `code` is what the last row that has to be tried again was told. */
  private async attempt(
    rows: readonly PendingInsert[],
    budget: RetryBudget,
    call: Call | undefined,
  ): Promise<{ answers: Answer[]; code: string }> {
    const responses = await this.execute(rows, budget, call);
    if (responses === 'invalid') return { answers: await this.oneByOne(rows, call), code: '' };
    // a list of another length can't be matched with the rows: nothing of it counts
    if (responses.length !== rows.length) return { answers: [], code: INCOMPLETE_ANSWER };
    const answers: Answer[] = [];
    let last = '';
    for (const [position, row] of rows.entries()) {
      const response = responses[position] as BatchStatementResponse | null | undefined;
      const error = response?.Error;
      const code = response == null ? INCOMPLETE_ANSWER : codeOf(response);
      if (isGeneralCode(code)) throw await this.failure(row, code);
      const again = isTransientCode(code);
      if (again) last = code;
      answers.push(again ? undefined : answerOf(row, code, error?.Message));
    }
    return { answers, code: last };
  }

  /** `invalid`: DynamoDB refuses the request as a whole because of one statement, and does not say of which. */
  private async execute(
    rows: readonly PendingInsert[],
    budget: RetryBudget,
    call: Call | undefined,
  ): Promise<readonly BatchStatementResponse[] | 'invalid'> {
    const first = rows[0] as PendingInsert;
    const statements = rows.flatMap(({ statement }) => (statement === undefined ? [] : [statement]));
    const command = new BatchExecuteStatementCommand({ Statements: statements });
    announce(command.input, rows, call);
    const request = async (): Promise<readonly BatchStatementResponse[] | 'invalid'> => {
      try {
        return (await this.requests.client.send(command)).Responses ?? [];
      } catch (error) {
        if (isValidation(error)) return 'invalid';
        throw error;
      }
    };
    return this.requests.send({ action: ACTION, table: first.physicalTable }, request, { budget });
  }

  private async oneByOne(rows: readonly PendingInsert[], call: Call | undefined): Promise<InsertResult[]> {
    const results: InsertResult[] = [];
    for (const row of rows) results.push(await this.put(row, call));
    return results;
  }

  /** Insert-if-absent of one row by a conditional put: for statements that are too long and for batches refused. */
  async put(row: PendingInsert, call?: Call): Promise<InsertResult> {
    const command = new PutItemCommand({
      TableName: row.physicalTable,
      Item: toAttributes(row.item),
      ConditionExpression: 'attribute_not_exists(#k)',
      ExpressionAttributeNames: { '#k': row.keyNames[0] as string },
    });
    announce(command.input, [row], call);
    return this.requests.send({ action: 'PutItem', table: row.physicalTable }, async () => {
      try {
        await this.requests.client.send(command);
        return { kind: 'inserted' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { kind: 'exists' };
        if (isValidation(error)) return rejected(row, error.name, error.message);
        throw error;
      }
    });
  }

  private failure(row: PendingInsert, code: string, budget?: RetryBudget): Promise<Error> {
    return this.requests.failure({ name: code }, { action: ACTION, table: row.physicalTable }, budget);
  }
}

/** Tells the client's rate control what the rows of one table cost, as far as that is known. */
function announce(input: object, rows: readonly PendingInsert[], call: Call | undefined): void {
  const costs = rows.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  const table = (rows[0] as PendingInsert).physicalTable;
  setTerms(input, {
    ...(costs.length === rows.length && rows.every((row) => row.physicalTable === table)
      ? { cost: rowsCost(table, costs) }
      : {}),
    onHeld: call?.exclude,
  });
}

/** Empty: the statement succeeded. */
function codeOf({ Error: error }: BatchStatementResponse): string {
  return error === undefined ? '' : (error.Code ?? 'UnknownError');
}

function answerOf(row: PendingInsert, code: string, message: string | undefined): InsertResult {
  if (code === '') return { kind: 'inserted' };
  if (code === 'DuplicateItem') return { kind: 'exists' };
  return rejected(row, code, message);
}

function rejected(row: PendingInsert, code: string, message: string | undefined): InsertResult {
  return { kind: 'rejected', code, detail: rejectionDetail(message, row.item) };
}

/** Errors that blame the request's content: sending it again can't help. */
export function isValidation(error: unknown): error is Error {
  return (
    error instanceof Error &&
    ['ValidationException', 'SerializationException', 'ItemCollectionSizeLimitExceededException'].includes(
      error.name,
    )
  );
}

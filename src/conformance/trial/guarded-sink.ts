import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { WriteForbiddenError } from '../../runner/ports/errors.js';
import type {
  InsertResult,
  RecordSink,
  RemoveResult,
  ReplaceResult,
  StampedRow,
} from '../../runner/ports/record-sink.js';

type Write = 'insert' | 'replace' | 'remove';

/** Refuses what the client of the real store refuses (invariant 3), and counts what is really written. */
export class GuardedSink implements RecordSink {
  constructor(
    private readonly sink: RecordSink,
    private readonly definitions: readonly TableDefinition[],
    private readonly access: 'live' | 'rollback',
    private readonly wrote: () => void,
  ) {}

  check(row: StampedRow): ReturnType<RecordSink['check']> {
    return this.sink.check(row);
  }

  async insert(rows: readonly StampedRow[]): Promise<InsertResult[]> {
    for (const { table } of rows) this.require('insert', table);
    const results = await this.sink.insert(rows);
    for (const { kind } of results) if (kind === 'inserted') this.wrote();
    return results;
  }

  async replace(row: StampedRow, image: StoredItem): Promise<ReplaceResult> {
    this.require('replace', row.table);
    const result = await this.sink.replace(row, image);
    if (result.kind === 'replaced') this.wrote();
    return result;
  }

  async remove(table: string, image: StoredItem): Promise<RemoveResult> {
    this.require('remove', table);
    const result = await this.sink.remove(table, image);
    if (result.kind === 'removed') this.wrote();
    return result;
  }

  private require(write: Write, table: string): void {
    const definition = this.definitions.find(({ name }) => name === table);
    if (definition !== undefined && permitted(definition, this.access).includes(write)) return;
    throw new WriteForbiddenError(`${write} into ${table}: its role in the plan does not permit that`);
  }
}

function permitted({ role, insertable }: TableDefinition, access: 'live' | 'rollback'): readonly Write[] {
  const isWritten = role === 'target' || (role === 'lookup' && insertable === true);
  if (!isWritten) return [];
  if (access === 'rollback') return ['remove'];
  return role === 'target' ? ['insert', 'replace'] : ['insert'];
}

import type { Finding, FindingKind } from '../application.js';
import { rowName } from './row-sides.js';

/** Findings and excused records that are kept in memory; the rest is counted and told to `onFinding`. */
const KEPT = 1_000;
const REMEMBERED_NAMES = 100_000;

/** Counts findings, keeps the first ones, and leaves out those that belong to records in conflict. */
export class FindingCollector {
  readonly first: Finding[] = [];
  total = 0;
  /** companions that the application has changed, their identity kept */
  takenOver = 0;
  private readonly kinds = new Map<FindingKind, number>();
  private readonly reported = new Set<string>();
  private readonly stateConflicts = new Set<string>();
  private readonly excusedKinds = new Map<FindingKind, number>();
  /** records that are not, or not rightly, on the target side */
  private readonly unaccounted = new Set<string>();

  constructor(
    private readonly journalled: (source: string) => boolean,
    private readonly onFinding: (finding: Finding) => Promise<void> = () => Promise.resolve(),
  ) {}

  /** From now on these records are in conflict: verification does not expect their rows. */
  excuse(sources: ReadonlySet<string>): void {
    for (const source of sources) this.stateConflicts.add(source);
  }

  /** Whether a record is in conflict, so that nothing is found fault with for its sake. */
  isExcused(source: string): boolean {
    return this.journalled(source) || this.stateConflicts.has(source);
  }

  async add(finding: Finding, source: string): Promise<void> {
    if (this.isExcused(source)) {
      this.excusedKinds.set(finding.kind, this.excusedCount(finding.kind) + 1);
      return;
    }
    this.total += 1;
    this.kinds.set(finding.kind, this.count(finding.kind) + 1);
    if (finding.kind === 'missing' && this.unaccounted.size < REMEMBERED_NAMES) this.unaccounted.add(source);
    if (this.reported.size < REMEMBERED_NAMES) this.reported.add(rowName(finding));
    if (this.first.length < KEPT) this.first.push(finding);
    await this.onFinding(finding);
  }

  count(kind: FindingKind): number {
    return this.kinds.get(kind) ?? 0;
  }

  /** Findings of this kind that belong to records in conflict. */
  excusedCount(kind: FindingKind): number {
    return this.excusedKinds.get(kind) ?? 0;
  }

  /** Records with a row that is not there. */
  get missingRecords(): number {
    return this.unaccounted.size;
  }

  /** Whether a row of this record is not there. */
  misses(source: string): boolean {
    return this.unaccounted.has(source);
  }

  /** Whether a finding names this row already. */
  names(row: { readonly table: string; readonly key: string }): boolean {
    return this.reported.has(rowName(row));
  }

  *excused(): Iterable<string> {
    if (this.takenOver > 0)
      yield `${this.takenOver} companion rows were changed by the application, which may do so`;
    if (this.stateConflicts.size > 0)
      yield `${this.stateConflicts.size} records meet rows of the application's own under their keys`;
    const total = [...this.excusedKinds.values()].reduce((sum, count) => sum + count, 0);
    if (total > 0) yield `${total} findings belong to records in conflict and fail nothing`;
  }
}

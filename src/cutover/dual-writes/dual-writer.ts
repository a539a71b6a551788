import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { DualWriteRules } from '../../migrations/contract/dual-write-rules.js';
import type { Conduct } from '../phases/phase.js';
import { RefusedError } from '../../runner/ports/errors.js';
import { JointWrite } from './joint-write.js';
import { LegByLegWrite } from './leg-by-leg-write.js';
import { Reconciler, type Reconciled } from './reconciler.js';
import { StepTranslation } from './step-translation.js';
import { Sweep, type Swept } from './sweep.js';
import type { TwoModels } from './two-models.js';
import { WriteCounters, type DualWriteFigures } from './write-figures.js';
import { WriteProposals, type RecordPatch, type WriteRequest } from './write-proposal.js';
import type { DualWriteResult } from './write-result.js';
import type { WriteSurroundings } from './write-surroundings.js';

/**
 * How both models are written. `atomic`: in one transaction. `truth-first`: where none reaches both, the model that is
 * right first, with the discrepancy noted before.
 */
export type DualWritePolicy = 'atomic' | 'truth-first';

export interface DualWriterOptions {
  readonly rules: DualWriteRules;
  readonly models: TwoModels;
  /** what the phase asks for; asked before every write */
  readonly conduct: () => Promise<Conduct>;
  /** omitted: `atomic` */
  readonly policy?: DualWritePolicy;
  /** looks at a record that others change at the same time, at most; omitted: 8 */
  readonly attempts?: number;
  /**
   * Milliseconds for which `reconcile` leaves a write in legs alone that may be under way; longer than the retries of one
   * request, and than clocks of different machines differ. Omitted: 2 minutes.
   */
  readonly grace?: number;
  /** omitted: the system's time */
  readonly now?: () => Date;
  /** monotonic, in milliseconds; omitted: the process's */
  readonly clock?: () => number;
}

const ATTEMPTS = 8;
const GRACE_MS = 120_000;

/**
 * The one way in which an application writes records while a plan is cut over, whatever the phase (E-X16, P-X29). It speaks
 * the legacy model's attributes, as stored values, and is told what stands in the new one. Throws `RefusedError`
 * (`RECORD_EXISTS`, `RECORD_MISSING`, `RECORD_INVALID`, `RECORD_CONTENDED`: nothing was written) and `StoreError`: of an
 * atomic write then all may have been written or nothing, of any other a discrepancy is noted.
 */
export class DualWriter {
  private readonly joint: JointWrite;
  private readonly legByLeg: LegByLegWrite;
  private readonly reconciler: Reconciler;
  private readonly sweeper: Sweep;
  private readonly translation: StepTranslation;
  private readonly counters = new WriteCounters();
  private readonly policy: DualWritePolicy;
  private readonly conduct: () => Promise<Conduct>;
  private readonly clock: () => number;

  constructor(options: DualWriterOptions) {
    const { rules, models, policy = 'atomic', attempts = ATTEMPTS, grace = GRACE_MS } = options;
    const { now = () => new Date(), clock = () => performance.now() } = options;
    this.translation = new StepTranslation(rules, models, now);
    const proposals = new WriteProposals(this.translation, models);
    const surroundings: WriteSurroundings = {
      models,
      translation: this.translation,
      proposals,
      ...{ attempts, now, clock, grace },
    };
    this.joint = new JointWrite(surroundings);
    this.legByLeg = new LegByLegWrite(surroundings);
    this.reconciler = new Reconciler(surroundings, policy === 'atomic');
    this.sweeper = new Sweep(surroundings, policy === 'atomic');
    this.policy = policy;
    this.conduct = options.conduct;
    this.clock = clock;
  }

  /** A record that must not be there yet. */
  create(record: StoredItem): Promise<DualWriteResult> {
    return this.write({ write: 'create', record });
  }

  /** Changes the given attributes and no others. `key`: the key attributes of the record. */
  update(key: StoredItem, patch: RecordPatch): Promise<DualWriteResult> {
    return this.write({ write: 'update', key, patch });
  }

  remove(key: StoredItem): Promise<DualWriteResult> {
    return this.write({ write: 'remove', key });
  }

  /** How the record with this key is named in discrepancies. */
  sourceOf(key: StoredItem): string {
    return this.translation.nameOf(key);
  }

  /** Works off what is open at a record, named as in discrepancies; see {@link Reconciler}. */
  reconcile(source: string): Promise<Reconciled> {
    return this.reconciler.reconcile(source);
  }

  /** Closes what is open at a record by decision. False: nothing is. */
  dismiss(source: string): Promise<boolean> {
    return this.reconciler.dismiss(source);
  }

  /** After each run of the plan: removes rows that it has brought back; see {@link Sweep}. */
  async sweep(): Promise<Swept> {
    return this.sweeper.sweep(await this.conduct());
  }

  figures(): DualWriteFigures {
    return this.counters.figures();
  }

  private async write(request: WriteRequest): Promise<DualWriteResult> {
    const conduct = await this.conduct();
    const key = this.translation.sourceKey.of(request.write === 'create' ? request.record : request.key);
    const began = this.clock();
    try {
      const isInLegs = conduct.writes === 'both' && this.policy === 'truth-first';
      const way = isInLegs ? this.legByLeg : this.joint;
      const result = await way.write(request, key, conduct);
      this.counters.ended(result, this.clock() - began);
      return result;
    } catch (error) {
      const isRefused = error instanceof RefusedError && error.code !== 'RECORD_CONTENDED';
      if (isRefused) this.counters.refused();
      else if (conduct.writes === 'both') this.counters.failed(this.clock() - began);
      throw error;
    }
  }
}

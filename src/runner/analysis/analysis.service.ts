import { stampOf } from '../../domain/storage/stored.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import {
  isOwnRow,
  sourceName,
  type IMigrationStep,
  type StepContext,
} from '../../migrations/contract/migration-step.js';
import type { Decision } from '../../migrations/contract/outcome.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { decide, surveyAll } from '../engine/guarded-planner.js';
import { parallelScan } from '../engine/parallel-scan.js';
import { checkWith } from '../engine/step-runner.js';
import type { OpenStore } from '../ports/stores.js';
import { MappingService } from '../services/mapping.service.js';
import { planNamed, type ServiceParts } from '../services/service-parts.js';
import { storeRates } from '../services/store-rates.js';
import type {
  Analysis,
  AnalyzedBalance,
  AnalyzedDecision,
  AnalyzedStep,
  AnalyzedTable,
  AnalyzeRequest,
} from './analysis.js';

/** Decisions of a step that are told one by one. */
const MOST_DECISIONS = 10_000;
/** Stands in for the run of a stamp, where only its size counts. */
const NO_RUN = '00000000T000000Z-000000';

/** `analyze`: what stands in the tables, and what the plan would decide on its own account. Writes nothing (E-14). */
export class AnalysisService {
  constructor(private readonly parts: ServiceParts) {}

  async analyze(request: AnalyzeRequest): Promise<Analysis> {
    const { environment, now } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const store = this.parts.openStore(plan)('dry', {
      concurrency: environment.concurrency,
      rates: await storeRates(this.parts, plan, request),
    });
    try {
      const tables = [...(await this.own(plan, store.reader, request)), ...(await this.beside(plan))];
      const missing = new Set(tables.filter(({ found }) => !found).map(({ table }) => table));
      const steps: AnalyzedStep[] = [];
      // what a step looks up may be in any table of the plan
      const isWhole = plan.tables.every(({ name, role }) => role === 'target' || !missing.has(name));
      for (const step of isWhole ? plan.steps.filter(({ accounts }) => accounts === true) : [])
        steps.push(await this.step(step, store, request));
      const isReady = plan.tables.every(({ name }) => !missing.has(name));
      const balances = isReady ? await this.balances(plan, store, request) : [];
      return {
        ...{ plan: plan.name, title: plan.title, env: environment.name, at: now().toISOString() },
        ...(balances.length === 0 ? {} : { balances }),
        ...{ tables, steps, mapping: await new MappingService(this.parts).mapping(request) },
      };
    } finally {
      await store.close();
    }
  }

  /** Every row is read: figures of the store itself are hours old. */
  private async own(
    plan: MigrationPlan,
    reader: RecordReader,
    { signal }: AnalyzeRequest,
  ): Promise<AnalyzedTable[]> {
    const analyzed: AnalyzedTable[] = [];
    for (const definition of plan.tables) {
      signal?.throwIfAborted();
      const base = this.named(definition.name, definition.role);
      const described = await this.parts.admin.describe(definition.name);
      analyzed.push(
        described === undefined
          ? { ...base, found: false }
          : await this.counted(base, plan, definition, reader, signal),
      );
    }
    return analyzed;
  }

  private async counted(
    base: Pick<AnalyzedTable, 'table' | 'physicalName' | 'group'>,
    { steps }: Pick<MigrationPlan, 'steps'>,
    { name }: TableDefinition,
    reader: RecordReader,
    signal: AbortSignal | undefined,
  ): Promise<AnalyzedTable> {
    const { forecasting, progress, environment } = this.parts;
    const writers = steps.filter(({ mappers }) => mappers.has(name));
    let [items, bytes, migrated] = [0, 0, 0];
    progress.started(`${name}: counted`, undefined);
    try {
      await parallelScan(
        reader,
        name,
        environment.segments,
        (page) => {
          for (const item of page.items) {
            items += 1;
            bytes += forecasting?.itemBytes(name, item) ?? 0;
            const source = stampOf(item)?.source;
            if (writers.some((step) => isOwnRow(step, item, source))) migrated += 1;
          }
          progress.advanced(items);
          return Promise.resolve();
        },
        { storedOnly: true, ...(signal === undefined ? {} : { signal }) },
      );
    } finally {
      progress.finished();
    }
    const sizes = forecasting === undefined ? {} : { bytes, ...averageOf(bytes, items) };
    return { ...base, found: true, counted: 'scan', items, ...sizes, migrated };
  }

  /** Tables beside the plan's: none of their rows is read, only what the store says of them. */
  private async beside(plan: MigrationPlan): Promise<AnalyzedTable[]> {
    const { archived = [], untouched = [] } = plan;
    const groups = [
      ...archived.map((table) => [table, 'archived'] as const),
      ...untouched.map((table) => [table, 'untouched'] as const),
    ];
    const analyzed: AnalyzedTable[] = [];
    for (const [table, group] of groups) {
      const base = this.named(table, group);
      const found = await this.parts.describeBeside?.(plan, table);
      if (found === undefined) analyzed.push({ ...base, found: false });
      else {
        const { itemCount: items = 0, bytes = 0 } = found;
        analyzed.push({ ...base, found: true, counted: 'store', items, bytes, ...averageOf(bytes, items) });
      }
    }
    return analyzed;
  }

  private named(
    table: string,
    group: AnalyzedTable['group'],
  ): Pick<AnalyzedTable, 'table' | 'physicalName' | 'group'> {
    return { table, physicalName: this.parts.admin.physicalName(table), group };
  }

  private async balances(
    plan: MigrationPlan,
    store: Pick<OpenStore, 'reader' | 'sink'>,
    request: Pick<AnalyzeRequest, 'signal'>,
  ): Promise<AnalyzedBalance[]> {
    const balances: AnalyzedBalance[] = [];
    for (const step of plan.steps) {
      const balance = await step.balance?.(this.context(store, request));
      if (balance !== undefined) balances.push({ step: step.name, ...balance });
    }
    return balances;
  }

  private context(
    { reader, sink }: Pick<OpenStore, 'reader' | 'sink'>,
    { signal }: Pick<AnalyzeRequest, 'signal'>,
  ): StepContext {
    const { indexes, environment } = this.parts;
    const stop = signal === undefined ? {} : { signal };
    return { reader, indexes, segments: environment.segments, check: checkWith(sink, NO_RUN), ...stop };
  }

  private async step(
    step: IMigrationStep,
    { reader, sink }: OpenStore,
    { signal }: AnalyzeRequest,
  ): Promise<AnalyzedStep> {
    const { segments } = this.parts.environment;
    const stop = signal === undefined ? {} : { signal };
    const check = checkWith(sink, NO_RUN);
    const planner = await step.prepare(this.context({ reader, sink }, stop));
    const rules = new Map<string, number>();
    const decisions: AnalyzedDecision[] = [];
    let records = 0;
    try {
      await surveyAll(planner, reader, step.source, segments, stop);
      await parallelScan(
        reader,
        step.source,
        segments,
        ({ items }) => {
          for (const record of items) {
            records += 1;
            const told = toldOf(sourceName(step, record), decide(step, planner, check, record));
            rules.set(told.rule, (rules.get(told.rule) ?? 0) + 1);
            if (decisions.length < MOST_DECISIONS) decisions.push(told);
          }
          return Promise.resolve();
        },
        stop,
      );
    } finally {
      await planner.close();
    }
    decisions.sort((a, b) => (a.source < b.source ? -1 : 1));
    return { step: step.name, records, rules: Object.fromEntries([...rules].sort()), decisions };
  }
}

function averageOf(bytes: number, items: number): { averageBytes?: number } {
  return items === 0 ? {} : { averageBytes: Math.round(bytes / items) };
}

function toldOf(source: string, decision: Decision): AnalyzedDecision {
  const { kind: outcome, account } = decision;
  const { rule, detail, key } = account ?? { rule: outcome, detail: '', key: undefined };
  return { source, outcome, rule, ...(key === undefined ? {} : { key }), detail };
}

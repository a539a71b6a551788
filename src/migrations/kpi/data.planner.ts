import type { KpiData } from '../../domain/kpi/kpi-data.js';
import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { stampOf, type AggregateMapper, type Stored } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndex } from '../contract/lookup-index.js';
import type { RecordPlanner, RowFault, StepContext } from '../contract/migration-step.js';
import type { Decision, PlannedRow, Warning } from '../contract/outcome.js';
import { KpiDirectory } from './lookups/kpi-directory.js';
import { LegacyIds, type EarlierTable } from './lookups/legacy-ids.js';
import { LinkDirectory, type LinkEntry } from './lookups/link-directory.js';
import { reference } from './lookups/reference.js';
import { admit, type KpiRecord } from './record-reading.js';
import type { DataTarget } from './translation/data-target.js';
import { dataId, type DataKind } from './translation/derived-id.js';

/** Instead of a link's id: the row that keeps the legacy id hangs on a link that is no longer there. */
const GONE = '';

/** What tells the three kinds of data records apart. */
export interface DataSpecies<R extends KpiRecord> {
  readonly kind: DataKind;
  readonly table: string;
  /** tables of the kinds that come first in rank: an id that they hold is theirs (K-X16) */
  readonly earlierTables: readonly EarlierTable[];
  readonly recordClass: new () => R;
  readonly translate: (record: R, target: DataTarget) => Stored<KpiData>;
  /** where present: further warnings, from look-ups of the kind's own */
  readonly inspect?: (record: R) => readonly Warning[];
  /** where present: releases what `inspect` looks things up in */
  readonly close?: () => Promise<void>;
}

interface Lookups {
  readonly kpis: KpiDirectory;
  readonly links: LinkDirectory;
  readonly ids: LegacyIds;
  /** canonical legacy id → link whose row keeps it, where that is not today's first link (K-X29) */
  readonly pins: LookupIndex;
}

/**
 * Decides on milestones, actuals and readings: one data row per link of the KPI. The link that was created first
 * keeps the legacy id for its row, every other row's id is derived (K-X01); once stored, that choice is pinned.
 */
export class DataPlanner<R extends KpiRecord> implements RecordPlanner {
  private constructor(
    private readonly species: DataSpecies<R>,
    private readonly mapper: AggregateMapper<KpiData>,
    private readonly lookups: Lookups,
    private readonly context: Pick<StepContext, 'reader' | 'repairing'>,
  ) {}

  static async build<R extends KpiRecord>(
    species: DataSpecies<R>,
    mapper: AggregateMapper<KpiData>,
    context: StepContext,
  ): Promise<DataPlanner<R>> {
    const [kpis, links, ids] = await Promise.all([
      KpiDirectory.build(context),
      LinkDirectory.build(context),
      LegacyIds.build(context, species.table, species.earlierTables),
    ]);
    return new DataPlanner(
      species,
      mapper,
      { kpis, links, ids, pins: context.indexes.create('pins') },
      context,
    );
  }

  plan(item: StoredItem): Decision {
    const admission = admit(this.species.recordClass, item, this.lookups.ids, this.lookups.kpis);
    if (!admission.ok)
      return { kind: 'quarantined', problem: admission.problem, warnings: admission.warnings };
    const { record } = admission;
    const warnings = [...admission.warnings, ...(this.species.inspect?.(record) ?? [])];
    const links = this.lookups.links.ofKpi(record.kpiId.text, record.tenantId);
    const [first] = links;
    if (first === undefined) {
      const detail = `KPI ${record.kpiId.text} has no link, so there is nothing to hang the record on`;
      return { kind: 'quarantined', problem: { reason: 'KPI_UNLINKED', field: 'kpiId', detail }, warnings };
    }
    if (!this.keepsId(record)) {
      const detail = `the id ${record.id.text} belongs to a record of another kind; ids were derived`;
      const shared: Warning = { code: 'ID_SHARED', field: 'id', detail };
      const rows = links.map((link) => this.row(record, link, this.derivedId(record, link)));
      return { kind: 'rows', anchored: false, rows, warnings: [...warnings, shared] };
    }
    const derived = (link: LinkEntry): PlannedRow => this.row(record, link, this.derivedId(record, link));
    const pin = this.lookups.pins.get(record.id.text);
    // the row that has the id hangs on a link that is gone: it keeps the id, and the others are planned around it
    if (pin === GONE) return { kind: 'rows', anchored: false, rows: links.map(derived), warnings };
    const keeper = links.find((link) => link.id === pin) ?? first;
    const others = links.filter((link) => link !== keeper);
    const rows = [this.row(record, keeper, record.id.text), ...others.map(derived)];
    return { kind: 'rows', anchored: true, rows, warnings };
  }

  /** A stored row under its legacy id decides which link keeps the id, whatever order the links would give today. */
  pin(row: StoredItem, edited?: { readonly record: StoredItem }): Promise<boolean> | boolean {
    const linkId = reference(row, 'kpiLinkId') ?? '';
    if (this.context.repairing === undefined || this.lookups.links.find(linkId) !== undefined)
      return this.pinKeeper(row, edited);
    return this.pinRevived(row, linkId, edited);
  }

  /** K-26, K-X07: the link of a data row exists and is of the row's tenant. */
  audit(_table: string, row: StoredItem): RowFault | undefined {
    const linkId = reference(row, 'kpiLinkId') ?? '';
    const link = this.lookups.links.find(linkId);
    if (link === undefined)
      return { kind: 'orphan', field: 'kpiLinkId', detail: `there is no link ${linkId}` };
    if (link.tenantId === reference(row, 'tenantId')) return undefined;
    return { kind: 'tenant', field: 'tenantId', detail: `link ${linkId} belongs to another tenant` };
  }

  async close(): Promise<void> {
    const { kpis, links, ids, pins } = this.lookups;
    await Promise.all([kpis.close(), links.close(), ids.close(), pins.close(), this.species.close?.()]);
  }

  private keepsId(record: R): boolean {
    return !this.lookups.ids.takenByEarlierKind(record.id.text);
  }

  private derivedId(record: R, link: LinkEntry): string {
    return dataId(this.species.kind, record.id.text, link.id);
  }

  private row(record: R, link: LinkEntry, id: string): PlannedRow {
    const stored = this.species.translate(record, { dataId: id, linkId: link.id });
    return { table: this.mapper.table, item: this.mapper.toItem(stored) };
  }

  private async pinRevived(
    row: StoredItem,
    linkId: string,
    edited: { readonly record: StoredItem } | undefined,
  ): Promise<boolean> {
    const revived = await this.lookups.links.revive(this.context, linkId);
    return (await this.pinKeeper(row, edited)) || revived;
  }

  private pinKeeper(
    row: StoredItem,
    edited: { readonly record: StoredItem } | undefined,
  ): Promise<boolean> | boolean {
    const id = reference(row, 'id') ?? '';
    if (!this.isKeptRow(row, id)) return false;
    const keeper = edited === undefined ? reference(row, 'kpiLinkId') : this.keeperBehind(row, edited.record);
    if (keeper === undefined) return false;
    const link = this.lookups.links.find(keeper);
    const links = this.lookups.links.ofKpi(link?.kpiId ?? '', reference(row, 'tenantId') ?? '');
    const choice = link === undefined ? GONE : keeper;
    if (choice !== GONE && !links.some(({ id: candidate }) => candidate === keeper)) return false;
    const planned = this.lookups.pins.get(id) ?? links[0]?.id;
    if (planned === choice) return false;
    return this.lookups.pins.put(id, choice).then(() => true);
  }

  /** A row of this kind that stands under its record's own id. */
  private isKeptRow(row: StoredItem, id: string): boolean {
    const own = `${this.species.table}#`;
    const source = stampOf(row)?.source ?? '';
    return source.startsWith(own) && reference({ id: { S: source.slice(own.length) } }, 'id') === id;
  }

  /**
   * The link of an edited row as it was written: the one for which the record gives the stamp's digest. Undefined where
   * the digest is that of the record's row for another id: then the row is not changed, it stands in the wrong place.
   */
  private keeperBehind(row: StoredItem, item: StoredItem): string | undefined {
    const admission = admit(this.species.recordClass, item, this.lookups.ids, this.lookups.kpis);
    if (!admission.ok) return undefined;
    const { record } = admission;
    const digest = stampOf(row)?.digest;
    const links = this.lookups.links.ofKpi(record.kpiId.text, record.tenantId);
    const wrote = (link: LinkEntry, id: string): boolean =>
      contentDigest(this.row(record, link, id).item) === digest;
    const keeper = links.find((link) => wrote(link, record.id.text));
    if (keeper !== undefined) return keeper.id;
    return links.some((link) => wrote(link, this.derivedId(record, link)))
      ? undefined
      : reference(row, 'kpiLinkId');
  }
}

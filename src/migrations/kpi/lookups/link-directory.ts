import { contentDigest } from '../../../domain/storage/canonical-digest.js';
import { stampOf } from '../../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import { Guid } from '../../../domain/values/guid.js';
import { Moment } from '../../../domain/values/moment.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import { TABLES } from '../kpi.tables.js';
import { feed, filledIndexes } from '../../contract/table-feed.js';
import { reference } from './reference.js';

export interface LinkEntry {
  readonly id: string;
  readonly tenantId?: string;
}

/** id, createdAt, tenant; short names because there are many */
type StoredLink = [id: string, createdAt: string, tenantId?: string];

const CACHED_KPIS = 2_000;
const LINK_ATTRIBUTES = ['id', 'kpiId', 'tenantId', 'createdAt'];
const LEGACY = `${TABLES.legacyLinks}#`;

/**
 * The links of the target table, the application's own included: by KPI in the order in which they were created
 * (unreadable times last, ties by lowest id), and by id. Built by a consistent scan, never through an index of the
 * table, which lags.
 */
export class LinkDirectory {
  private readonly cache = new Map<string, readonly LinkEntry[]>();

  private constructor(
    private readonly byKpi: LookupIndex,
    /** link id → [kpi, tenant] */
    private readonly byId: LookupIndex,
  ) {}

  static async build(context: StepContext): Promise<LinkDirectory> {
    const { repairing } = context;
    const names =
      repairing === undefined
        ? (['links-by-kpi', 'links'] as const)
        : (['repaired-links-by-kpi', 'repaired-links'] as const);
    const attributes = repairing === undefined ? LINK_ATTRIBUTES : undefined;
    const [byKpi, byId] = await filledIndexes(context, names, async (empty) => {
      const directory = new LinkDirectory(...empty);
      await feed(context, TABLES.links, attributes, async (row) => {
        const source = repairing === undefined ? undefined : damagedSource(row);
        if (source === undefined || repairing?.inConflict(source) === true) await directory.add(row);
        else await directory.repair(context, row, source);
      });
    });
    return new LinkDirectory(byKpi, byId);
  }

  /**
   * Takes a link whose row is gone for what its old link says, where there is one: its absence is told by the step that
   * wrote it, and not once more by every row that hangs on it. Only where damage is repaired. True if a link was taken.
   */
  async revive(
    { reader, repairing }: Pick<StepContext, 'reader' | 'repairing'>,
    id: string,
  ): Promise<boolean> {
    if (repairing === undefined || this.find(id) !== undefined) return false;
    const [record] = await reader.get(TABLES.legacyLinks, [{ id: { S: id } }]);
    if (record !== undefined) await this.add(record);
    return record !== undefined;
  }

  /** Oldest first; links of other tenants than the KPI's receive nothing (K-X10). */
  ofKpi(kpiId: string, tenantId: string): readonly LinkEntry[] {
    const links = this.all(kpiId);
    return links.every((link) => link.tenantId === tenantId)
      ? links
      : links.filter((link) => link.tenantId === tenantId);
  }

  find(id: string): { readonly kpiId: string; readonly tenantId?: string } | undefined {
    const text = this.byId.get(id);
    if (text === undefined) return undefined;
    const [kpiId, tenantId] = JSON.parse(text) as [string, string | null];
    return tenantId === null ? { kpiId } : { kpiId, tenantId };
  }

  async close(): Promise<void> {
    await Promise.all([this.byKpi.close(), this.byId.close()]);
  }

  private async add(row: StoredItem): Promise<void> {
    this.cache.clear();
    const id = reference(row, 'id');
    if (id === undefined) return;
    const kpiId = Guid.canonical(textOf(row['kpiId']) ?? '') ?? '';
    const tenantId = reference(row, 'tenantId');
    const twin = this.find(id)?.kpiId;
    await this.byId.put(id, JSON.stringify([kpiId, tenantId]));
    if (kpiId === '' || (twin !== undefined && twin !== '')) return;
    const createdAt = textOf(row['createdAt']) ?? '';
    await this.put(kpiId, tenantId === undefined ? [id, createdAt] : [id, createdAt, tenantId]);
  }

  /** A damaged row counts as what its record says; under its own id there is a row, whatever it is. */
  private async repair({ reader }: StepContext, row: StoredItem, source: string): Promise<void> {
    const [record] = await reader.get(TABLES.legacyLinks, [{ id: { S: source.slice(LEGACY.length) } }]);
    if (record !== undefined) await this.add(record);
    const id = reference(row, 'id');
    if (id !== undefined && this.find(id) === undefined)
      await this.byId.put(id, JSON.stringify(['', reference(row, 'tenantId')]));
  }

  private all(kpiId: string): readonly LinkEntry[] {
    const cached = this.cache.get(kpiId);
    if (cached !== undefined) return cached;
    const text = this.byKpi.get(kpiId);
    const stored = text === undefined ? [] : (JSON.parse(text) as StoredLink[]);
    const links = stored.map(([id, , tenantId]) => (tenantId === undefined ? { id } : { id, tenantId }));
    if (this.cache.size >= CACHED_KPIS) this.cache.clear();
    this.cache.set(kpiId, links);
    return links;
  }

  private async put(kpiId: string, link: StoredLink): Promise<void> {
    const known = this.byKpi.get(kpiId);
    const links = known === undefined ? [] : (JSON.parse(known) as StoredLink[]);
    const place = links.findIndex((other) => before(link, other));
    links.splice(place === -1 ? links.length : place, 0, link);
    await this.byKpi.put(kpiId, JSON.stringify(links));
  }
}

/** The source of a row of ours that is no longer what was written, or not where it was. */
function damagedSource(row: StoredItem): string | undefined {
  const stamp = stampOf(row);
  if (stamp?.source.startsWith(LEGACY) !== true) return undefined;
  const home = reference({ id: { S: stamp.source.slice(LEGACY.length) } }, 'id');
  const isIntact = home === reference(row, 'id') && contentDigest(row) === stamp.digest;
  return isIntact ? undefined : stamp.source;
}

function before([id, createdAt]: StoredLink, [otherId, otherCreatedAt]: StoredLink): boolean {
  const order = Moment.restore(createdAt).compare(Moment.restore(otherCreatedAt));
  return order === 0 ? id < otherId : order < 0;
}

import { Guid } from '../../../domain/values/guid.js';
import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import { TABLES } from '../kpi.tables.js';
import { feed, filledIndex } from '../../contract/table-feed.js';
import { reference } from './reference.js';

export interface KpiEntry {
  /** canonical where it is a GUID; undefined where the KPI has none */
  readonly tenantId?: string;
  /** as stored; undefined where absent or blank */
  readonly ownerId?: string;
}

/** An owner of another type than text: no user at all, and no GUID either. */
const UNREADABLE_OWNER = '?';

/** The KPIs by canonical id (K-X09, K-X10: links, tenants and owners are judged by them). */
export class KpiDirectory {
  private constructor(private readonly index: LookupIndex) {}

  static async build(context: StepContext): Promise<KpiDirectory> {
    const index = await filledIndex(context, 'kpis', async (empty) => {
      const directory = new KpiDirectory(empty);
      await feed(context, TABLES.kpis, ['id', 'tenantId', 'ownerId'], (row) => directory.take(row));
    });
    return new KpiDirectory(index);
  }

  find(id: string): KpiEntry | undefined {
    const text = this.index.get(id);
    return text === undefined ? undefined : (JSON.parse(text) as StoredKpi)[1];
  }

  close(): Promise<void> {
    return this.index.close();
  }

  private async take(row: StoredItem): Promise<void> {
    const stored = textOf(row['id']);
    const id = stored === undefined ? undefined : Guid.canonical(stored);
    if (stored === undefined || id === undefined) return;
    const tenantId = reference(row, 'tenantId');
    const owner = row['ownerId'];
    const ownerId = owner === undefined || 'NULL' in owner ? undefined : (textOf(owner) ?? UNREADABLE_OWNER);
    await this.put(id, stored, { ...(tenantId && { tenantId }), ...(ownerId?.trim() && { ownerId }) });
  }

  /** Two rows that spell one id: the canonical one counts, else the lowest spelling, whatever order they come in. */
  private async put(id: string, stored: string, entry: KpiEntry): Promise<void> {
    const known = this.index.get(id);
    if (known !== undefined) {
      const [spelling] = JSON.parse(known) as StoredKpi;
      if (spelling === id || (stored !== id && spelling <= stored)) return;
    }
    await this.index.put(id, JSON.stringify([stored, entry]));
  }
}

type StoredKpi = [spelling: string, entry: KpiEntry];

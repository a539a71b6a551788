/** Which row a data record becomes: one per link of its KPI. */
export interface DataTarget {
  /** canonical; the legacy id or one derived from it */
  readonly dataId: string;
  readonly linkId: string;
}

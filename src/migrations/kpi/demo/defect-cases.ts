/** What has to become of a planted legacy record. Written by hand: tests and documents take it literally. */
interface DefectCase {
  /** the defect (K-X01..K-X30), or what else the record shows */
  readonly id: string;
  readonly title: string;
  /** `<legacy table>#<id as stored>` */
  readonly source: string;
  readonly outcome: 'created' | 'quarantined';
  /** reason code of a quarantined record */
  readonly reason?: string;
  /** rows that a created record yields */
  readonly rows?: number;
  /** at least one warning is given for this created record; unknown attributes are reported per name instead */
  readonly warning?: true;
}

interface More {
  readonly rows?: number;
  readonly warning?: true;
}

const LINKS = 'purposepath-goal-kpi-links';
const MILESTONES = 'purposepath-kpi-milestones';
const ACTUALS = 'purposepath-kpi-actuals';
const READINGS = 'purposepath-kpi-readings';
const WARNED: More = { warning: true };

/** [table, id as stored, reason or what the created record yields] */
type Line = readonly [table: string, id: string, expected?: string | More];

function cases(id: string, title: string, ...lines: readonly Line[]): DefectCase[] {
  return lines.map(([table, record, expected = {}]) => {
    const source = `${table}#${record}`;
    if (typeof expected === 'string') return { id, title, source, outcome: 'quarantined', reason: expected };
    return { id, title, source, outcome: 'created', rows: 1, ...expected };
  });
}

/** Every legacy record of the defect catalogue, in the order of the defects. */
export const DEFECT_CASES: readonly DefectCase[] = [
  ...cases(
    'K-X01',
    'a KPI with three links: three rows for each record, one of them with its id',
    [LINKS, 'de000001-0000-4000-8000-000000000201'],
    [LINKS, 'de000001-0000-4000-8000-000000000202'],
    [LINKS, 'de000001-0000-4000-8000-000000000203'],
    [MILESTONES, 'de000001-0000-4000-8000-000000000301', { rows: 3 }],
    [ACTUALS, 'de000001-0000-4000-8000-000000000401', { rows: 3 }],
    [READINGS, 'de000001-0000-4000-8000-000000000501', { rows: 3 }],
  ),
  ...cases(
    'K-X02',
    'a KPI without a link: its records are set aside, not dropped',
    [MILESTONES, 'de000002-0000-4000-8000-000000000301', 'KPI_UNLINKED'],
    [ACTUALS, 'de000002-0000-4000-8000-000000000401', 'KPI_UNLINKED'],
    [READINGS, 'de000002-0000-4000-8000-000000000501', 'KPI_UNLINKED'],
  ),
  ...cases(
    'K-X03',
    'a milestone for three links covers the loss of another when only totals are compared',
    [LINKS, 'de000003-0000-4000-8000-000000000201'],
    [LINKS, 'de000003-0000-4000-8000-000000000202'],
    [LINKS, 'de000003-0000-4000-8000-000000000203'],
    [MILESTONES, 'de000003-0000-4000-8000-000000000301', { rows: 3 }],
    [MILESTONES, 'de000003-0000-4000-8000-000000000302', 'KPI_UNLINKED'],
  ),
  ...cases(
    'K-X04',
    'readings cover the loss of an actual when only totals are compared',
    [LINKS, 'de000004-0000-4000-8000-000000000201'],
    [READINGS, 'de000004-0000-4000-8000-000000000501'],
    [READINGS, 'de000004-0000-4000-8000-000000000502'],
    [ACTUALS, 'de000004-0000-4000-8000-000000000401', 'KPI_UNLINKED'],
  ),
  ...cases(
    'K-X05',
    'two rows of the old table are one link in two spellings: counts differ, and rightly',
    [LINKS, 'de000005-0000-4000-8000-000000000201'],
    [LINKS, '{DE000005-0000-4000-8000-000000000201}', 'ID_DUPLICATE'],
  ),
  ...cases(
    'K-X06',
    'all digits of a number, which a comparison of KPI ids never sees',
    [LINKS, 'de000006-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000006-0000-4000-8000-000000000301'],
  ),
  ...cases('K-X07', 'an orphan that is not seen from data rows: the KPI of a link is not there', [
    LINKS,
    'de000007-0000-4000-8000-000000000201',
    'KPI_MISSING',
  ]),
  ...cases(
    'K-X08',
    'an owner without a person gets a placeholder, unless somebody else has its id',
    [LINKS, 'de000008-0000-4000-8000-000000000201'],
    [LINKS, 'de000008-0000-4000-8000-000000000202', 'PERSON_AMBIGUOUS'],
  ),
  ...cases(
    'K-X09',
    'a nil owner is none, a nil KPI no id, and a missing KPI has no owner to replace',
    [LINKS, 'de000009-0000-4000-8000-000000000201'],
    [LINKS, 'de000009-0000-4000-8000-000000000202', 'ID_INVALID'],
    [MILESTONES, 'de000009-0000-4000-8000-000000000301', 'KPI_MISSING'],
  ),
  ...cases(
    'K-X10',
    'people, links and records of another tenant',
    [LINKS, 'de000010-0000-4000-8000-000000000201'],
    [LINKS, 'de000010-0000-4000-8000-000000000202'],
    [LINKS, 'de000010-0000-4000-8000-000000000203', 'TENANT_MISMATCH'],
    [LINKS, 'de000010-0000-4000-8000-000000000204', 'PERSON_AMBIGUOUS'],
    [MILESTONES, 'de000010-0000-4000-8000-000000000301', 'TENANT_MISMATCH'],
  ),
  ...cases(
    'K-X11',
    'users that are no GUIDs, and GUIDs that the original refused',
    [LINKS, 'de000011-0000-4000-8000-000000000201', 'ID_INVALID'],
    [LINKS, 'de000011-0000-4000-8000-000000000202'],
    [MILESTONES, 'de000011-0000-4000-8000-000000000301', WARNED],
    [ACTUALS, 'de000011-0000-4000-8000-000000000401', WARNED],
    [ACTUALS, 'de000011-0000-4000-8000-000000000402'],
  ),
  ...cases('K-X12', "a link that today's rules would refuse keeps its history", [
    LINKS,
    'de000012-0000-4000-8000-000000000201',
    WARNED,
  ]),
  ...cases(
    'K-X13',
    "times without a zone, of the year 1600, and .NET's default date",
    [LINKS, 'de000013-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000013-0000-4000-8000-000000000301'],
    [MILESTONES, 'de000013-0000-4000-8000-000000000302', 'DATE_INVALID'],
    [ACTUALS, 'de000013-0000-4000-8000-000000000401'],
  ),
  ...cases(
    'K-X14',
    'a time with an offset',
    [LINKS, 'de000014-0000-4000-8000-000000000201'],
    [ACTUALS, 'de000014-0000-4000-8000-000000000401'],
  ),
  ...cases(
    'K-X15',
    'dates without a time, and one that does not exist',
    [LINKS, 'de000015-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000015-0000-4000-8000-000000000301'],
    [ACTUALS, 'de000015-0000-4000-8000-000000000401'],
    [READINGS, 'de000015-0000-4000-8000-000000000501', 'DATE_INVALID'],
  ),
  ...cases(
    'K-X16',
    'one id for a milestone, an actual and a reading',
    [LINKS, 'de000016-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000016-0000-4000-8000-000000000901'],
    [ACTUALS, 'de000016-0000-4000-8000-000000000901', WARNED],
    [READINGS, 'de000016-0000-4000-8000-000000000901', WARNED],
  ),
  ...cases(
    'K-X17',
    'one measurement, kept as actual and as reading',
    [LINKS, 'de000017-0000-4000-8000-000000000201'],
    [ACTUALS, 'de000017-0000-4000-8000-000000000401'],
    [READINGS, 'de000017-0000-4000-8000-000000000501', WARNED],
  ),
  ...cases(
    'K-X18',
    'a record that is met again by a second run',
    [LINKS, 'de000018-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000018-0000-4000-8000-000000000301'],
  ),
  ...cases(
    'K-X19',
    'records at which a loop stops, and one behind them',
    [LINKS, 'de000019-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000019-0000-4000-8000-000000000301', 'NUMBER_INVALID'],
    [MILESTONES, 'de000019-0000-4000-8000-000000000302', 'TYPE_INVALID'],
    [MILESTONES, 'de000019-0000-4000-8000-000000000303', 'FIELD_MISSING'],
    [MILESTONES, 'de000019-0000-4000-8000-000000000304'],
  ),
  ...cases(
    'K-X20',
    'five links, to be looked up for every record',
    [LINKS, 'de000020-0000-4000-8000-000000000201'],
    [LINKS, 'de000020-0000-4000-8000-000000000202'],
    [LINKS, 'de000020-0000-4000-8000-000000000203'],
    [LINKS, 'de000020-0000-4000-8000-000000000204'],
    [LINKS, 'de000020-0000-4000-8000-000000000205'],
    [READINGS, 'de000020-0000-4000-8000-000000000501', { rows: 5 }],
    [READINGS, 'de000020-0000-4000-8000-000000000502', { rows: 5 }],
    [READINGS, 'de000020-0000-4000-8000-000000000503', { rows: 5 }],
  ),
  ...cases(
    'K-X21',
    'a milestone that vanishes where milestones run before links',
    [LINKS, 'de000021-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000021-0000-4000-8000-000000000301'],
  ),
  ...cases(
    'K-X22',
    'an actual whose row stands beside rows of the new application',
    [LINKS, 'de000022-0000-4000-8000-000000000201'],
    [ACTUALS, 'de000022-0000-4000-8000-000000000401'],
  ),
  ...cases(
    'K-X23',
    'no data source, or one that the new model does not know',
    [LINKS, 'de000023-0000-4000-8000-000000000201'],
    [ACTUALS, 'de000023-0000-4000-8000-000000000401', WARNED],
    [ACTUALS, 'de000023-0000-4000-8000-000000000402', WARNED],
    [READINGS, 'de000023-0000-4000-8000-000000000501', WARNED],
  ),
  ...cases(
    'K-X24',
    'values that look wrong and stay as they are',
    [LINKS, 'de000024-0000-4000-8000-000000000201'],
    [ACTUALS, 'de000024-0000-4000-8000-000000000401', WARNED],
    [MILESTONES, 'de000024-0000-4000-8000-000000000301', WARNED],
    [MILESTONES, 'de000024-0000-4000-8000-000000000302', WARNED],
  ),
  ...cases(
    'K-X25',
    'an actual with stamps of a later change',
    [LINKS, 'de000025-0000-4000-8000-000000000201'],
    [ACTUALS, 'de000025-0000-4000-8000-000000000401'],
  ),
  ...cases(
    'K-X26',
    'two primary links for two goals of one person',
    [LINKS, 'de000026-0000-4000-8000-000000000201', WARNED],
    [LINKS, 'de000026-0000-4000-8000-000000000202', WARNED],
    [MILESTONES, 'de000026-0000-4000-8000-000000000301', { rows: 2 }],
  ),
  ...cases(
    'K-X27',
    'readings with names of their own; one that nobody recorded or created',
    [LINKS, 'de000027-0000-4000-8000-000000000201'],
    [READINGS, 'de000027-0000-4000-8000-000000000501'],
    [READINGS, 'de000027-0000-4000-8000-000000000502'],
    [READINGS, 'de000027-0000-4000-8000-000000000503', 'FIELD_MISSING'],
  ),
  ...cases(
    'K-X28',
    'one GUID in several spellings',
    [LINKS, 'DE000028-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000028-0000-4000-8000-000000000301'],
    [ACTUALS, '(de000028-0000-4000-8000-000000000401)'],
  ),
  ...cases(
    'K-X29',
    'the primary flag has moved to the younger link; the older one keeps the id',
    [LINKS, 'de000029-0000-4000-8000-000000000201'],
    [LINKS, 'de000029-0000-4000-8000-000000000202'],
    [MILESTONES, 'de000029-0000-4000-8000-000000000301', { rows: 2 }],
  ),
  ...cases(
    'K-X30',
    'the tenant is written to every row, also where it is a name',
    [LINKS, 'de000030-0000-4000-8000-000000000201'],
    [ACTUALS, 'de000030-0000-4000-8000-000000000401'],
  ),
  ...cases(
    'ITEM_TOO_LARGE',
    'rows that the old table takes and the new one does not',
    [LINKS, 'de000041-0000-4000-8000-000000000201'],
    [LINKS, 'de000041-0000-4000-8000-000000000202', 'ITEM_TOO_LARGE'],
    [MILESTONES, 'de000041-0000-4000-8000-000000000301', 'ITEM_TOO_LARGE'],
  ),
  ...cases(
    'UNKNOWN_ATTRIBUTE',
    'attributes that no table lists, of every type',
    [LINKS, 'de000042-0000-4000-8000-000000000201'],
    [MILESTONES, 'de000042-0000-4000-8000-000000000301'],
    [ACTUALS, 'de000042-0000-4000-8000-000000000401'],
    [READINGS, 'de000042-0000-4000-8000-000000000501'],
  ),
  ...cases(
    'NUMBER_AS_TEXT',
    'a number that is stored as text',
    [LINKS, 'de000043-0000-4000-8000-000000000201'],
    [ACTUALS, 'de000043-0000-4000-8000-000000000401', WARNED],
  ),
];

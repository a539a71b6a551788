type Words = readonly [string, ...string[]];

export const COMPANIES: Words = [
  'Nordwind Logistics',
  'Alder & Finch Dental',
  'Solara Rooftop',
  'Harbour Cycles',
  'Meridian Coffee Roasters',
  'Kestrel Robotics',
  'Blue Fjord Seafood',
  'Oakline Furniture',
  'Pinnacle Physio',
  'Quayside Hotels',
  'Tessera Software',
  'Vantage Orchards',
];

export const FIRST_NAMES: Words = [
  'Amara',
  'Bjarne',
  'Chiara',
  'Dmitri',
  'Elif',
  'Fernando',
  'Greta',
  'Hiroshi',
  'Imani',
  'Jonas',
  'Katarzyna',
  'Liam',
  'Mei',
  'Nadia',
  'Olivier',
  'Priya',
  'Quentin',
  'Rosa',
  'Søren',
  'Tereza',
  'Umar',
  'Valentina',
  'Wanjiru',
  'Zoë',
];

export const LAST_NAMES: Words = [
  'Abara',
  'Bergström',
  'Castellano',
  'Dvořák',
  'Eriksen',
  'Fujimoto',
  'García',
  'Haddad',
  'Ivanova',
  'Jansen',
  'Kowalski',
  'Lindqvist',
  'Moreau',
  'Nakamura',
  'Okafor',
  'Petrov',
  'Quinn',
  'Rossi',
  'Schneider',
  'Tanaka',
  'Ünal',
  'Varga',
  'Weber',
  'Yılmaz',
];

/** A KPI as companies really have it. `start` and `stride` are in units of the last decimal. */
export interface KpiTemplate {
  readonly name: string;
  readonly unit: string;
  readonly decimals: number;
  readonly start: number;
  readonly stride: number;
  /** values come out of a calculation with all the digits that a decimal type has */
  readonly calculated?: boolean;
}

export const KPI_TEMPLATES: readonly [KpiTemplate, ...KpiTemplate[]] = [
  { name: 'Monthly recurring revenue', unit: 'EUR', decimals: 2, start: 12_550_075, stride: 310_040 },
  { name: 'Customer churn rate', unit: '%', decimals: 1, start: 48, stride: -1 },
  { name: 'On-time delivery', unit: '%', decimals: 2, start: 9125, stride: 21 },
  { name: 'Net promoter score', unit: 'points', decimals: 0, start: 31, stride: 1 },
  {
    name: 'Energy per produced unit',
    unit: 'kWh',
    decimals: 4,
    start: 38_412,
    stride: -97,
    calculated: true,
  },
  { name: 'Defects per thousand units', unit: 'units', decimals: 1, start: 23, stride: -1 },
  { name: 'Average order value', unit: 'EUR', decimals: 2, start: 6499, stride: 55 },
  { name: 'First response time', unit: 'hours', decimals: 1, start: 76, stride: -2 },
  { name: 'Employee turnover', unit: '%', decimals: 1, start: 124, stride: -3 },
  { name: 'Stock turns', unit: 'per year', decimals: 2, start: 612, stride: 9 },
  { name: 'Share of recycled packaging', unit: 'fraction', decimals: 2, start: 10, stride: 2 },
  { name: 'Qualified leads', unit: 'leads', decimals: 0, start: 140, stride: 6 },
  { name: 'Gross margin', unit: '%', decimals: 3, start: 38_125, stride: 140 },
  { name: 'Training hours per head', unit: 'hours', decimals: 1, start: 18, stride: 2 },
];

export const RATIONALES: Words = [
  'In line with the annual plan agreed in the board meeting.',
  'Raised after two strong quarters; capacity is the limit now.',
  'Conservative on purpose: the new line starts only in autumn.',
  'Same level as the industry median, source: trade association.',
];

export const OVERRIDE_COMMENTS: Words = [
  'Corrected after the audit: two invoices were counted twice.',
  'Export was cut off at midnight, value completed by hand.',
  'Returns of the last week were missing in the report.',
  'Converted to net – the import had taken the gross amount.',
];

export const READING_NOTES: Words = [
  'Automatic import, no manual check.',
  'Sensor was offline for three hours.',
  'Includes the new branch for the first time.',
];

/** External systems that readings come from: name → prefix of their ids. */
export const INTEGRATIONS: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['salesforce', 'sf-report'],
  ['sap', 'sap-co'],
  ['google-analytics', 'ga4'],
  ['plant-scada', 'scada'],
];

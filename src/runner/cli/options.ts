import { Option } from 'commander';
import type { Catalog } from '../application.js';
import type { OptionName } from './command-options.js';
import { DEFAULT_LEASE_SECONDS, LEASE_SECONDS } from '../ports/lease.js';
import { DEFAULT_PLAN } from '../reports/next-command.js';
import { REPORT_FORMATS } from '../reports/report-formats.js';
import {
  each,
  hours,
  instant,
  names,
  once,
  onceText,
  oneOf,
  only,
  place,
  statement,
  tableSuffix,
  unitLimit,
  wholeNumber,
} from './option-values.js';
import { RUN_LIMITS } from '../ports/run-limits.js';

const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
/** A larger sample tells hardly more, and it is held in memory. */
const MAX_FORECAST_SAMPLE = 100_000;

/** How each option is written, explained and read. `catalog` is undefined where only help is wanted. */
const OPTIONS: Readonly<Record<OptionName, (catalog: Catalog | undefined) => Option>> = {
  env: (catalog) => read('-e, --env <name>', `environment${valid(catalog?.environments)}`, once),
  plan: (catalog) => {
    const plans = valid(catalog?.plans.map((plan) => plan.name));
    return read('-p, --plan <name>', `plan${plans} (default: ${DEFAULT_PLAN})`, once);
  },
  step: (catalog) =>
    read('-s, --step <names>', `only these steps, separated by commas or repeated${steps(catalog)}`, names),
  dryRun: () => new Option('--dry-run', 'do everything but write'),
  confirmProduction: () => new Option('--confirm-production', 'needed where the environment is production'),
  segments: () =>
    number('--segments', `parallel parts of a scan, 1 to ${RUN_LIMITS.segments}`, RUN_LIMITS.segments),
  concurrency: () =>
    number(
      '--concurrency',
      `requests in flight at most, 1 to ${RUN_LIMITS.concurrency}; below that their number finds its own level`,
      RUN_LIMITS.concurrency,
    ),
  maxWcu: () => units('--max-wcu', 'write units a second on any one table or index'),
  maxRcu: () => units('--max-rcu', 'read units a second on any one table'),
  defects: () => new Option('--defects', 'add a record for each defect that the plan knows'),
  scale: () => number('--scale', 'legacy records in all (default: a small demo set)', RUN_LIMITS.records),
  sample: () => number('--sample', 'check only about this many records of each step', RUN_LIMITS.records),
  forecastSample: () =>
    number(
      '--sample',
      `records of each step that the forecast is made from, 1 to ${MAX_FORECAST_SAMPLE} (default: 1000)`,
      MAX_FORECAST_SAMPLE,
    ),
  forecast: () => new Option('--no-forecast', 'check only; read no records'),
  seed: () => read('--seed <text>', 'chooses the sample; the same seed, the same records', onceText),
  reason: () => read('--reason <codes>', 'only these reasons, separated by commas or repeated', names),
  run: () => read('--run <id>', 'a certain run (default: the newest one)', once),
  out: () =>
    read('-o, --out <file>', 'write to this new file; an existing one is never overwritten', onceText),
  format: () =>
    new Option(
      '-f, --format <format>',
      `${REPORT_FORMATS.join(', ')} (default: markdown, with --json: json)`,
    ).argParser(oneOf('--format', REPORT_FORMATS)),
  resume: () => new Option('--resume', 'go on with the unfinished run; refused where there is none'),
  restart: () => new Option('--restart', 'leave the unfinished run as it is and begin a new one'),
  leaseSeconds: () =>
    number(
      '--lease-seconds',
      `how long the lease lasts without a sign of life, ${LEASE_SECONDS.least} to ${LEASE_SECONDS.most} (default: ${DEFAULT_LEASE_SECONDS})`,
      LEASE_SECONDS.most,
      LEASE_SECONDS.least,
    ),
  maxFailures: () =>
    number(
      '--max-failures',
      'stop a step that fails unexpectedly more often (default: the larger of 100 and 1 % of its records)',
      RUN_LIMITS.records,
      0,
    ),
  maxQuarantined: () =>
    number(
      '--max-quarantined',
      "stop a step that sets more records aside for the plan's own reasons (default: any number is fine)",
      RUN_LIMITS.records,
      0,
    ),
  withoutBackup: () =>
    read('--without-backup <why>', 'run without a backup; the reason is written down', statement),
  withoutStaging: () =>
    read(
      '--without-staging <why>',
      'run without a passed staging run; the reason is written down',
      statement,
    ),
  by: () => read('--by <who>', 'who does this, for the record (default: user@host)', statement),
  responsible: () => read('--by <who>', 'required: who decides, a name that others know', statement),
  why: () => read('--why <text>', 'the reason of the decision', statement),
  acceptedReason: () =>
    read('--reason <code>', 'required: the reason code that is accepted, or CONFLICT for conflicts', only),
  acceptedStep: (catalog) =>
    read('-s, --step <name>', `only in this step (default: in any)${steps(catalog)}`, only),
  firstStep: () => read('-s, --step <name>', 'what its first step is called (default: like the plan)', only),
  attester: () => read('--by <who>', 'required: who vouches for it, a name that others know', statement),
  decider: () => read('--by <who>', 'required: who changes the phase, a name that others know', statement),
  decision: () => read('--why <text>', 'required: the reason, for the record', statement),
  share: () => number('--share', 'whole percent of the reads that the new model answers, 1 to 100', 100),
  list: () => read('--list <names>', 'only these lists, e.g. pre, separated by commas or repeated', names),
  item: () => read('--item <id>', 'required: the item, as checklist names it', once),
  figures: () =>
    read('--figures <file>', 'figures of the live system, as JSON, for what is judged by them', onceText),
  note: () => read('--note <text>', 'what it rests on, e.g. a link', statement),
  until: () =>
    read('--until <instant>', 'from then on it counts no more, e.g. 2026-12-01T00:00:00Z', instant),
  validFor: () =>
    read('--valid-for <time>', 'how long it counts, e.g. 36h or 7d (default: as the plan says)', hours),
  withdraw: () => new Option('--withdraw', 'take back what was attested before'),
  incident: () => new Option('--incident', 'of a rollback: a template for the report of the incident'),
  mapping: () => new Option('--mapping', "the mapping document: the plan's tables, rules and defaults"),
  revoke: () => new Option('--revoke', 'take an earlier decision back'),
  id: () =>
    read(
      '--id <id>',
      'only this record, as id or as <table>#<id>; repeated for several (not split at commas)',
      each,
    ),
  writtenBy: () => read('--run <id>', 'only rows that this run wrote last (default: of any run)', once),
  to: () =>
    read(
      '--to <place>',
      'a folder, or s3://bucket/prefix (default: a folder of its own under .waybill/backups)',
      place,
    ),
  from: () =>
    read('--from <place>', 'the folder or s3://bucket/prefix of a backup, as backup list names it', place),
  evidenceFile: () => read('--from <file>', 'required: the file that evidence export wrote', onceText),
  native: () => new Option('--native', "with the AWS service's own backups, or with --to s3://… its exports"),
  table: () =>
    read('--table <names>', 'only these tables, by literal name, separated by commas or repeated', names),
  suffix: () =>
    read(
      '--suffix <text>',
      'appended to the names of the restored tables, so that they stand beside the live ones',
      tableSuffix,
    ),
  restoreSuffix: () =>
    read(
      '--restore-suffix <text>',
      'the policy for restores covers the tables that restore --suffix makes with it',
      tableSuffix,
    ),
};

type Reader<T> = (flag: string, meaning: string) => (value: string, previous: T | undefined) => T;

function read<T>(flags: string, meaning: string, reader: Reader<T>): Option {
  const option = new Option(flags, meaning);
  return option.argParser(reader(option.long ?? flags, meaning));
}

function number(flag: string, meaning: string, max: number, min = 1): Option {
  return new Option(`${flag} <n>`, meaning).argParser(wholeNumber(flag, min, max));
}

function units(flag: string, meaning: string): Option {
  return new Option(`${flag} <n>`, `${meaning}, or none for no limit`).argParser(
    unitLimit(flag, RUN_LIMITS.units),
  );
}

export function optionOf(name: OptionName, catalog: Catalog | undefined): Option {
  return OPTIONS[name](catalog);
}

/** The two options that every command has. */
export function commonOptions(): Option[] {
  return [
    new Option('--json', 'one JSON document on stdout, whatever happens'),
    new Option('--log-level <level>', `${LOG_LEVELS.join(', ')} (default: info)`).argParser(
      oneOf('--log-level', LOG_LEVELS),
    ),
  ];
}

/** The flags of `run` by which plans let records be set aside without failing the run. */
export function acceptOptions(catalog: Catalog | undefined): ReadonlyMap<string, Option> {
  const accepted = new Map<string, string[]>();
  for (const plan of catalog?.plans ?? []) {
    for (const { flag, reason } of plan.accept) {
      accepted.set(flag, [...(accepted.get(flag) ?? []), `${reason} (plan ${plan.name})`]);
    }
  }
  return new Map(
    [...accepted].map(([flag, reasons]) => [
      flag,
      new Option(`--${flag}`, `records set aside as ${reasons.join(', ')} don't fail the run`),
    ]),
  );
}

function valid(values: readonly string[] | undefined): string {
  return values === undefined ? '' : `: ${values.join(', ')}`;
}

function steps(catalog: Catalog | undefined): string {
  return (catalog?.plans ?? [])
    .map((plan) => `; ${plan.name}: ${plan.steps.map((step) => step.name).join(', ')}`)
    .join('');
}

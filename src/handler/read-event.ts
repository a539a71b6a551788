import type { Catalog, RunRequest } from '../runner/application.js';
import { UsageError } from '../runner/ports/errors.js';
import { DEFAULT_PLAN } from '../runner/reports/next-command.js';
import { closest } from './closest.js';
import { FIELDS, isFields } from './event-fields.js';
import type { FunctionEvent } from './function-event.js';

const HELP = 'See docs/function-handler.md.';

/** Fields that mean the same to the application. */
const PASSED_ON = [
  ...(['steps', 'run', 'segments', 'concurrency', 'maxWcu', 'maxRcu'] as const),
  ...(['maxFailures', 'maxQuarantined'] as const),
];

type Asked = Omit<RunRequest, 'leaseSeconds' | 'signal'>;

/** An event that is understood. */
export interface ReadEvent {
  /** as it was given; aliases are left as they are, for `next` */
  readonly event: FunctionEvent;
  /** the name of its file, no alias */
  readonly env: string;
  readonly request: Asked;
}

/**
 * Checks an event as the command line checks its words. Throws `UsageError`: `EVENT_INVALID`, `EVENT_FIELD_UNKNOWN`,
 * `EVENT_FIELD_INVALID`, `EVENT_FIELD_MISSING`, `EVENT_CONFLICT`, each with what is valid.
 */
export function readEvent(received: unknown, catalog: Catalog): ReadEvent {
  if (!isFields(received)) {
    const valid = `Valid is an object with env, and any of: ${Object.keys(FIELDS).join(', ')}. ${HELP}`;
    throw new UsageError('EVENT_INVALID', 'The event is no object.', valid);
  }
  for (const name of Object.keys(received)) requireKnown(name);
  for (const [name, { valid, accepts }] of Object.entries(FIELDS))
    if (received[name] !== undefined && !accepts(received[name]))
      throw invalid(name, `Valid is ${valid}. ${HELP}`);
  if (received['env'] === undefined) {
    const valid = `Valid environments: ${catalog.environments.join(', ')}.`;
    throw new UsageError('EVENT_FIELD_MISSING', 'The event has no env.', valid);
  }
  // every field is what its rule says, and there is no other
  const event = received as unknown as FunctionEvent;
  requireNoConflict(event);
  return { event, env: environmentOf(event.env, catalog), request: requestOf(event, catalog) };
}

function requireKnown(name: string): void {
  const names = Object.keys(FIELDS);
  if (names.includes(name)) return;
  const meant = closest(name, names);
  const hint = meant === undefined ? '' : `Did you mean ${meant}? `;
  throw new UsageError(
    'EVENT_FIELD_UNKNOWN',
    `The event has a field '${name}' that means nothing here.`,
    `${hint}Valid fields: ${names.join(', ')}. ${HELP}`,
  );
}

function requireNoConflict({ restart, run, dryRun, state, by, ...event }: FunctionEvent): void {
  const isNew = run === undefined && state === undefined;
  if (restart === true && !isNew) throw conflict('restart', 'run', 'what goes on does not begin anew');
  if (dryRun === true && !isNew) throw conflict('dryRun', 'run', 'a dry run is never resumed');
  if (dryRun === true && restart === true)
    throw conflict('dryRun', 'restart', 'a dry run always starts from the beginning');
  const overrides = event.withoutBackup ?? event.withoutStaging;
  if ((overrides === undefined) === (by === undefined)) return;
  throw new UsageError(
    'EVENT_CONFLICT',
    overrides === undefined ? 'by signs no decision.' : 'Nobody signs the decision to go without a gate.',
    'Give by together with withoutBackup or withoutStaging.',
  );
}

function conflict(one: string, other: string, why: string): UsageError {
  return new UsageError(
    'EVENT_CONFLICT',
    `${one} can't go with ${other}: ${why}.`,
    `Leave ${one} out, or the fields of an earlier result.`,
  );
}

function environmentOf(env: string, { environments, aliases }: Catalog): string {
  const meant = environments.includes(env) ? env : aliases?.[env];
  return meant ?? refuseName('env', env, environments);
}

function requestOf(event: FunctionEvent, catalog: Catalog): Asked {
  const { plan: name = DEFAULT_PLAN, accept = [], dryRun = false, confirmProduction = false } = event;
  const names = catalog.plans.map((plan) => plan.name);
  const plan = catalog.plans.find((one) => one.name === name) ?? refuseName('plan', name, names);
  const [steps, flags] = [plan.steps.map((step) => step.name), plan.accept.map(({ flag }) => flag)];
  for (const step of event.steps ?? []) if (!steps.includes(step)) refuseName('steps', step, steps);
  for (const flag of accept) if (!flags.includes(flag)) refuseName('accept', flag, flags);
  const { restart, run } = event;
  return {
    ...{ plan: name, accept, dryRun, confirmProduction },
    ...given(event, PASSED_ON),
    resume: run !== undefined ? 'resume' : restart === true ? 'restart' : 'auto',
    overrides: overridesOf(event),
  };
}

function overridesOf({ by = '', withoutBackup, withoutStaging }: FunctionEvent): RunRequest['overrides'] {
  const reasons = [
    { gate: 'backup', why: withoutBackup },
    { gate: 'staging', why: withoutStaging },
  ] as const;
  return reasons.flatMap(({ gate, why }) =>
    why === undefined ? [] : [{ gate, by: by.trim(), why: why.trim() }],
  );
}

/** The fields among these that are there. */
function given<K extends keyof FunctionEvent>(
  event: FunctionEvent,
  names: readonly K[],
): { [N in K]?: Exclude<FunctionEvent[N], undefined> } {
  const fields = names
    .filter((name) => event[name] !== undefined)
    .map((name) => [name, event[name]] as const);
  return Object.fromEntries(fields) as { [N in K]?: Exclude<FunctionEvent[N], undefined> };
}

function refuseName(field: string, name: string, names: readonly string[]): never {
  const meant = closest(name, names);
  const hint = meant === undefined ? '' : `Did you mean ${meant}? `;
  throw invalid(field, `${hint}Valid: ${names.length === 0 ? 'none' : names.join(', ')}.`, name);
}

/** Values of an event are its sender's own words and no data; only names are told all the same. */
function invalid(field: string, next: string, name?: string): UsageError {
  const found = name === undefined ? 'is not valid' : `names '${name}', which there is not`;
  return new UsageError('EVENT_FIELD_INVALID', `The field ${field} of the event ${found}.`, next);
}

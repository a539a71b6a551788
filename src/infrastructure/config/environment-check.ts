import {
  ATTRIBUTE_NAME_RULE,
  CUTOVER_RULES,
  MAP_KEYS,
  PHYSICAL_NAME_RULE,
  PRICE_RULES,
  VALUE_RULES,
} from './environment-rules.js';
import type { ValueRule } from './environment-rules.js';

/**
 * All that is wrong with the content of an environment file, each with its place as JSON Pointer (RFC 6901). `names`: the
 * environments that there are.
 */
export function faultsOf(name: string, content: unknown, names: readonly string[]): string[] {
  if (!isMap(content)) return [fault([], content, 'an object')];
  const keys = [...Object.keys(VALUE_RULES), ...MAP_KEYS];
  const unknown = Object.keys(content)
    .filter((key) => !keys.includes(key))
    .map((key) => `${pointer([key])}: unknown key; valid are ${keys.join(', ')}`);
  const values = Object.entries(VALUE_RULES).flatMap(([key, rule]) =>
    Object.hasOwn(content, key) ? ruleFaults([key], content[key], rule) : [],
  );
  return [
    ...unknown,
    ...values,
    ...tableFaults(content['tables']),
    ...attributeFaults(content['attributes']),
    ...priceFaults(content['prices']),
    ...cutoverFaults(content['cutover']),
    ...planFaults(content['plans']),
    ...guardFaults(name, content),
    ...backupFaults(name, content),
    ...ladderFaults(name, content, names),
  ];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tableFaults(tables: unknown): string[] {
  if (tables === undefined) return [];
  if (!isMap(tables)) return [fault(['tables'], tables, 'an object of literal name → physical name')];
  return [
    ...Object.entries(tables).flatMap(([table, physical]) =>
      ruleFaults(['tables', table], physical, PHYSICAL_NAME_RULE),
    ),
    ...sharedFaults(['tables'], tables, 'two tables would be one'),
  ];
}

function attributeFaults(attributes: unknown): string[] {
  if (attributes === undefined) return [];
  const valid = 'an object of literal table name → document attribute → stored attribute';
  if (!isMap(attributes)) return [fault(['attributes'], attributes, valid)];
  return Object.entries(attributes).flatMap(([table, aliases]) => {
    const at = ['attributes', table];
    if (!isMap(aliases)) return [fault(at, aliases, 'an object of document attribute → stored attribute')];
    return [
      ...Object.entries(aliases).flatMap(([attribute, stored]) => [
        ...ruleFaults([...at, attribute], attribute, ATTRIBUTE_NAME_RULE),
        ...ruleFaults([...at, attribute], stored, ATTRIBUTE_NAME_RULE),
      ]),
      ...sharedFaults(at, aliases, 'two attributes would be one'),
    ];
  });
}

/** What the options are is for each plan to say; see plan-options.ts. */
function planFaults(plans: unknown): string[] {
  if (plans === undefined) return [];
  if (!isMap(plans)) return [fault(['plans'], plans, 'an object of plan → its options')];
  return Object.entries(plans).flatMap(([plan, options]) =>
    isMap(options) ? [] : [fault(['plans', plan], options, 'an object of option → value')],
  );
}

function priceFaults(prices: unknown): string[] {
  if (prices === undefined) return [];
  const names = Object.keys(PRICE_RULES);
  if (!isMap(prices)) return [fault(['prices'], prices, `an object of ${names.join(', ')}`)];
  const unknown = Object.keys(prices)
    .filter((key) => !names.includes(key))
    .map((key) => `${pointer(['prices', key])}: unknown key; valid are ${names.join(', ')}`);
  const values = Object.entries(PRICE_RULES).flatMap(([key, rule]) =>
    ruleFaults(['prices', key], Object.hasOwn(prices, key) ? prices[key] : undefined, rule),
  );
  return [...unknown, ...values];
}

function cutoverFaults(cutover: unknown): string[] {
  if (cutover === undefined) return [];
  const names = Object.keys(CUTOVER_RULES);
  if (!isMap(cutover)) return [fault(['cutover'], cutover, `an object of ${names.join(', ')}`)];
  return Object.entries(cutover).flatMap(([key, value]) => {
    const rule = Object.hasOwn(CUTOVER_RULES, key) ? CUTOVER_RULES[key] : undefined;
    if (rule !== undefined) return ruleFaults(['cutover', key], value, rule);
    return [`${pointer(['cutover', key])}: unknown key; valid are ${names.join(', ')}`];
  });
}

/** Two keys with the same text as value: reading would merge what the document keeps apart. */
function sharedFaults(at: readonly string[], map: Readonly<Record<string, unknown>>, why: string): string[] {
  const first = new Map<unknown, string>();
  const faults: string[] = [];
  for (const [key, value] of Object.entries(map)) {
    const other = first.get(value);
    if (other === undefined) first.set(value, key);
    else
      faults.push(`${pointer([...at, key])}: ${shown(value)} is already the name of ${shown(other)}; ${why}`);
  }
  return faults;
}

/** Mistakes that would take a guard away, whatever else the file says. */
function guardFaults(name: string, content: Readonly<Record<string, unknown>>): string[] {
  const faults: string[] = [];
  if (content['seedable'] === true && name !== 'local' && name !== 'dev') {
    faults.push('/seedable: found true; demo data is for local and dev only, valid is false');
  }
  if (name === 'production' && content['production'] !== true) {
    faults.push(
      `/production: found ${shown(content['production'])}; in the environment production valid is true`,
    );
  }
  if (content['production'] === true && content['embedded'] === true) {
    faults.push('/embedded: found true; an environment with "production": true has a store of its own');
  }
  return faults;
}

/** Environments that matter: there a backup is a condition, whatever the file says. */
export function needsBackup(name: string, production: boolean): boolean {
  return production || name === 'staging' || name === 'production';
}

function backupFaults(name: string, content: Readonly<Record<string, unknown>>): string[] {
  if (content['backup'] !== 'advised' || !needsBackup(name, content['production'] === true)) return [];
  return ['/backup: found "advised"; in staging and production valid is "required"'];
}

/** The environment before production where no other is named. */
export const USUAL_PREDECESSOR = 'staging';

function ladderFaults(
  name: string,
  content: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string[] {
  const { after } = content;
  const others = names.filter((other) => other !== name);
  if (after === undefined) {
    if (content['production'] !== true || others.includes(USUAL_PREDECESSOR)) return [];
    return [
      `/after: found nothing; with "production": true valid is the environment before it: ${listed(others)}`,
    ];
  }
  // a value of another kind is told already
  if (!VALUE_RULES.after.accepts(after) || others.some((other) => other === after)) return [];
  const why = after === name ? 'is this very environment' : 'is no environment';
  return [`/after: found ${shown(after)}, which ${why}; there are ${listed(others)}`];
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function ruleFaults(at: readonly string[], value: unknown, rule: ValueRule): string[] {
  return rule.accepts(value) ? [] : [fault(at, value, rule.valid)];
}

export function fault(at: readonly string[], value: unknown, valid: string): string {
  return `${pointer(at)}: found ${shown(value)}; valid is ${valid}`;
}

export function pointer(at: readonly string[]): string {
  return at.length === 0
    ? '(the whole file)'
    : at.map((part) => `/${part.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

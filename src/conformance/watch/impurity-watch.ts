import { AsyncLocalStorage } from 'node:async_hooks';
import { firstPlace } from '../cases/error-place.js';

/** `<what was called> at <file>:<line>` */
type Notes = Set<string>;

/** Which notes the code that is running now writes to, also behind its awaits. Other code goes unwatched. */
const watched = new AsyncLocalStorage<Notes>();

let watches = 0;
let release: () => void = () => undefined;

/**
 * Does something and notes what it asks for that is no part of a record: the time, chance. The calls go through. What is
 * bound before the watch begins (`const { now } = Date`, and in test runners that load modules themselves names imported
 * from `node:crypto`) is not seen; its results differ, and so do the decisions.
 */
export async function watching<T>(notes: Notes, work: () => Promise<T> | T): Promise<T> {
  if (watches === 0) release = setTraps();
  watches += 1;
  try {
    return await watched.run(notes, work);
  } finally {
    watches -= 1;
    if (watches === 0) release();
  }
}

const CHANCE = ['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'getRandomValues'];

function setTraps(): () => void {
  const crypto = process.getBuiltinModule('node:crypto');
  const undo = [
    trapped(Date, 'now', 'Date.now()'),
    trappedDate(),
    trapped(Math, 'random', 'Math.random()'),
    trapped(performance, 'now', 'performance.now()'),
    ...CHANCE.map((name) => trapped(crypto, name, `crypto.${name}()`)),
    ...CHANCE.map((name) => trapped(globalThis.crypto, name, `crypto.${name}()`)),
  ];
  const { syncBuiltinESMExports } = process.getBuiltinModule('node:module');
  syncBuiltinESMExports();
  return () => {
    for (const put of undo.reverse()) put();
    syncBuiltinESMExports();
  };
}

function note(what: string): void {
  const notes = watched.getStore();
  if (notes === undefined) return;
  // what turns a stack into text, with source maps perhaps, is not the plan
  const place = watched.exit(() => firstPlace(new Error().stack ?? ''));
  notes.add(place === undefined ? what : `${what} at ${place}`);
}

/** Gives back what takes the trap away. */
function trapped(owner: object, name: string, what: string): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function' || before?.configurable === false) return () => undefined;
  const trap = (...args: unknown[]): unknown => {
    note(what);
    return Reflect.apply(original, owner, args) as unknown;
  };
  Object.defineProperty(owner, name, { configurable: true, writable: true, value: trap });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}

/** A `Date` that knows when it is asked for the present. */
function trappedDate(): () => void {
  const original = Date;
  globalThis.Date = new Proxy(original, {
    construct(target, args, newTarget): object {
      if (args.length === 0) note('new Date()');
      return Reflect.construct(target, args, newTarget) as object;
    },
    apply(target, self, args): unknown {
      note('Date()');
      return Reflect.apply(target, self, args);
    },
  });
  return () => {
    globalThis.Date = original;
  };
}

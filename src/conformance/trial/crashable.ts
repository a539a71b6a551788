import type { Failpoints } from './failpoints.js';

type Method = (...args: readonly unknown[]) => unknown;

/** How the methods of a port are to be treated. Every other one is a write: a point before and a point after it. */
export interface PortShape {
  /** synchronous and without effect */
  readonly plain?: readonly string[];
  /** one point: what a read finds does not depend on when its reader dies */
  readonly reads?: readonly string[];
  /** async iterables, one point for each element */
  readonly streams?: readonly string[];
  /** writes of lists → position of the list: one more point where half of it is written */
  readonly lists?: Readonly<Record<string, number>>;
  /** what a method gives back, to be made crashable itself */
  readonly gives?: Readonly<Record<string, PortShape & { readonly name: string }>>;
}

const JOURNAL: PortShape = {
  reads: ['run', 'runs', 'steps', 'states', 'checkpoints', 'entry', 'attestations'],
  streams: ['entries'],
  lists: { append: 1 },
};

/** The ports through which a process reaches what outlives it. */
const SHAPES = {
  reader: { plain: ['positionBehind'], reads: ['get'], streams: ['scan'] },
  sink: { plain: ['check', 'unguardable'], lists: { insert: 0 } },
  journal: { ...JOURNAL, plain: ['fencedBy'], gives: { fencedBy: { ...JOURNAL, name: 'journal' } } },
  leases: { reads: ['current'], gives: { acquire: { plain: ['assertHeld'], name: 'lease' } } },
} satisfies Readonly<Record<string, PortShape>>;

/** The port as a process has it in which something may happen at every operation. */
export function crashable<T extends object>(port: T, name: keyof typeof SHAPES, failpoints: Failpoints): T {
  return crashableAs(port, name, SHAPES[name], failpoints);
}

/** The same of any port. */
export function crashableAs<T extends object>(
  port: T,
  name: string,
  shape: PortShape,
  failpoints: Failpoints,
): T {
  return new Proxy(port, {
    get(target, property): unknown {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function' || typeof property !== 'string') return value;
      const method = (value as Method).bind(target);
      return wrappedMethod(method, property, `${name}.${property}`, shape, failpoints);
    },
  });
}

function wrappedMethod(
  method: Method,
  property: string,
  name: string,
  shape: PortShape,
  failpoints: Failpoints,
): Method {
  const given = shape.gives?.[property];
  const give = (result: unknown): unknown =>
    given === undefined ? result : crashableAs(result as object, given.name, given, failpoints);
  if (shape.plain?.includes(property) === true) {
    return (...args) => {
      failpoints.requireAlive();
      return give(method(...args));
    };
  }
  if (shape.streams?.includes(property) === true)
    return (...args) => elements(method(...args) as AsyncIterable<unknown>, label(name, args), failpoints);
  if (shape.reads?.includes(property) === true) {
    return async (...args) => {
      failpoints.pass(`at ${label(name, args)}`);
      return await method(...args);
    };
  }
  const list = shape.lists?.[property];
  return async (...args) => {
    const what = label(name, args);
    failpoints.pass(`before ${what}`);
    if (list !== undefined) await passHalf(method, args, list, what, failpoints);
    const result = await method(...args);
    failpoints.pass(`after ${what}`);
    return give(result);
  };
}

/** Where something happens half-way through a list, its first half is written. */
async function passHalf(
  method: Method,
  args: readonly unknown[],
  position: number,
  what: string,
  failpoints: Failpoints,
): Promise<void> {
  const list = args[position] as readonly unknown[];
  if (list.length < 2) return;
  try {
    failpoints.pass(`amid ${what}`);
  } catch (fate) {
    await method(...args.map((arg, index) => (index === position ? list.slice(0, list.length >> 1) : arg)));
    throw fate;
  }
}

async function* elements(
  stream: AsyncIterable<unknown>,
  what: string,
  failpoints: Failpoints,
): AsyncGenerator {
  for await (const element of stream) {
    failpoints.pass(`at ${what}`);
    yield element;
  }
  failpoints.requireAlive();
}

const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/;

/** The name of a method with what its first argument is about. */
function label(name: string, [first]: readonly unknown[]): string {
  return `${name} ${aboutOf(first)}`.trimEnd();
}

function aboutOf(value: unknown): string {
  // another one in every trial
  if (typeof value === 'string') return RUN_ID.test(value) ? 'run' : value;
  if (Array.isArray(value)) return aboutOf(value[0]);
  if (typeof value !== 'object' || value === null) return '';
  const { table, step, status, segment, plan } = value as Readonly<
    Record<string, string | number | undefined>
  >;
  return [table, step ?? plan, status, segment].filter((part) => part !== undefined).join(' ');
}

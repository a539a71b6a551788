/** The end of a process, as those see it who wait for an answer in it. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * Numbers every operation of a process on what outlives it. At the chosen point the process is dead: the operation
 * throws, and so does everything that it tries from then on, before it reaches anything.
 */
export class Failpoints {
  /** the points that were passed, in their order */
  readonly points: string[] = [];
  private dead = false;
  private readonly mourners: (() => void)[] = [];

  /** `crashAt`: a position in `points`, or tells the point by its name; undefined: it lives */
  constructor(private readonly crashAt?: number | ((point: string) => boolean)) {}

  get crashed(): boolean {
    return this.dead;
  }

  /** Calls back at the moment of the crash. */
  onCrash(mourner: () => void): void {
    this.mourners.push(mourner);
  }

  /** Throws `Crash` if this is the point, or if the process is dead already. */
  pass(point: string): void {
    this.requireAlive();
    const here = this.points.push(point) - 1;
    const isHere = typeof this.crashAt === 'function' ? this.crashAt(point) : here === this.crashAt;
    if (!isHere) return;
    this.dead = true;
    for (const mourner of this.mourners) mourner();
    throw new Crash(point);
  }

  requireAlive(): void {
    if (this.dead) throw new Crash('dead already');
  }
}

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

/** The port as a process that may crash has it. */
export function crashable<T extends object>(
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
      return crashableMethod(method, property, `${name}.${property}`, shape, failpoints);
    },
  });
}

function crashableMethod(
  method: Method,
  property: string,
  name: string,
  shape: PortShape,
  failpoints: Failpoints,
): Method {
  const given = shape.gives?.[property];
  const wrap = (result: unknown): unknown =>
    given === undefined ? result : crashable(result as object, given.name, given, failpoints);
  if (shape.plain?.includes(property) === true) {
    return (...args) => {
      failpoints.requireAlive();
      return wrap(method(...args));
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
    return wrap(result);
  };
}

/** Dies with the first half of a list written. */
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
  } catch (crash) {
    await method(...args.map((arg, index) => (index === position ? list.slice(0, list.length >> 1) : arg)));
    throw crash;
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

/** The name of a method with what its first argument is about. */
function label(name: string, [first]: readonly unknown[]): string {
  return `${name} ${aboutOf(first)}`.trimEnd();
}

function aboutOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return aboutOf(value[0]);
  if (typeof value !== 'object' || value === null) return '';
  const { table, step, status, segment, plan } = value as Record<string, string | number | undefined>;
  return [table, step ?? plan, status, segment].filter((part) => part !== undefined).join(' ');
}

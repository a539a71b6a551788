import { differences, type EndState } from '../support/faults/end-state.js';
import { crashableAs, type PortShape } from '../../src/conformance/trial/crashable.js';
import { Crash } from '../../src/conformance/trial/failpoints.js';
import { Failpoints } from '../support/faults/failpoints.js';

/** A port with a method of every treatment, and what reached it. */
class Port {
  readonly reached: string[] = [];

  put(name: string): Promise<string> {
    this.reached.push(`put ${name}`);
    return Promise.resolve(name);
  }

  putAll(names: readonly string[]): Promise<number> {
    this.reached.push(`putAll ${names.join()}`);
    return Promise.resolve(names.length);
  }

  get(name: string): Promise<string> {
    this.reached.push(`get ${name}`);
    return Promise.resolve(name);
  }

  async *scan(): AsyncGenerator<number> {
    for (const page of [1, 2, 3]) {
      this.reached.push(`page ${page}`);
      yield await Promise.resolve(page);
    }
  }

  check(): string {
    return 'fine';
  }

  open(): Promise<Port> {
    return Promise.resolve(this);
  }
}

const INNER: PortShape = { plain: ['check'], reads: ['get'], streams: ['scan'], lists: { putAll: 0 } };
const SHAPE: PortShape = { ...INNER, gives: { open: { ...INNER, name: 'inner' } } };

async function work(port: Port): Promise<void> {
  await port.put('a');
  await port.putAll(['b', 'c', 'd']);
  await port.get('a');
  for await (const page of port.scan()) await port.put(`e${page}`);
  await (await port.open()).put('f');
  port.check();
}

describe('failpoints', () => {
  it('number every operation, before and after a write, and amid a list of them', async () => {
    const [port, failpoints] = [new Port(), new Failpoints()];
    await work(crashableAs(port, 'port', SHAPE, failpoints));
    expect(failpoints.points).toEqual([
      ...['before port.put a', 'after port.put a'],
      ...['before port.putAll b', 'amid port.putAll b', 'after port.putAll b', 'at port.get a'],
      ...[1, 2, 3].flatMap((n) => ['at port.scan', `before port.put e${n}`, `after port.put e${n}`]),
      ...['before port.open', 'after port.open', 'before inner.put f', 'after inner.put f'],
    ]);
    expect(failpoints.crashed).toBe(false);
  });

  it('let a process die at each of them, and nothing that it tries afterwards reaches anything', async () => {
    const living = new Failpoints();
    const all = new Port();
    await work(crashableAs(all, 'port', SHAPE, living));
    for (const [index, point] of living.points.entries()) {
      const [port, failpoints] = [new Port(), new Failpoints(index)];
      let mourned = 0;
      failpoints.onEnd(() => (mourned += 1));
      const mortal = crashableAs(port, 'port', SHAPE, failpoints);
      await expect(work(mortal)).rejects.toThrow(Crash);
      const reached = [...port.reached];
      expect([failpoints.crashed, failpoints.points.at(-1), mourned]).toEqual([true, point, 1]);
      await expect(mortal.put('late')).rejects.toThrow(Crash);
      await expect(mortal.get('late')).rejects.toThrow(Crash);
      await expect(mortal.scan().next()).rejects.toThrow(Crash);
      expect(() => mortal.check()).toThrow(Crash);
      // a scan may have asked for a page: a read leaves nothing behind
      expect(port.reached.filter((one) => one.startsWith('put'))).toEqual(
        reached.filter((one) => one.startsWith('put')),
      );
    }
  });

  it('write nothing before, half amid, and all of it after', async () => {
    const reached = async (index: number): Promise<string[]> => {
      const port = new Port();
      const mortal = crashableAs(port, 'port', SHAPE, new Failpoints(index));
      await expect(mortal.putAll(['b', 'c', 'd'])).rejects.toThrow(Crash);
      return port.reached;
    };
    expect(await Promise.all([0, 1, 2].map(reached))).toEqual([[], ['putAll b'], ['putAll b,c,d']]);
  });
});

describe('differences of two end states', () => {
  const state: EndState = {
    rows: { links: ['{"id":1}', '{"id":2}'] },
    run: 'failed',
    states: { links: 'validated by this' },
    steps: { links: { counters: { read: 2, created: 2 }, checks: [{ name: 'one' }], reasons: {} } },
    entries: { quarantine: ['a'] },
  };

  it('are none where all is the same, whatever the order of names', () => {
    const other = { counters: { created: 2, read: 2 }, reasons: {}, checks: [{ name: 'one' }] };
    expect(differences(state, { ...state, steps: { links: other } })).toEqual([]);
  });

  it.each<[Partial<EndState>, string]>([
    [{ rows: { links: ['{"id":1}'] } }, 'rows links: missing {"id":2}'],
    [{ rows: { links: ['{"id":1}', '{"id":2}', '{"id":2}'] } }, 'rows links: extra {"id":2}'],
    [{ rows: {} }, 'rows links: absent instead of ["{\\"id\\":1}","{\\"id\\":2}"]'],
    [{ run: 'complete' }, 'run: complete instead of failed'],
    [{ states: { links: 'running by this' } }, 'states links: running by this instead of validated by this'],
    [
      { steps: { links: { counters: { read: 2, created: 1 }, checks: [{ name: 'one' }], reasons: {} } } },
      'links counters: {"created":1,"read":2} instead of {"created":2,"read":2}',
    ],
    [{ entries: { quarantine: ['a', 'b'] } }, 'entries quarantine: extra b'],
  ])('name what differs: %j', (change, line) => {
    expect(differences(state, { ...state, ...change })).toEqual([line]);
  });
});

import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { answer, ready, task } from './parent.js';

/** Passes TCP through; what goes to the server is held back for `latency` ms, answers are not. */
const { target, latency } = task() as { readonly target: string; readonly latency: number };
const { hostname, port } = new URL(target);

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
  client.on('data', (data) => {
    if (latency === 0) upstream.write(data);
    else setTimeout(() => upstream.write(data), latency);
  });
  upstream.pipe(client);
  const end = (): void => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
});
server.listen(0, '127.0.0.1', () =>
  ready(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`),
);
answer(() => undefined);

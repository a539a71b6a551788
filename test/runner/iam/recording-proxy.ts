import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentRequest {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RecordingProxy {
  readonly endpoint: string;
  readonly sent: SentRequest[];
  close(): Promise<void>;
}

/** Stands before a DynamoDB server and notes what it is asked. */
export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const { hostname, port } = new URL(target);
  const sent: SentRequest[] = [];
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks);
      const [, operation = ''] = String(incoming.headers['x-amz-target'] ?? '').split('.');
      sent.push({ operation, body: JSON.parse(text.toString('utf8')) as SentRequest['body'] });
      const { method, url: path, headers } = incoming;
      const onward = forward({ hostname, port, method, path, headers }, (result) => {
        answer.writeHead(result.statusCode ?? 500, result.headers);
        result.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      onward.end(text);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

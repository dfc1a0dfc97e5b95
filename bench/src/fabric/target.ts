import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A product that only notes when it was asked, so that the way there can be measured. */
export interface Target {
  /** Such as `http://127.0.0.1:40000`. */
  readonly url: string;
  /** Id of an event -> when its requests came, by `performance.now()`. */
  readonly hits: ReadonlyMap<string, readonly number[]>;
  close(): Promise<void>;
}

/** Starts a {@link Target} on loopback. */
export async function startTarget(): Promise<Target> {
  const hits = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const at = performance.now();
    void text(request).then((body) => {
      const { id } = JSON.parse(body || '{}') as { readonly id?: string };
      if (id !== undefined) hits.set(id, [...(hits.get(id) ?? []), at]);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hits,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

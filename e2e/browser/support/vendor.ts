import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@counterpoint/sdk';

/** The credential that a connection to {@link startVendor} holds, with characters that every encoding writes differently. */
export const VENDOR_SECRET = 'Bearer caNary-"9f8e7d6c5b4a\\+/&=?#%<end>';

/** A product that throws back the credential it was sent, in several encodings; under `/hang` it never answers. */
export interface Vendor {
  readonly url: string;
  close(): void;
}

function throwBack(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith('/hang')) return;
  const credential = String(request.headers.authorization ?? '');
  const status = request.url?.startsWith('/500') ? 500 : 200;
  const said = {
    raw: credential,
    base64: Buffer.from(credential).toString('base64'),
    url: encodeURIComponent(credential),
    message: `no: ${credential}`,
  };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
}

/** Starts the product, and makes the connection `echo` of the HTTP connector to it. */
export async function startVendor(client: Client): Promise<Vendor> {
  const server = createServer(throwBack);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = { base_url: url };
  const secrets = { credential: VENDOR_SECRET };
  const body = { id: 'echo', connector: 'http', title: 'An API that echoes', config, secrets, network: 'lab' } as const;
  await client.createConnection({ body });
  return {
    url,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

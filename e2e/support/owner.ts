import { type Client, createClient } from '@counterpoint/sdk';
import type { ServerProcess } from './server-process.ts';

/** The owner of a server, signed in. */
export interface Owner {
  readonly client: Client;
  readonly token: string;
}

/** Makes the owner of a server that was started on an empty directory. */
export async function becomeOwner(server: ServerProcess): Promise<Owner> {
  const body = { code: server.setupCode ?? '', name: 'ada' };
  const { token } = await createClient({ url: server.url }).setup({ body });
  return { token, client: createClient({ url: server.url, token }) };
}

/** The same owner at another start of the server. */
export function signIn(server: ServerProcess, token: string): Client {
  return createClient({ url: server.url, token });
}

/** Sends a body to a source through the front door, as the product behind it would. */
export function deliver(
  server: Pick<ServerProcess, 'url'>,
  source: string,
  token: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${server.url}/hooks/${source}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body,
  });
}

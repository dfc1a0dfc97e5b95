import { createClient } from '@counterpoint/sdk';
import { readStream, type StreamReader } from '@counterpoint/testing';

/** An event of a durable subscription. */
export interface Delivered {
  readonly ack: string;
  readonly event: { readonly id: string; readonly type: string; readonly subject: string; readonly data: unknown };
}

/** What the participant protocol answers, as far as tests look into it. */
export interface Body {
  readonly code?: string;
  readonly events: readonly (Delivered & { readonly id: string; readonly code?: string; readonly status: number })[];
  readonly request: { readonly id: string } | null;
}

/** A participant that was let in, and what it does with nothing but HTTP. */
export interface LetIn {
  readonly token: string;
  call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Body }>;
  /** Pulls until it has so many events, in the order in which they came. */
  pullUntil(path: string, count: number): Promise<readonly Delivered[]>;
  revoke(): Promise<unknown>;
}

/** Lets a participant in and gives it a token. */
export async function letIn(
  url: () => string,
  owner: string,
  id: string,
  rights: Readonly<Record<string, readonly string[]>>,
): Promise<LetIn> {
  const client = createClient({ url: url(), token: owner });
  await client.createParticipant({ body: { id, title: id, rights: rights as Record<string, string[]> } });
  const credential = await client.createParticipantToken({ id, body: { title: 'a token' } });
  const { token } = credential;
  const call: LetIn['call'] = async (method, path, body) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${url()}/fabric/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  return {
    token,
    call,
    async pullUntil(path, count) {
      const got: Delivered[] = [];
      while (got.length < count) {
        const { status, body } = await call('GET', path);
        if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
        if (body.events.length === 0) throw new Error(`only ${got.length} of ${count} came`);
        got.push(...body.events);
      }
      return got;
    },
    revoke: () => client.revokeParticipantCredential({ id, credential: credential.id }),
  };
}

/** Reads a stream of the participant protocol. */
export function readEvents(url: string, path: string, token: string): Promise<StreamReader> {
  return readStream(`${url}/fabric/v1${path}`, { authorization: `Bearer ${token}` });
}

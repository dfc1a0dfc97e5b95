import { randomBytes } from 'node:crypto';
import type { Client } from '@counterpoint/sdk';
import { Pool } from 'undici';
import type { Subject } from '../subject.ts';

/** A participant that publishes verdicts over HTTP. */
export interface Feed {
  readonly token: string;
  /** Publishes events; resolves when they are durable. Throws when one of them was refused. */
  publish(events: readonly FeedEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** One event to be published. */
export interface FeedEvent {
  readonly topic: string;
  readonly subject: string;
  readonly data: unknown;
}

const CONNECTIONS = 16;

/** Lets a participant in and gives what publishes for it. */
export async function openFeed(subject: Subject, client: Client, id: string): Promise<Feed> {
  await client.createParticipant({
    body: { id, title: id, rights: { publish: ['verdict.>'], subscribe: ['verdict.>'] }, trust: [] },
  });
  const { token } = await client.createParticipantToken({ id, body: { title: 'bench' } });
  return reopen(subject.url, token);
}

/** Publishes for a participant that was let in before. */
export function reopen(url: string, token: string): Feed {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    token,
    async publish(events) {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/fabric/v1/events',
        headers,
        body: JSON.stringify(events.length === 1 ? events[0] : events),
      });
      const answer = await body.text();
      if (statusCode >= 300 || answer.includes('"code"'))
        throw new Error(`publishing gave ${statusCode} ${answer.slice(0, 500)}`);
    },
    close: () => pool.close(),
  };
}

/** A verdict that no reaction but that of the benchmark acts on; `id` is 64 hex digits. */
export function verdict(id: string = randomBytes(32).toString('hex')): FeedEvent & { readonly id: string } {
  const ip = `198.51.100.${Number.parseInt(id.slice(0, 2), 16) || 1}`;
  return { id, topic: 'verdict.ip.v1', subject: id, data: { ip, verdict: 'malicious', confidence: 50, file: id } };
}

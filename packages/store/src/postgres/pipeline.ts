import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Statements of one transaction, sent without waiting for each other's answers. */
export interface Pipeline {
  /** Sends a statement; what it answers may be awaited now, or with all others by `settle`. */
  send(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>>;
  /** Waits for everything sent; throws the first error, which is the one that made later statements fail. */
  settle(): Promise<void>;
}

/** Makes a {@link Pipeline} over a client in pipeline mode. Statements are prepared once for each connection. */
export function createPipeline(client: pg.Client): Pipeline {
  let sent: Promise<unknown>[] = [];
  return {
    send(text, values) {
      const answer = client.query<Record<string, unknown>>(
        values ? { name: nameOf(text), text, values: [...values] } : text,
      );
      answer.catch(() => undefined);
      sent.push(answer);
      return answer;
    },
    async settle() {
      const answers = await Promise.allSettled(sent);
      sent = [];
      for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    },
  };
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    names.set(text, name);
  }
  return name;
}

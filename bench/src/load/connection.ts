import { Client } from 'undici';
import type { LoadTarget } from './job.ts';

const TIMEOUT = 30_000;

/** One kept-alive connection with at most one request under way. */
export interface Connection {
  /** Sends a body and gives what is wrong with the answer in words, or undefined when it is as expected. Never throws. */
  send(body: Buffer): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Opens a {@link Connection} to a target. */
export function openConnection(target: LoadTarget): Connection {
  const url = new URL(target.url);
  const client = new Client(url.origin, { pipelining: 1, headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT });
  const request = {
    method: 'POST' as const,
    path: url.pathname + url.search,
    headers: { 'content-type': 'application/json', ...target.headers },
  };
  const { statuses, contains } = target.expect;
  return {
    send(body) {
      return new Promise((resolve) => {
        let status = 0;
        let text = '';
        client.dispatch(
          { ...request, body },
          {
            onRequestStart() {},
            onResponseStart(_controller, statusCode) {
              status = statusCode;
            },
            onResponseData(_controller, chunk) {
              text += chunk.toString('latin1');
            },
            onResponseEnd() {
              const right = statuses.includes(status) && text.includes(contains);
              resolve(right ? undefined : `status ${status}, body ${text.slice(0, 300)}`);
            },
            onResponseError(_controller, error) {
              resolve(error.message);
            },
          },
        );
      });
    },
    close: () => client.close(),
  };
}

import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Problem } from '@counterpoint/contracts';
import { CounterpointError, parseJson } from '@counterpoint/core';
import { errors } from '../../errors.ts';
import type { CentreLink } from './node.ts';

/** Where the centre is, and who asks. */
export interface LinkOptions {
  /** Base URL, such as `https://counterpoint.example`. */
  readonly url: string;
  /** Certificates (PEM) to believe besides those that Node brings; only for the centre, not for products. */
  readonly ca?: string | undefined;
  /** `cpp_…`; undefined while it has none. */
  readonly token: () => string | undefined;
}

/** A link that can be closed. */
export interface ClosableLink extends CentreLink {
  close(): void;
}

/** Longer than any wait of a request for something new. */
const SILENCE = 40_000;
const LARGEST = 64 * 1024 * 1024;
const MAX_DEPTH = 200;

/** Makes a {@link CentreLink} over HTTP or HTTPS, all of whose connections go outward. */
export function createLink({ url, ca, token }: LinkOptions): ClosableLink {
  const base = new URL(url);
  const secure = base.protocol === 'https:';
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, ...(ca ? { ca } : {}) })
    : new HttpAgent({ keepAlive: true });
  const begin = secure ? httpsRequest : httpRequest;
  const unreachable = (reason: string, cause?: unknown) =>
    errors.edge_centre_unreachable({ url: base.origin, reason }, { cause });

  return {
    async ask<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
      const bearer = token();
      const text = body === undefined ? undefined : JSON.stringify(body);
      const target = new URL(`/fabric/v1${path}`, base);
      const sent = begin(target, {
        method,
        agent,
        timeout: SILENCE,
        ...(signal ? { signal } : {}),
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      });
      sent.on('timeout', () => sent.destroy(new Error('it says nothing any more')));
      let status: number;
      let answer: unknown;
      try {
        [status, answer] = await exchange(sent, text);
      } catch (cause) {
        throw unreachable(cause instanceof Error ? cause.message : String(cause), cause);
      }
      if (status >= 200 && status < 300) return answer as Answer;
      if (answer !== null && typeof answer === 'object' && 'code' in answer) throw problemOf(answer as Problem);
      throw unreachable(`status ${status} without an error code`);
    },
    close: () => agent.destroy(),
  };
}

async function exchange(sent: ClientRequest, text: string | undefined): Promise<[number, unknown]> {
  const responded = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  sent.end(text);
  const response = await responded;
  // An error after the answer began comes from reading it.
  sent.on('error', () => undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > LARGEST) throw new Error('its answer is too large');
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  return [response.statusCode ?? 0, body === '' ? null : parseJson(body, MAX_DEPTH)];
}

function problemOf({ code, status, detail: message, help, retryable }: Problem): CounterpointError {
  return new CounterpointError(code, { status, message, help, retryable }, {}, {});
}

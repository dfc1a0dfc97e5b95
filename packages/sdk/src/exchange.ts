import type { Problem } from '@counterpoint/contracts';
import { CounterpointError } from '@counterpoint/core';
import { errors } from './errors.ts';

/** The error that a server answered, with its code. */
export function problemError(problem: Problem): CounterpointError {
  return new CounterpointError(
    problem.code,
    { status: problem.status, message: problem.detail, help: problem.help, retryable: problem.retryable },
    {},
    { details: problem.details ?? {} },
  );
}

/** What a proxy answers in the place of a server that is away: bad gateway, unavailable, gateway timeout. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

function notOurs(response: Response, url: URL, how: string): Error {
  const reason = `status ${response.status}, ${how}`;
  if (AWAY.has(response.status)) return errors.unreachable({ url: url.origin, reason });
  return errors.bad_answer({ url: url.origin, reason });
}

/** Reads a JSON answer. @throws what the server answered as an error, sdk.bad_answer, sdk.unreachable */
export async function readAnswer(response: Response, url: URL): Promise<unknown> {
  const text = await response.text().catch((cause: unknown) => {
    throw errors.unreachable({ url: url.origin, reason: 'the answer broke off' }, { cause });
  });
  let body: unknown;
  try {
    body = text === '' ? null : JSON.parse(text);
  } catch {
    throw notOurs(response, url, 'not JSON');
  }
  if (response.ok) return body;
  if (body !== null && typeof body === 'object' && 'code' in body) throw problemError(body as Problem);
  throw notOurs(response, url, 'without an error code');
}

/** Sends a request. @throws sdk.unreachable */
export async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    const reason =
      cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : 'no answer';
    throw errors.unreachable({ url: url.origin, reason }, { cause });
  }
}

/** The lines of a body, without their ends, as they come. @throws sdk.unreachable when it breaks off */
export async function* linesOf(body: ReadableStream<Uint8Array>, url: URL): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw errors.unreachable({ url: url.origin, reason: 'the answer broke off' }, { cause });
    });
    const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (!done) continue;
    if (rest !== '') yield rest;
    return;
  }
}

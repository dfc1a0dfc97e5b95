import { describe, expect, it } from 'vitest';
import { linesOf, readAnswer } from './exchange.ts';

const URL_OF_SERVER = new URL('http://127.0.0.1:7300/api/v1/status');
const read = (status: number, text: string) => readAnswer(new Response(text, { status }), URL_OF_SERVER);

describe('an answer', () => {
  it('is what the server sent, also when that is an error', async () => {
    expect(await read(200, '{"a":1}')).toEqual({ a: 1 });
    expect(await read(200, '')).toBeNull();
    const problem = { code: 'api.not_found', status: 404, detail: 'There is none.', help: 'Look.', retryable: false };
    await expect(read(404, JSON.stringify(problem))).rejects.toMatchObject({ code: 'api.not_found', help: 'Look.' });
  });

  it.each([502, 503, 504])(
    'of a proxy before a server that is away says so, and that it may be tried again: %d',
    async (status) => {
      for (const text of ['<html>Bad Gateway</html>', '{"message":"no upstream"}', '']) {
        await expect(read(status, text)).rejects.toMatchObject({ code: 'sdk.unreachable', retryable: true });
      }
    },
  );

  it('that breaks off is none, and may be asked for again', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"a":'));
        controller.error(new TypeError('terminated'));
      },
    });
    const answer = readAnswer(new Response(broken), URL_OF_SERVER);
    await expect(answer).rejects.toMatchObject({ code: 'sdk.unreachable', retryable: true });
  });

  it('of something else is not taken for one', async () => {
    for (const [status, text] of [
      [200, '<html>Sign in to the hotel</html>'],
      [500, '<html>Oops</html>'],
      [404, '{}'],
    ] as const) {
      await expect(read(status, text)).rejects.toMatchObject({ code: 'sdk.bad_answer', retryable: false });
    }
  });
});

describe('lines', () => {
  const bodyOf = (chunks: readonly string[], broken = false) => {
    const encoder = new TextEncoder();
    const left = [...chunks];
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = left.shift();
        if (next !== undefined) controller.enqueue(encoder.encode(next));
        else if (broken) controller.error(new TypeError('terminated'));
        else controller.close();
      },
    });
  };

  it('come whole, however they were cut', async () => {
    const lines: string[] = [];
    for await (const line of linesOf(bodyOf(['{"a"', ':1}\n{"b":2}', '\n', '{"c":3}']), URL_OF_SERVER))
      lines.push(line);
    expect(lines).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('that break off are an error, not an end', async () => {
    const read = async () => {
      for await (const _line of linesOf(bodyOf(['{"a":1}\n'], true), URL_OF_SERVER));
    };
    await expect(read()).rejects.toMatchObject({ code: 'sdk.unreachable' });
  });
});

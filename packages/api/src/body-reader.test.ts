import { PassThrough } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createBodyReader } from './body-reader.ts';

const LIMIT = 100;
const BUDGET = { ofAll: 250, ofOneAddress: 150 };

/** A request whose body comes piece by piece. */
function sending(read: ReturnType<typeof createBodyReader>, ip: string, headers: Record<string, string> = {}) {
  const raw = new PassThrough();
  const body = read({ raw, ip, headers } as unknown as FastifyRequest, raw as unknown as FastifyRequest['raw']);
  body.catch(() => undefined);
  return {
    body,
    /** Resolves when it was read, or refused. */
    async send(bytes: number) {
      raw.write('x'.repeat(bytes));
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
    end: () => raw.end(),
    /** The request is over. */
    close: () => {
      raw.destroy();
      return new Promise((resolve) => raw.once('close', resolve));
    },
    isOpen: () => !raw.destroyed,
  };
}

const refused = async ({ body }: { readonly body: Promise<Buffer> }) =>
  (await body.then(() => ({ code: 'read' })).catch((error: { code: string }) => error)).code;

describe('a body reader', () => {
  it('gives a body whole', async () => {
    const one = sending(createBodyReader(LIMIT, BUDGET), 'a');
    await one.send(40);
    await one.send(60);
    one.end();
    expect((await one.body).toString()).toBe('x'.repeat(100));
  });

  it('refuses one that is too large, as soon as that is known, over a connection that stays open for the answer', async () => {
    const read = createBodyReader(LIMIT, BUDGET);
    expect(await refused(sending(read, 'a', { 'content-length': '101' }))).toBe('core.body_too_large');
    const one = sending(read, 'a');
    await one.send(101);
    expect(await refused(one)).toBe('core.body_too_large');
    expect(one.isOpen()).toBe(true);
  });

  it('keeps no more of one address, and of all, than its budget, until requests are over', async () => {
    const read = createBodyReader(LIMIT, BUDGET);
    const [first, second] = [sending(read, 'a'), sending(read, 'a')];
    await first.send(90);
    await second.send(90);
    expect(await refused(second)).toBe('api.bodies_wait');
    await second.close();
    const others = [sending(read, 'b'), sending(read, 'c')] as const;
    for (const other of others) await other.send(90);
    expect(await refused(others[1])).toBe('api.bodies_wait');
    await others[1].close();
    await first.close();
    expect(await refused(first)).toBe('api.request_invalid');
    const last = sending(read, 'a');
    await last.send(100);
    last.end();
    others[0].end();
    expect(await refused(last)).toBe('read');
    expect(await refused(others[0])).toBe('read');
  });
});

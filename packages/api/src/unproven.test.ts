import { connect } from 'node:net';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Surface, startSurface } from './testing/surface.ts';

let surface: Surface;
beforeEach(async () => {
  surface = await startSurface(createMemoryStore());
});
afterEach(() => surface.close());

/** What is answered to the head of a request whose body never comes. */
function answerWithoutBody(head: string): Promise<string> {
  const { hostname, port } = new URL(surface.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.write(`${head}\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n\r\n`);
  });
}

describe('somebody who has not proven themselves', () => {
  it('is refused before a body is waited for, also where there is no route', async () => {
    for (const path of [
      '/api/v1/playbooks',
      '/api/v1/nothing',
      '/nothing',
      '/fabric/v1/events',
      '/fabric/v1/nothing',
    ]) {
      expect(await answerWithoutBody(`POST ${path} HTTP/1.1`), path).toMatch(/^HTTP\/1\.1 401 /);
    }
    for (const path of ['/api/v1/setup', '/api/v1/session']) {
      const answer = await answerWithoutBody(`POST ${path} HTTP/1.1`);
      expect(answer, path).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('16384');
    }
    const authorization = `Authorization: Bearer ${surface.owner}`;
    expect(await answerWithoutBody(`POST /api/v1/nothing HTTP/1.1\r\n${authorization}`)).toMatch(/^HTTP\/1\.1 404 /);
    expect(surface.reached).toEqual([]);
  });

  it('gets the headers of every answer, also where no route was looked for', async () => {
    for (const path of ['/%zz', `/api/v1/runs/${'a'.repeat(400)}`]) {
      const answer = await surface.send({ path });
      expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json']);
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workTemplate } from '../unit-of-work.ts';
import { generateLoad } from './generate.ts';
import type { LoadJob } from './job.ts';

let server: Server;
let bodies: string[];
let open: number;
let mostOpen: number;
let status: number;

beforeEach(async () => {
  bodies = [];
  open = 0;
  mostOpen = 0;
  status = 200;
  server = createServer(async (request, response) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    bodies.push(await text(request));
    await new Promise((resolve) => setTimeout(resolve, 5));
    open -= 1;
    response.writeHead(status).end('fine');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

function job(work: LoadJob['work'], connections = 4): LoadJob {
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks/x`,
    headers: {},
    expect: { statuses: [200], contains: 'fine' },
    connections,
    work,
  };
}

const steady = { kind: 'steady', template: workTemplate(), warmup_seconds: 0.1, seconds: 0.3 } as const;

describe('generateLoad', () => {
  it('keeps one request under way on each connection, for the time given', async () => {
    const result = await generateLoad(job(steady));
    expect(mostOpen).toBe(4);
    expect(result).toMatchObject({ errors: 0, first_error: '' });
    expect(result.seconds).toBeCloseTo(0.3, 1);
    expect(result.p50_ms).toBeGreaterThanOrEqual(4.5);
    expect(result.per_second).toBeCloseTo(result.answers / result.seconds);
  });

  it('does not count the warm-up', async () => {
    const result = await generateLoad(job(steady));
    expect(result.answers).toBeGreaterThan(0);
    expect(result.answers).toBeLessThan(bodies.length);
  });

  it('never sends the same body twice, and always 1,024 bytes of JSON', async () => {
    await generateLoad(job(steady));
    expect(new Set(bodies).size).toBe(bodies.length);
    expect(new Set(bodies.map((body) => Buffer.byteLength(body)))).toEqual(new Set([1024]));
    expect(JSON.parse(bodies.at(-1) ?? '').id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('sends every line of a file once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'lines-'));
    const lines = Array.from({ length: 50 }, (_, index) => `{"line":${index}}`);
    writeFileSync(join(directory, 'lines'), `${lines.join('\n')}\n`);
    const result = await generateLoad(job({ kind: 'lines', file: join(directory, 'lines') }));
    rmSync(directory, { recursive: true });
    expect(result.answers).toBe(50);
    expect(bodies.toSorted()).toEqual(lines.toSorted());
  });

  it('counts wrong answers apart, keeps the first, and gives up when there is nothing but', async () => {
    status = 503;
    const result = await generateLoad(job({ ...steady, seconds: 30 }));
    expect(result).toMatchObject({ answers: 0, first_error: 'status 503, body fine' });
    expect(result.errors).toBeGreaterThanOrEqual(100);
    expect(result.errors).toBeLessThan(110);
  });
});

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const MEGABYTE = 1_000_000;
const folder = temporaryFolder();
let product: Server;
let server: ServerProcess;
let client: Client;
let token = '';

/** A product that streams as many bytes of JSON as its path says, in megabytes. */
function startProduct(): Promise<Server> {
  const made = createServer((request, response) => {
    const size = Number(request.url?.slice(1)) * MEGABYTE;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"text":"');
    const chunk = 'x'.repeat(MEGABYTE / 4);
    let left = size;
    const more = () => {
      while (left > 0) {
        left -= chunk.length;
        if (!response.write(chunk)) {
          response.once('drain', more);
          return;
        }
      }
      response.end('"}');
    };
    response.on('error', () => undefined);
    more();
  });
  return new Promise((resolve) => void made.listen(0, '127.0.0.1', () => resolve(made)));
}

beforeAll(async () => {
  product = await startProduct();
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  ({ client, token } = await becomeOwner(server));
  const config = { base_url: `http://127.0.0.1:${(product.address() as AddressInfo).port}` };
  await client.createConnection({ body: { id: 'api', connector: 'http', title: 'API', config, network: 'lab' } });
  const source = `kind: playbook/v1
id: fetch
title: Fetch much
uses: { api: http }
inputs: { path: { type: string } }
on: [{ manual: true }]
steps:
  - { id: get, action: api.get, with: { path: "\${{ inputs.path }}" }, on_failure: continue }
outputs: { status: "\${{ outcome.get.status }}", code: "\${{ outcome.get.?error.?code.orValue('') }}" }
`;
  await client.publishPlaybook({ body: { source } });
});
afterAll(async () => {
  await server.kill('SIGKILL');
  product.closeAllConnections();
  product.close();
  folder.remove();
});

async function fetched(megabytes: number) {
  const { id } = await client.startRun({ id: 'fetch', body: { inputs: { path: `/${megabytes}` }, wait: false } });
  return until('the run ends', async () => {
    const run = await client.getRun({ id });
    return ['succeeded', 'failed'].includes(run.status) && run;
  });
}

/** The most memory that the server ever held, in megabytes. */
function peakMemory(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_000;
}

describe('an answer of a product', () => {
  it('of 200 MB fails the step by its code, and costs the server no such memory', async () => {
    const before = peakMemory();
    const run = await fetched(200);
    expect(run.outputs).toMatchObject({ status: 'failed', code: expect.stringMatching(/^connector\./) });
    expect(peakMemory() - before).toBeLessThan(120);
    expect((await client.status()).counts.unfinished_runs).toBe(0);
  });

  it('of 2 MB is carried by reference: the run shows its size, and its value on request', async () => {
    const run = await fetched(2);
    expect(run.outputs).toMatchObject({ status: 'succeeded' });
    expect(JSON.stringify(run).length).toBeLessThan(10_000);
    const ended = run.journal.find(({ kind }) => kind === 'step_ended');
    const data = ended?.data as { output?: { $blob: { id: string; size: number } } } | undefined;
    const $blob = data?.output?.$blob ?? { id: '', size: 0 };
    expect($blob.size).toBeGreaterThan(2 * MEGABYTE);
    const response = await fetch(`${server.url}/api/v1/runs/${run.id}/values/${$blob.id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { value } = (await response.json()) as { value: { body: { text: string } } };
    expect(value.body.text).toHaveLength(2 * MEGABYTE);
    const other = await fetch(`${server.url}/api/v1/runs/other/values/${$blob.id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(other.status).toBe(404);
  });
});

import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner, deliver } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from './support/server-process.ts';

const MEGABYTE = 1024 * 1024;

const folder = temporaryFolder();
let server: ServerProcess;
let client: Client;
let token = '';
let sourceToken = '';

beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  const owner = await becomeOwner(server);
  client = owner.client;
  token = owner.token;
  sourceToken = (await client.createSource({ body: { id: 'any', title: 'any', normalizer: 'generic_json' } })).secret;
});
afterAll(async () => {
  await server.kill('SIGKILL');
  folder.remove();
});

async function metric(name: string): Promise<number> {
  const answer = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await answer.text())?.[1]);
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const aliases = (levels: number) =>
  Array.from({ length: levels }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
      : `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  ).join('\n');

const bombs: [string, () => Promise<Response>][] = [
  ['65 levels of JSON', () => deliver(server, 'any', sourceToken, nested(65))],
  ['two million levels of JSON', () => deliver(server, 'any', sourceToken, nested(2_000_000))],
  ['two million open brackets', () => deliver(server, 'any', sourceToken, '['.repeat(2_000_000))],
  ['a million broken lines', () => deliver(server, 'any', sourceToken, '{\n'.repeat(1_000_000))],
  ['a million items', () => deliver(server, 'any', sourceToken, `[${'0,'.repeat(999_999)}0]`)],
  ['two million levels to the API', () => post('/ingest/try', nested(2_000_000))],
  ['YAML aliases that multiply', () => post('/playbooks', { source: aliases(9) })],
  [
    'a thousand YAML aliases',
    () => post('/playbooks', { source: `a: &a 1\nb: [${Array(1_000).fill('*a').join(', ')}]` }),
  ],
  ['ten thousand levels of YAML', () => post('/playbooks', { source: nested(10_000) })],
  [
    'eighty thousand YAML keys',
    () => post('/playbooks', { source: Array.from({ length: 80_000 }, (_, n) => `k${n}: 1`).join('\n') }),
  ],
];

/** An input as large as the bombs, of which nothing is made either. */
const HARMLESS = JSON.stringify({ text: 'x'.repeat(2_000_000) });

/** The longest time that others waited for an answer while something was done, in milliseconds. */
async function longestWaitBeside(doing: () => Promise<void>): Promise<number> {
  let longest = 0;
  let going = true;
  const probing = (async () => {
    while (going) {
      const asked = performance.now();
      await (await fetch(`${server.url}/healthz`)).text();
      longest = Math.max(longest, performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  try {
    await doing();
  } finally {
    going = false;
    await probing;
  }
  return longest;
}

/** As much as may be tried out at once, all of which can be read. */
const MANY_FINDINGS = `${JSON.stringify({
  timestamp: '2026-01-02T03:04:05.000000+0000',
  event_type: 'alert',
  src_ip: '203.0.113.7',
  dest_ip: '10.0.0.1',
  proto: 'TCP',
  alert: { signature: 'x', signature_id: 1, severity: 1, category: 'c' },
})}\n`.repeat(15_000);

describe('a bomb', () => {
  it.each(bombs)('of %s is refused with a code', async (_what, send) => {
    const answer = await send();
    const text = await answer.text();
    expect(answer.status, text.slice(0, 300)).toBeGreaterThanOrEqual(400);
    expect(answer.status, text.slice(0, 300)).toBeLessThan(500);
    expect(JSON.parse(text).code).toMatch(/^[a-z]+\.[a-z_]+$/);
    expect(text.length).toBeLessThan(100_000);
  });

  it('of a body over the limit is refused while it is still coming in', async () => {
    const sent = deliver(server, 'any', sourceToken, `"${'x'.repeat(20 * MEGABYTE)}"`);
    // Whoever goes on sending may find the connection closed before the answer is read.
    const status = await sent.then((answer) => answer.status).catch(() => 'cut off');
    expect([413, 'cut off']).toContain(status);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await client.listSources()).items[0]?.counts.created).toBe(0);
  });

  it('of a catastrophic regular expression is matched in linear time', async () => {
    const source = `kind: playbook/v1
id: rx
title: Matches
on: [{ manual: true }]
inputs: { text: { type: string } }
steps:
  - id: match
    set: { hit: "\${{ rx(inputs.text, '^(a+)+$') }}" }
outputs: { hit: "\${{ steps.match.hit }}" }
`;
    await client.publishPlaybook({ body: { source } });
    const body = { inputs: { text: `${'a'.repeat(50_000)}!` }, wait: true };
    expect(await client.startRun({ id: 'rx', body })).toMatchObject({ status: 'succeeded', outputs: { hit: false } });
  });

  it('stalls nobody else, and does not stay in memory', async () => {
    const tryMany = async () => expect((await client.tryIngest({ body: { text: MANY_FINDINGS } })).total).toBe(15_000);
    // Once before, so that what is kept for the next time is there.
    for (const [, send] of bombs) await (await send()).text();
    await tryMany();
    const alone = await longestWaitBeside(async () => {
      for (let n = 0; n < 3 * bombs.length; n++) await (await deliver(server, 'any', sourceToken, HARMLESS)).text();
    });
    const before = await metric('process_resident_memory_bytes');
    const beside = await longestWaitBeside(async () => {
      for (let round = 0; round < 3; round++) for (const [, send] of bombs) await (await send()).text();
      await tryMany();
    });
    const grown = (await metric('process_resident_memory_bytes')) - before;
    process.stdout.write(
      `longest wait beside the bombs ${beside.toFixed(0)} ms, beside large inputs ${alone.toFixed(0)} ms, memory grown by ${(grown / MEGABYTE).toFixed(0)} MB\n`,
    );
    expect(grown).toBeLessThan(128 * MEGABYTE);
    // What the machine itself makes wait is in both; a bomb that went off would stall for seconds.
    expect(beside).toBeLessThan(10 * Math.max(alone, 100));
  });
});

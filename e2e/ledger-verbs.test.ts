import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner, signIn } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const IP = '203.0.113.77';
const folder = temporaryFolder();
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let token = '';

/** Opens a case and keeps an address blocked as long as it is open. */
const PLAYBOOK = `kind: playbook/v1
id: contain
title: Contain an address
uses: { fw: fortigate }
on: [{ manual: {} }]
inputs: { ip: { type: string }, title: { type: string } }
steps:
  - id: file
    action: case.open
    with: { title: "\${{ inputs.title }}" }
  - id: block
    action: fw.ban_ip
    with: { ip: "\${{ inputs.ip }}" }
    lease: { while: case_open, max: 7d }
outputs: { case: "\${{ steps.file.case_id }}" }
`;

const start = () => startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);

beforeAll(async () => {
  firewall = await startFirewall();
  server = await start();
  const owner = await becomeOwner(server);
  token = owner.token;
  client = owner.client;
  await connectFirewall(client, firewall);
  await client.publishPlaybook({ body: { source: PLAYBOOK } });
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

async function contain(ip: string, title: string): Promise<{ run: string; case: string }> {
  const run = await client.startRun({ id: 'contain', body: { inputs: { ip, title }, wait: true } });
  expect([run.status, run.error]).toEqual(['succeeded', null]);
  return { run: run.id, case: (run.outputs as { case: string }).case };
}

async function effectOn(ip: string) {
  const { items } = await client.listEffects({ query: { target: `ipv4-addr:${ip}` } });
  const effect = items.find(({ action }) => action === 'ban_ip');
  if (!effect) throw new Error(`no ban of ${ip}`);
  return effect;
}

/** Runs the command line against the server. */
function counterpoint(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const program = join(import.meta.dirname, '..', 'apps/cli/src/main.ts');
  const env = { ...process.env, COUNTERPOINT_TOKEN: token, NO_COLOR: '1' };
  return new Promise((resolve) => {
    const argv = [program, '--url', server.url, ...args];
    execFile(process.execPath, argv, { env }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** Somebody lifts a ban at the firewall itself. */
async function lift(ip: string): Promise<void> {
  const { base_url: url } = firewall.config as { base_url: string };
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${firewall.secrets.api_token}` };
  const body = JSON.stringify({ ip_addresses: [ip] });
  const sent = await fetch(`${url}/api/v2/monitor/user/banned/clear_users`, { method: 'POST', headers, body });
  expect(sent.status).toBe(200);
}

describe.sequential('two cases that contain one address', () => {
  it('keep it blocked until the second is closed, also over a kill right after the first', async () => {
    const [first, second] = [await contain(IP, 'first'), await contain(IP, 'second')];
    expect(first.case).not.toBe(second.case);
    const { id, claims } = await effectOn(IP);
    expect(claims.map(({ holder }) => holder).sort()).toEqual([`case:${first.case}`, `case:${second.case}`].sort());
    expect((await counterpoint('cases', 'close', first.case, '--reason', 'clean')).status).toBe(0);
    await server.kill('SIGKILL');
    server = await start();
    client = signIn(server, token);
    await until('only the second claims it', async () =>
      (await client.getEffect({ id })).claims.some((one) => one.ended_at !== null),
    );
    expect(firewall.bans().has(IP)).toBe(true);
    await client.updateCase({ id: second.case, body: { status: 'closed', reason: 'clean too' } });
    await until('it is undone', async () => (await client.getEffect({ id })).state === 'undone');
    expect(firewall.bans().has(IP)).toBe(false);
    expect(sentTo(firewall, 'clear').get(IP)).toBe(1);
  });
});

describe.sequential('the verbs on effects', () => {
  it('say why something is in force, foresee an undo, and undo what a case claims', async () => {
    const one = await contain('203.0.113.80', 'third');
    const effect = await effectOn('203.0.113.80');
    const shown = await counterpoint('effects', 'show', effect.id);
    expect(shown.stdout).toContain(`run:${one.run}/block`);
    expect(shown.stdout).toContain(`case:${one.case}`);
    expect(shown.stdout).toContain('Contain an address, step block');
    expect((await counterpoint('effects', '--case', one.case)).stdout).toContain(effect.id);
    const foreseen = await counterpoint('effects', 'undo', '--case', one.case, '--reason', 'test', '--dry-run');
    expect(foreseen.stdout).toContain('is undone');
    expect(firewall.bans().has('203.0.113.80')).toBe(true);
    const undone = await counterpoint('effects', 'undo', '--case', one.case, '--reason', 'a false alarm');
    expect(undone.stdout).toContain(`undone ${effect.id}`);
    expect(firewall.bans().has('203.0.113.80')).toBe(false);
    const again = await client.undoEffects({ body: { case: one.case, reason: 'once more' } });
    expect(again).toMatchObject({ undone: [], failed: [] });
    const { items: audit } = await client.listAudit({ query: { limit: 100 } });
    expect(JSON.stringify(audit)).toContain('a false alarm');
  });

  it('extend a lease at the vendor, and find what somebody lifted there', async () => {
    await contain('203.0.113.81', 'fourth');
    const effect = await effectOn('203.0.113.81');
    const extended = await counterpoint('effects', 'extend', effect.id, '--for', '20d', '--reason', 'still bad');
    expect([extended.status, extended.stderr]).toEqual([0, '']);
    expect((await client.getEffect({ id: effect.id })).claims).toHaveLength(2);
    expect(await counterpoint('effects', 'verify', effect.id)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('in force'),
    });
    await lift('203.0.113.81');
    const lifted = await counterpoint('effects', 'verify');
    expect(lifted).toMatchObject({ status: 1, stdout: expect.stringContaining('gone') });
    expect((await counterpoint('effects')).stdout).toContain('gone in the product');
  });
});

describe.sequential('an action at every provider of a capability', () => {
  it('blocks at each firewall, each with a lease of its own, and is undone as one', async () => {
    const second = await startFirewall();
    try {
      const { config, secrets } = second;
      const body = { id: 'fw2', connector: 'fortigate', title: 'Second', config, secrets, network: 'lab' } as const;
      await client.createConnection({ body });
      const source = `kind: playbook/v1
id: everywhere
title: Block at every firewall
uses: { fw: { capability: block_ip, targets: all } }
on: [{ manual: {} }]
steps:
  - { id: block, action: fw.block_ip, with: { ip: 203.0.113.90 }, lease: { for: 1h } }
outputs: { at: "\${{ steps.block.results.map(one, one.connection) }}", failed: "\${{ steps.block.errors }}" }
`;
      await client.publishPlaybook({ body: { source } });
      const run = await client.startRun({ id: 'everywhere', body: { inputs: {}, wait: true } });
      expect([run.status, run.outputs]).toEqual(['succeeded', { at: ['fw', 'fw2'], failed: [] }]);
      expect([firewall, second].map((one) => one.bans().has('203.0.113.90'))).toEqual([true, true]);
      const { undone } = await client.undoEffects({ body: { run: run.id, reason: 'test' } });
      expect(undone).toHaveLength(2);
      expect([firewall, second].map((one) => one.bans().has('203.0.113.90'))).toEqual([false, false]);
    } finally {
      await second.server.close();
    }
  });
});

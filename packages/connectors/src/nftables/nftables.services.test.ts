import { execFileSync, spawnSync } from 'node:child_process';
import { type ActionCall, createEgress } from '@counterpoint/connector-kit';
import { connectorFailure } from '@counterpoint/connector-kit/testing';
import { systemClock } from '@counterpoint/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';

const connector = connectors.get('nftables')!;
const NAMESPACE = `cpt-${process.pid}`;
const isRoot = process.getuid?.() === 0;

function run(file: string, ...args: string[]): string {
  return execFileSync(file, args, { encoding: 'utf8' });
}

function perform(action: string, input: ActionCall['input'] = {}, namespace = NAMESPACE) {
  const config = { namespace };
  const connection = {
    id: 'nft_real',
    config,
    secrets: {},
    network: 'private',
    allowedHosts: [],
    simulated: false,
  } as const;
  const http = createEgress({ connection });
  const signal = AbortSignal.timeout(10_000);
  return connector.perform(action, { input, connection, http, signal, clock: systemClock, key: 'k' });
}

describe.skipIf(!isRoot)('nftables, in a real network namespace', () => {
  beforeAll(() => {
    run('ip', 'netns', 'add', NAMESPACE);
    run('ip', 'netns', 'exec', NAMESPACE, 'ip', 'link', 'set', 'lo', 'up');
    run('ip', 'netns', 'exec', NAMESPACE, 'ip', 'addr', 'add', '203.0.113.66/32', 'dev', 'lo');
  });
  afterAll(() => {
    run('ip', 'netns', 'del', NAMESPACE);
  });

  /** Whether a connection from the address to a server in the namespace is accepted within half a second. */
  const connects = () => {
    const script = `
      const net = require('node:net');
      const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        const socket = net.connect({ host: '127.0.0.1', port, localAddress: '203.0.113.66' }, () => process.exit(0));
        socket.on('error', () => process.exit(2));
        setTimeout(() => process.exit(3), 500);
      });`;
    return spawnSync('ip', ['netns', 'exec', NAMESPACE, process.execPath, '-e', script]).status;
  };

  it('bans, refreshes, finds and lifts, and leaves one drop rule for each family', async () => {
    expect(await perform('list_bans')).toEqual({ bans: [] });
    expect(await perform('ban_ip', { ip: '203.0.113.66', duration_seconds: 60 })).toMatchObject({
      already_blocked: false,
    });
    expect(await perform('ban_ip', { ip: '203.0.113.66', duration_seconds: 600 })).toMatchObject({
      already_blocked: true,
    });
    expect(await perform('ban_ip', { ip: '2001:db8:0:0::66' })).toMatchObject({ ip: '2001:db8::66' });
    const found = (await perform('get_ban', { ip: '203.0.113.66' })) as { banned: boolean; expires_in: number };
    expect(found.banned).toBe(true);
    expect(found.expires_in).toBeGreaterThan(590);
    const rules = run('ip', 'netns', 'exec', NAMESPACE, 'nft', 'list', 'table', 'inet', 'counterpoint');
    expect(rules.match(/ drop$/gm)).toHaveLength(2);
    expect(await perform('unban_ip', { ip: '203.0.113.66' })).toMatchObject({ was_banned: true });
    expect(await perform('unban_ip', { ip: '203.0.113.66' })).toMatchObject({ was_banned: false });
    expect(await perform('list_bans')).toEqual({ bans: [{ ip: '2001:db8::66', expires_in: null }] });
  });

  it('drops packets from a banned address until the kernel lets the ban expire', async () => {
    expect(connects()).toBe(0);
    await perform('ban_ip', { ip: '203.0.113.66', duration_seconds: 2 });
    expect(connects()).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await perform('get_ban', { ip: '203.0.113.66' })).toMatchObject({ banned: false });
    expect(connects()).toBe(0);
  });

  it('tells a namespace that does not exist', async () => {
    const error = await connectorFailure(perform('ban_ip', { ip: '203.0.113.66' }, 'no-such-namespace'));
    expect([error.reason, error.performed]).toEqual(['not_found', 'no']);
  });
});

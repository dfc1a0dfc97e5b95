import { lintManifest } from '@counterpoint/connector-kit';
import { callSimulator, connectorFailure } from '@counterpoint/connector-kit/testing';
import { manualClock } from '@counterpoint/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { type NftablesSimulator, simulate } from './simulator.ts';

const connector = connectors.get('nftables')!;
const clock = manualClock();
let kernel: NftablesSimulator;

beforeEach(async () => {
  kernel = await simulate({ clock });
});
afterEach(() => kernel.server.close());

const perform = (action: string, input: { ip?: string; duration_seconds?: number } = {}, signal?: AbortSignal) => {
  const call = callSimulator(connector, kernel, input);
  return connector.perform(action, signal ? { ...call, signal } : call);
};

describe('nftables, against the simulated kernel', () => {
  it('lints clean', () => {
    expect(lintManifest(connector.manifest).filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('bans, finds, lists and lifts', async () => {
    expect(await perform('list_bans')).toEqual({ bans: [] });
    expect(await perform('ban_ip', { ip: '203.0.113.66', duration_seconds: 600 })).toEqual({
      ip: '203.0.113.66',
      already_blocked: false,
    });
    await perform('ban_ip', { ip: '2001:DB8:0:0::66' });
    expect(await perform('get_ban', { ip: '203.0.113.66' })).toMatchObject({ banned: true, expires_in: 600 });
    expect(await perform('list_bans')).toEqual({
      bans: [
        { ip: '203.0.113.66', expires_in: 600 },
        { ip: '2001:db8::66', expires_in: null },
      ],
    });
    expect(await perform('unban_ip', { ip: '203.0.113.66' })).toEqual({ ip: '203.0.113.66', was_banned: true });
    expect(await perform('unban_ip', { ip: '203.0.113.66' })).toEqual({ ip: '203.0.113.66', was_banned: false });
  });

  it('gives a ban that exists its new duration, and says that it existed', async () => {
    await perform('ban_ip', { ip: '203.0.113.66', duration_seconds: 60 });
    expect(await perform('ban_ip', { ip: '203.0.113.66', duration_seconds: 600 })).toMatchObject({
      already_blocked: true,
    });
    clock.advance(61_000);
    expect([...kernel.bans().keys()]).toEqual(['203.0.113.66']);
    clock.advance(540_000);
    expect(kernel.bans().size).toBe(0);
  });

  it('refuses what is no address', async () => {
    for (const ip of ['example.org', '10.0.0.0/8', 'fe80::1%eth0', '@banned_v4', '1.2.3']) {
      const error = await connectorFailure(perform('ban_ip', { ip }));
      expect([ip, error.reason, error.performed]).toEqual([ip, 'invalid_request', 'no']);
    }
    expect(kernel.server.journal).toHaveLength(0);
  });

  it('says that nothing was performed when a transaction is refused', async () => {
    kernel.server.inject({ body: { code: 0, stdout: '', stderr: '' } });
    const stderr = 'internal:0:0-0: Error: Could not process rule: Operation not permitted\n';
    kernel.server.inject({ body: { code: 1, stdout: '', stderr } });
    const error = await connectorFailure(perform('ban_ip', { ip: '203.0.113.66' }));
    expect([error.reason, error.performed]).toEqual(['forbidden', 'no']);
  });

  it('says "maybe" when nft does not end in time', async () => {
    kernel.server.inject({ body: { code: 0, stdout: '', stderr: '' } });
    kernel.server.inject('hang');
    const controller = new AbortController();
    const failing = connectorFailure(perform('ban_ip', { ip: '203.0.113.66' }, controller.signal));
    await expect.poll(() => kernel.server.journal.length).toBe(2);
    controller.abort();
    const error = await failing;
    expect([error.reason, error.performed]).toEqual(['timeout', 'maybe']);
  });

  it('tells output that is no JSON', async () => {
    kernel.server.inject({ body: { code: 0, stdout: 'table inet x {', stderr: '' } });
    expect((await connectorFailure(perform('get_ban', { ip: '203.0.113.66' }))).reason).toBe('bad_response');
  });
});

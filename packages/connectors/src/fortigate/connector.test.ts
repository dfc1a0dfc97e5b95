import { callSimulator, connectorFailure, testConnector } from '@counterpoint/connector-kit/testing';
import { manualClock } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { simulate } from './simulator.ts';

const connector = connectors.get('fortigate')!;
const IP = '203.0.113.66';
const { simulator, perform } = testConnector({
  connector,
  simulate,
  calls: { ban_ip: { ip: IP, duration_seconds: 600 }, unban_ip: { ip: IP }, get_ban: { ip: IP }, list_bans: {} },
});

describe('FortiGate', () => {
  it('bans an address, finds it, and lifts the ban', async () => {
    expect(await perform('ban_ip', { ip: IP, duration_seconds: 600 })).toEqual({ ip: IP, already_blocked: false });
    expect(await perform('get_ban', { ip: IP })).toMatchObject({ banned: true, source: 'Administrative' });
    expect(await perform('list_bans', {})).toMatchObject({ bans: [{ ip: IP, source: 'Administrative' }] });
    expect(await perform('unban_ip', { ip: IP })).toEqual({ ip: IP });
    expect(await perform('get_ban', { ip: IP })).toMatchObject({ banned: false, expires_at: null });
  });

  it('tells a ban that was there before', async () => {
    simulator().ban(IP);
    expect(await perform('ban_ip', { ip: IP, duration_seconds: 600 })).toMatchObject({ already_blocked: true });
  });

  it('lifts a ban that is not there', async () => {
    expect(await perform('unban_ip', { ip: '198.51.100.9' })).toEqual({ ip: '198.51.100.9' });
  });

  it('lets the device expire a ban, and bans for good without a duration', async () => {
    const clock = manualClock();
    const device = await simulate({ clock });
    const act = (action: string, input: { ip: string; duration_seconds?: number }) =>
      connector.perform(action, callSimulator(connector, device, input));
    await act('ban_ip', { ip: IP, duration_seconds: 600 });
    await act('ban_ip', { ip: '2001:db8::7' });
    expect(await act('get_ban', { ip: IP })).toMatchObject({ expires_at: clock.now() / 1_000 + 600 });
    clock.advance(601_000);
    expect([...device.bans().keys()]).toEqual(['2001:db8::7']);
    expect(await act('get_ban', { ip: '2001:db8::7' })).toMatchObject({ banned: true, expires_at: null });
    await device.server.close();
  });

  it('says "maybe" when the answer to the ban itself is lost, and then bans nothing twice', async () => {
    await perform('get_ban', { ip: IP });
    simulator().server.inject({ body: { results: [] } });
    simulator().server.inject('reset');
    expect(await connectorFailure(perform('ban_ip', { ip: IP }))).toMatchObject({
      reason: 'unavailable',
      performed: 'maybe',
    });
  });

  it('tells an unknown virtual domain and an address that the device refuses', async () => {
    simulator().server.inject({ body: { results: [] } });
    simulator().server.inject({ status: 424, body: { status: 'error', http_status: 424 } });
    const domain = await connectorFailure(perform('ban_ip', { ip: IP }));
    expect(domain).toMatchObject({ reason: 'invalid_request', performed: 'no' });
    const address = await connectorFailure(perform('ban_ip', { ip: 'nonsense' }));
    expect(address).toMatchObject({ reason: 'invalid_request', performed: 'no' });
  });
});

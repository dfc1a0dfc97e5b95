import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ActionCall, createEgress } from '@counterpoint/connector-kit';
import { connectors } from '@counterpoint/connectors';
import { manualClock, systemClock } from '@counterpoint/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

function perform(running: Lab, connectorId: string, action: string, input: ActionCall['input']) {
  const connection = running.connections.find(({ connector }) => connector === connectorId)!;
  const http = createEgress({ connection });
  const signal = AbortSignal.timeout(60_000);
  const call = { input, connection, http, signal, clock: systemClock, key: 'k' };
  return connectors.get(connectorId)!.perform(action, call);
}

describe('the lab', () => {
  it('gives a simulated connection for every connector, each on its own loopback port', async () => {
    lab = await startLab();
    expect(lab.connections.map(({ connector }) => connector)).toEqual([...connectors.keys()]);
    for (const connection of lab.connections) {
      expect(connection).toMatchObject({ id: `lab_${connection.connector}`, network: 'lab', simulated: true });
    }
    const urls = Object.values(lab.simulators).map(({ server }) => server.url);
    expect(new Set(urls).size).toBe(urls.length);
    expect(urls.every((url) => url.startsWith('http://127.0.0.1:'))).toBe(true);
  });

  it('passes the test of every connection that has one', async () => {
    lab = await startLab();
    for (const [id, { manifest }] of connectors) {
      const input = manifest.test?.with as ActionCall['input'];
      if (manifest.test && id !== 'http') await perform(lab, id, manifest.test.action, input);
    }
    expect(await perform(lab, 'http', 'get', { path: '/' })).toMatchObject({ status: 200 });
  });

  it.each([
    ['203.0.113.66', ['malicious', 'malicious', 'malicious']],
    ['198.51.100.7', ['suspicious', 'unknown', 'suspicious']],
    ['198.51.100.8', ['malicious', 'benign', 'benign']],
    ['192.0.2.10', ['benign', 'benign', 'benign']],
    ['192.0.2.99', ['unknown', 'unknown', 'unknown']],
  ])('knows %s as %j', async (ip, verdicts) => {
    const running = await startLab();
    lab = running;
    const feeds = ['abuseipdb', 'greynoise', 'virustotal'];
    const answers = await Promise.all(feeds.map((feed) => perform(running, feed, 'lookup_ip', { ip })));
    expect(answers.map((answer) => (answer as { verdict: string }).verdict)).toEqual(verdicts);
  });

  it('shows what was done to its simulators', async () => {
    const clock = manualClock();
    lab = await startLab({ clock });
    await perform(lab, 'fortigate', 'ban_ip', { ip: '203.0.113.66', duration_seconds: 60 });
    await perform(lab, 'nftables', 'ban_ip', { ip: '203.0.113.66', duration_seconds: 60 });
    await perform(lab, 'slack', 'post_message', { channel: 'soc', text: 'Blocked' });
    expect([...lab.simulators.fortigate.bans().keys()]).toEqual(['203.0.113.66']);
    expect([...lab.simulators.nftables.bans().keys()]).toEqual(['203.0.113.66']);
    expect(lab.simulators.slack.messages).toMatchObject([{ channel: 'C0000SOC', text: 'Blocked' }]);
    clock.advance(61_000);
    expect(lab.simulators.fortigate.bans().size + lab.simulators.nftables.bans().size).toBe(0);
  });

  it('leaves nothing running when a port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startLab({ ports: { slack: port } })).rejects.toThrow('EADDRINUSE');
    await new Promise((resolve) => other.close(resolve));
  });
});

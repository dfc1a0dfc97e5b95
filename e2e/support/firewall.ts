import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import { simulators } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';

/** A simulated FortiGate that lives outside the server, and survives it. */
export async function startFirewall(): Promise<FortigateSimulator> {
  return simulators.fortigate();
}

/** Connects a server to the firewall as `fw`. */
export async function connectFirewall(client: Client, { config, secrets }: FortigateSimulator): Promise<void> {
  await client.createConnection({
    body: { id: 'fw', connector: 'fortigate', title: 'Firewall', config, secrets, network: 'lab' },
  });
}

/** How often each address was sent to the firewall to be banned (`add`) or let go (`clear`). */
export function sentTo({ server }: FortigateSimulator, what: 'add' | 'clear'): ReadonlyMap<string, number> {
  const sent = new Map<string, number>();
  for (const { method, path, body } of server.journal) {
    if (method !== 'POST' || !path.endsWith(`/${what}_users`)) continue;
    for (const ip of (body as { ip_addresses?: string[] } | null)?.ip_addresses ?? []) {
      sent.set(ip, (sent.get(ip) ?? 0) + 1);
    }
  }
  return sent;
}

/** A playbook that bans the source address of every alert. */
export function blockingPlaybook(lease: string): string {
  return `kind: playbook/v1
id: block_attacker
title: Block every attacker
uses: { fw: fortigate }
on:
  - alert: true
steps:
  - id: block
    action: fw.ban_ip
    with: { ip: "\${{ blockable(event.alert.finding.evidences[0].src_endpoint.ip) }}" }
    lease: { for: ${lease} }
`;
}

/** An alert in the shape of a SIEM, which the normaliser for any JSON reads. */
export function attackFrom(ip: string, at = new Date()): string {
  return JSON.stringify({ src_ip: ip, timestamp: at.toISOString(), event_type: 'login_failed' });
}

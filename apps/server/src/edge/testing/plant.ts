import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FortigateSimulator, simulators } from '@counterpoint/connectors/simulators';
import { type Client, createClient } from '@counterpoint/sdk';
import { loadConfig } from '../../config/index.ts';
import { type RunningServer, startServer } from '../../start.ts';
import { type RunningEdge, startEdge } from '../start-edge.ts';

/** A centre with an owner, an edge node, and a firewall that only the node is to call. */
export interface Plant {
  readonly client: Client;
  readonly firewall: FortigateSimulator;
  centre(): RunningServer;
  edge(): RunningEdge;
  /** Starts the node, with a one-time token on its first start. */
  startNode(token?: string): Promise<RunningEdge>;
  stopNode(): Promise<void>;
  /** Announces a verdict at the centre. */
  announce(ip: string): Promise<void>;
  close(): Promise<void>;
}

const configOf = (flags: Readonly<Record<string, string>>) =>
  loadConfig({
    flags: { 'log.level': 'silent', 'server.port': '0', ...flags },
    env: {},
    file: { path: '', named: false },
  }).config;

/** Announces a verdict, as a participant would. */
const announcing = `kind: playbook/v1
id: announce
title: Announce a verdict
on: [{ manual: {} }]
inputs: { ip: { type: string, format: ipv4 } }
steps:
  - id: tell
    publish: verdict.ip.v1
    data: { ip: "\${{ inputs.ip }}", verdict: malicious, confidence: 60 }
`;

/** A reaction of the site that bans an address, and tells of it. */
export const banning = (lease: string): string => `kind: reaction/v1
id: ban_at_plant
title: Ban an address at the plant
mode: act
site: plant
uses: { fw: fortigate }
subscribe: { topic: verdict.ip.v1, when: 'event.verdict == "malicious"' }
idempotency: { key: valid.public_ip(event.ip), ttl: 1d }
do:
  - id: ban
    action: fw.ban_ip
    with: { ip: "\${{ valid.public_ip(event.ip) }}" }
    lease: { for: ${lease} }
publish:
  topic: control.ip_blocked.v1
  data: { ip: "\${{ valid.public_ip(event.ip) }}", places: [], failed: [] }
`;

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

/** Resolves when `holds` gives something; asks every 25 ms. @throws Error after 20 s */
export async function until<Found>(
  what: string,
  holds: () => Promise<Found | undefined | false> | Found | undefined | false,
): Promise<Found> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await holds();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited 20 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Starts the centre, with its owner and the firewall; no node yet. */
export async function openPlant(): Promise<Plant> {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoint-edge-'));
  const firewall = await simulators.fortigate();
  const centre = await startServer(configOf({ data_dir: join(folder, 'centre'), 'lab.enabled': 'false' }));
  const { token } = await createClient({ url: centre.url }).setup({
    body: { code: centre.setupCode ?? '', name: 'ada' },
  });
  const client = createClient({ url: centre.url, token });
  await client.publishPlaybook({ body: { source: announcing } });
  let edge: RunningEdge | undefined;
  return {
    ...{ client, firewall },
    centre: () => centre,
    edge() {
      if (!edge) throw new Error('the edge node is not up');
      return edge;
    },
    async startNode(token = '') {
      const flags = { 'server.roles': 'edge', 'edge.centre': centre.url, 'edge.join_token': token };
      edge = await startEdge(configOf({ data_dir: join(folder, 'edge'), ...flags }));
      return edge;
    },
    async stopNode() {
      await edge?.stop();
      edge = undefined;
    },
    async announce(ip) {
      await client.startRun({ id: 'announce', body: { inputs: { ip }, wait: false } });
    },
    async close() {
      await edge?.stop();
      await centre.stop();
      await firewall.server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackFrom, blockingPlaybook, connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner, deliver, signIn } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const WITHOUT_LAB = ['--set', 'lab.enabled=false'];
const ATTACKS = 240;
const SENDERS = 16;

const folder = temporaryFolder();
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let token = '';
let sourceToken = '';

const start = () => startServerProcess({ folder: folder.path }, WITHOUT_LAB);
/** The same bytes each time it is sent, as a sender repeats what was not acknowledged. */
const attackOf = (index: number) => attackFrom(addressOf(index), began);
const began = new Date();
const addressOf = (index: number) => `203.0.${100 + Math.floor(index / 200)}.${1 + (index % 200)}`;

beforeAll(async () => {
  firewall = await startFirewall();
  server = await start();
  const owner = await becomeOwner(server);
  token = owner.token;
  client = owner.client;
  await connectFirewall(client, firewall);
  const body = { id: 'siem', title: 'SIEM', normalizer: 'generic_json', dedup_window: '1h' };
  sourceToken = (await client.createSource({ body })).secret;
  await client.publishPlaybook({ body: { source: blockingPlaybook('1h') } });
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

/** Sends every attack once, some at a time, and calls `onAnswer` after each; gives the raw ids of those answered 2xx. */
async function burst(indexes: readonly number[], onAnswer: (answered: number) => void): Promise<Map<number, string>> {
  const waiting = [...indexes];
  const accepted = new Map<number, string>();
  const send = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const answer = await deliver(server, 'siem', sourceToken, attackOf(index)).catch(() => undefined);
      const text = await answer?.text().catch(() => undefined);
      if (!answer?.ok || !text) continue;
      accepted.set(index, JSON.parse(text).raw);
      onAnswer(accepted.size);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  return accepted;
}

async function all<Item>(page: (cursor?: string) => Promise<{ items: Item[]; next: string | null }>): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items: more, next } = await page(cursor);
    items.push(...more);
    if (next === null) return items;
    cursor = next;
  }
}

async function settled(): Promise<void> {
  await until(
    'everything that came in is worked off',
    async () => {
      const { counts } = await client.status();
      return counts.unfinished_runs === 0 && counts.events_waiting === 0;
    },
    40_000,
  );
}

describe('a server that is killed in a burst', () => {
  it('loses nothing it answered for, finishes every run, and repeats no effect beyond the crash', async () => {
    const indexes = Array.from({ length: ATTACKS }, (_, index) => index);
    const accepted = await burst(indexes, (answered) => {
      if (answered === 90) void server.kill('SIGKILL');
    });
    expect(accepted.size).toBeGreaterThanOrEqual(90);
    expect(accepted.size).toBeLessThan(ATTACKS);

    // The second crash comes while the first one is being made good.
    server = await start();
    const rest = indexes.filter((index) => !accepted.has(index));
    const second = await burst(rest, (answered) => {
      if (answered === 20) void server.kill('SIGKILL');
    });
    server = await start();
    client = signIn(server, token);
    for (const [index, raw] of second) accepted.set(index, raw);
    const third = await burst(
      indexes.filter((index) => !accepted.has(index)),
      () => {},
    );
    for (const [index, raw] of third) accepted.set(index, raw);
    expect(accepted.size).toBe(ATTACKS);
    await settled();

    const states = await Promise.all([...accepted.values()].map(async (id) => (await client.getRaw({ id })).state));
    expect(new Set(states)).toEqual(new Set(['processed']));
    const alerts = await all((cursor) => client.listAlerts({ query: { limit: 500, cursor } }));
    expect(alerts).toHaveLength(ATTACKS);
    expect(alerts.every(({ count }) => count === 1)).toBe(true);
    const runs = await all((cursor) => client.listRuns({ query: { limit: 500, cursor } }));
    expect(runs).toHaveLength(ATTACKS);
    const ended = runs.map(({ status, error }) => `${status} ${JSON.stringify(error)}`);
    expect(new Set(ended)).toEqual(new Set(['succeeded null']));

    const bans = firewall.bans();
    const sent = sentTo(firewall, 'add');
    for (const index of indexes) {
      const ip = addressOf(index);
      expect(bans.has(ip), ip).toBe(true);
      expect(sent.get(ip), ip).toBeLessThanOrEqual(3);
    }
    const repeated = [...sent.values()].filter((times) => times > 1).length;
    expect(repeated).toBeLessThan(ATTACKS / 2);
    const effects = await all((cursor) => client.listEffects({ query: { limit: 500, cursor, in_force: 'true' } }));
    expect(effects.map(({ target }) => target).sort()).toEqual(
      indexes.map((index) => `ipv4-addr:${addressOf(index)}`).sort(),
    );

    const [siem] = (await client.listSources()).items;
    const { created, merged, duplicate, refused } = siem?.counts ?? {};
    expect({ created, merged, refused }).toEqual({ created: ATTACKS, merged: 0, refused: 0 });
    expect(duplicate).toBeGreaterThanOrEqual(0);
    expect((await client.verifyAudit()).findings).toEqual([]);
    expect(server.log()).not.toMatch(/"level":(50|60)/);
  });
});

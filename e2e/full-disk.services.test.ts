import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackFrom, blockingPlaybook, connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner, deliver } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const folder = temporaryFolder();
const isRoot = process.getuid?.() === 0;

/** Mounts a small disk on the folder; says why not where that is impossible. */
function mountSmallDisk(): string | undefined {
  if (!isRoot) return 'only root may mount a small disk';
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', folder.path], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `a small disk cannot be mounted here: ${String(error).split('\n')[0]}`;
  }
}

const obstacle = mountSmallDisk();
if (obstacle) process.stdout.write(`skipped: ${obstacle}\n`);

let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let sourceToken = '';

beforeAll(async () => {
  if (obstacle) return;
  firewall = await startFirewall();
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  client = (await becomeOwner(server)).client;
  await connectFirewall(client, firewall);
  sourceToken = (await client.createSource({ body: { id: 'siem', title: 'SIEM', normalizer: 'generic_json' } })).secret;
  await client.publishPlaybook({ body: { source: blockingPlaybook('1h') } });
});
afterAll(async () => {
  if (!obstacle) {
    await server.kill('SIGKILL');
    await firewall.server.close();
    execFileSync('umount', [folder.path]);
  }
  folder.remove();
});

const ballast = join(folder.path, 'ballast');

/** Leaves so many bytes free on the disk. */
function leaveFree(bytes: number): void {
  const { bavail, bsize } = statfsSync(folder.path);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}

const addressOf = (index: number) => `203.0.${100 + Math.floor(index / 200)}.${1 + (index % 200)}`;

const began = new Date();

/** An alert of about 8 KB, the same bytes each time it is sent. */
function attack(index: number): string {
  return JSON.stringify({ ...JSON.parse(attackFrom(addressOf(index), began)), note: 'x'.repeat(8_000) });
}

describe('a disk that fills up during a burst', () => {
  it.skipIf(obstacle)(
    'is answered with a code that says so, and nothing acknowledged is lost when there is space again',
    async () => {
      const accepted = new Map<number, string>();
      const refusals = new Map<string, number>();
      const send = async (index: number): Promise<void> => {
        const answer = await deliver(server, 'siem', sourceToken, attack(index));
        const body = (await answer.json()) as { raw: string; code: string; help: string };
        if (answer.ok) accepted.set(index, body.raw);
        else refusals.set(`${answer.status} ${body.code}`, (refusals.get(`${answer.status} ${body.code}`) ?? 0) + 1);
      };
      leaveFree(700_000);
      let next = 0;
      const sender = async (): Promise<void> => {
        while (next < 260) await send(next++);
      };
      await Promise.all([sender(), sender(), sender(), sender()]);
      expect(accepted.size).toBeGreaterThan(0);
      expect(accepted.size).toBeLessThan(260);
      for (const kind of refusals.keys()) expect(['507 events.store_full', '503 events.store_busy']).toContain(kind);
      expect(refusals.has('507 events.store_full')).toBe(true);

      // Reading and being healthy need no space.
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
      expect((await client.status()).store).toBe('SQLite');
      const large = JSON.stringify({ ...JSON.parse(attack(398)), more: 'x'.repeat(1_000_000) });
      const refused = await deliver(server, 'siem', sourceToken, large);
      expect(refused.status).toBe(507);
      expect(await refused.json()).toMatchObject({ code: 'events.store_full', retryable: true });

      rmSync(ballast);
      await until('writing works again', async () => (await deliver(server, 'siem', sourceToken, attack(399))).ok);
      for (let index = 0; index < 260; index++) if (!accepted.has(index)) await send(index);
      expect(accepted.size).toBe(260);
      await until(
        'everything is worked off',
        async () => {
          const { counts } = await client.status();
          return counts.unfinished_runs === 0 && counts.events_waiting === 0;
        },
        40_000,
      );
      for (const raw of accepted.values()) expect((await client.getRaw({ id: raw })).state).toBe('processed');
      const { counts } = await client.status();
      expect(counts).toMatchObject({ failed_runs: 0, changes_in_force: 261, dead_events: 0 });
      const sent = sentTo(firewall, 'add');
      for (let index = 0; index < 260; index++) expect(firewall.bans().has(addressOf(index)), String(index)).toBe(true);
      const twice = [...sent].filter(([, times]) => times > 1);
      expect(twice).toEqual([]);
      expect((await client.verifyAudit()).findings).toEqual([]);
    },
    90_000,
  );
});

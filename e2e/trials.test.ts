import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableName } from '@counterpoint/events';
import { type Client, createClient } from '@counterpoint/sdk';
import { loadConfig, type RunningServer, startServer } from '@counterpoint/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliver } from './support/owner.ts';
import { counterpoint, until } from './support/server-process.ts';

const CONTENT = join(import.meta.dirname, '../content');
const STORY = readFileSync(join(CONTENT, 'stories/brute_force.json'), 'utf8');
const BRUTE_FORCE = readFileSync(join(CONTENT, 'playbooks/brute_force.yaml'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'counterpoint-trials-'));
let server: RunningServer;
let client: Client;
let credential = '';

beforeAll(async () => {
  const flags = { data_dir: join(folder, 'data'), 'server.port': '0', 'log.level': 'silent' };
  const { config } = loadConfig({ flags, env: {}, file: { path: join(folder, 'none.yaml'), named: false } });
  server = await startServer(config);
  // They announce that they join: afterwards nothing is written that nobody asked for.
  await server.labTools;
  const { token } = await createClient({ url: server.url }).setup({
    body: { code: server.setupCode ?? '', name: 'ada' },
  });
  client = createClient({ url: server.url, token });
  credential = token;
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Requests that reached the simulators, by product. */
function requests(): Readonly<Record<string, readonly { readonly method: string }[]>> {
  const simulators = Object.entries(server.lab?.simulators ?? {});
  return Object.fromEntries(
    simulators.map(
      ([
        id,
        {
          server: { journal },
        },
      ]) => [id, [...journal]],
    ),
  );
}

/** The products that were asked for something between two looks, with the methods. */
function asked(before: ReturnType<typeof requests>): Readonly<Record<string, readonly string[]>> {
  const added = Object.entries(requests()).map(([id, journal]) => {
    const methods = journal.slice(before[id]?.length ?? 0).map(({ method }) => method);
    return [id, [...new Set(methods)]] as const;
  });
  return Object.fromEntries(added.filter(([, methods]) => methods.length > 0));
}

const WATCHED: readonly TableName[] = [
  'runs',
  'journal',
  'effects',
  'claims',
  'cases',
  'alerts',
  'timers',
  'outbox',
  'inbox_items',
];

async function rows(): Promise<Readonly<Record<string, number>>> {
  const counts = await Promise.all(WATCHED.map(async (table) => [table, await server.store.count(table)] as const));
  return Object.fromEntries(counts);
}

const eventFrom = (ip: string) => ({
  alert: {
    id: 'pasted',
    severity: 4,
    finding: { finding_info: { types: ['authentication_failures'] }, evidences: [{ src_endpoint: { ip } }] },
  },
});

const EVERY_CLASS = `kind: playbook/v1
id: every_class
title: One action of every effect class that a product offers
uses: { feed: greynoise, report: abuseipdb, chat: slack, fw: fortigate, host: nftables, api: http }
on: [{ manual: {} }]
inputs: { ip: { type: string } }
steps:
  - { id: look, action: feed.lookup_ip, with: { ip: "\${{ inputs.ip }}" } }
  - { id: page, action: api.get, with: { path: / } }
  - { id: report, action: report.report_ip, with: { ip: "\${{ inputs.ip }}", categories: [18] } }
  - { id: tell, action: chat.post_message, with: { channel: "#soc", text: hello } }
  - { id: send, action: api.request, with: { method: DELETE, path: /things/1 } }
  - { id: unban, action: fw.unban_ip, with: { ip: "\${{ inputs.ip }}" } }
  - { id: ban, action: fw.ban_ip, with: { ip: "\${{ blockable(inputs.ip) }}" }, lease: { for: 1h } }
  - { id: block, action: host.ban_ip, with: { ip: "\${{ blockable(inputs.ip) }}" }, lease: { for: 1h } }
  - { id: open, action: case.open, with: { title: A case } }
  - { id: read_back, action: api.get, with: { path: "/cases/\${{ steps.open.case_id }}" } }
  - { id: lift, undo: ban }
  - { id: pause, wait: { for: 3d } }
outputs: { score: "\${{ steps.look.score }}" }
`;

describe.sequential('trying a playbook', () => {
  it('plays the shipped playbook dry without a changing request, and writes nothing but that it was tried', async () => {
    const [before, stored, audited] = [requests(), await rows(), await server.store.count('audit')];
    const result = await client.dryRunPlaybook({ id: 'brute_force', body: { event: eventFrom('203.0.113.66') } });
    expect(asked(before)).toEqual({ abuseipdb: ['GET'], greynoise: ['GET'], virustotal: ['GET'] });
    expect(await rows()).toEqual(stored);
    expect(await server.store.count('audit')).toBe(audited + 1);
    expect(result).toMatchObject({
      status: 'succeeded',
      version: 'current',
      outputs: { ip: '203.0.113.66', level: 'high' },
    });
    const bans = result.calls.filter(({ effect }) => effect === 'contain');
    expect(bans).toMatchObject([
      {
        address: 'perimeter_block',
        connector: 'fortigate',
        with: { ip: '203.0.113.66' },
        lease_ms: 86_400_000,
        guard: { outcome: 'allow' },
      },
      { address: 'host_block', connector: 'nftables', guard: { outcome: 'allow' }, answer: 'example' },
    ]);
  });

  it('plays one action of every effect class dry', async () => {
    const [before, stored] = [requests(), await rows()];
    const body = { source: EVERY_CLASS, inputs: { ip: '203.0.113.66' } };
    const result = await client.dryRunPlaybook({ id: 'every_class', body });
    expect(asked(before)).toEqual({ greynoise: ['GET'], http: ['GET'] });
    expect(await rows()).toEqual(stored);
    expect(result.error).toBeNull();
    expect(result).toMatchObject({ status: 'succeeded', version: 'given', undone: ['ban'] });
    expect(result.calls.map(({ address, effect, answer }) => `${address} ${effect} ${answer}`)).toEqual([
      'look read product',
      'page read product',
      'report notify example',
      'tell notify example',
      'send change example',
      'unban change example',
      'ban contain example',
      'block contain example',
      'open change example',
      'read_back read example',
    ]);
    const simulated = await client.dryRunPlaybook({ id: 'every_class', body: { ...body, reads: 'simulated' } });
    expect(asked(before)).toEqual({ greynoise: ['GET'], http: ['GET'] });
    expect(simulated.calls.every(({ answer }) => answer === 'example')).toBe(true);
  });

  it('tells what the guard would refuse, and goes the way that a refusal goes', async () => {
    const source = EVERY_CLASS.replace(/id: every_class/, 'id: own_network').replaceAll(
      'blockable(inputs.ip)',
      'valid.ip(inputs.ip)',
    );
    const result = await client.dryRunPlaybook({ id: 'own_network', body: { source, inputs: { ip: '127.0.0.1' } } });
    expect(result.status).toBe('failed');
    expect(result.calls.find(({ address }) => address === 'ban')).toMatchObject({
      answer: 'refused',
      guard: { outcome: 'deny' },
    });
    expect(result.calls.find(({ address }) => address === 'block')).toBeUndefined();
  });

  it('takes recorded events and answers, and compares a draft with what was decided', async () => {
    const tokens = new Map(server.newSources.map(({ id, token }) => [id, token]));
    await deliver(server, 'wazuh', tokens.get('wazuh') ?? '', STORY);
    const run = await until('the run ends', async () => {
      const { items } = await client.listRuns({ query: { playbook: 'brute_force' } });
      return items.find(({ status }) => status === 'succeeded');
    });
    const { items: alerts } = await client.listAlerts({});
    const before = requests();
    const again = await client.dryRunPlaybook({ id: 'brute_force', body: { alert: alerts[0]?.id ?? '' } });
    expect(again).toMatchObject({ status: 'succeeded' });
    expect(again.calls.find(({ address }) => address === 'perimeter_block')).toMatchObject({ answer: 'recording' });
    expect((await client.dryRunPlaybook({ id: 'brute_force', body: { run: run.id } })).status).toBe('succeeded');
    expect(asked(before)).toEqual({ abuseipdb: ['GET'], greynoise: ['GET'], virustotal: ['GET'] });

    const stricter = BRUTE_FORCE.replace('default: 75', 'default: 101');
    const draft = await client.saveDraft({ id: 'brute_force', body: { source: stricter } });
    expect(draft).toMatchObject({ rev: 1, base_is_current: true, findings: [] });
    const [quiet, stored] = [requests(), await rows()];
    const tested = await client.backtestPlaybook({ id: 'brute_force', body: {} });
    expect(asked(quiet)).toEqual({});
    expect(await rows()).toEqual(stored);
    expect(tested).toMatchObject({ version: 'draft', compared: 1, different: 1, skipped: [] });
    expect(tested.runs[0]).toMatchObject({ run: run.id, before: { contained: true }, after: { contained: false } });
    expect(tested.runs[0]?.dropped_calls.map(({ name }) => name)).toContain('perimeter.ban_ip');
    const same = await client.backtestPlaybook({ id: 'brute_force', body: { version: 'current' } });
    expect(same).toMatchObject({ compared: 1, same: 1, simulated: 0 });
  });

  it('publishes a draft, tells in what it differs, and rolls back', async () => {
    await expect(client.saveDraft({ id: 'brute_force', body: { source: BRUTE_FORCE, rev: 0 } })).rejects.toMatchObject({
      code: 'engine.draft_changed',
    });
    const diff = await client.diffPlaybook({ id: 'brute_force' });
    expect(diff).toMatchObject({ from: 'current', to: 'draft', changes: [{ about: 'input block_at' }] });
    expect(diff.text).toContain('+  block_at: { type: integer, default: 101 }');
    const published = await client.publishDraft({ id: 'brute_force', body: { rev: 1 } });
    expect(published.version).toMatchObject({ number: 2, current: true });
    await expect(client.getDraft({ id: 'brute_force' })).rejects.toMatchObject({ code: 'engine.draft_unknown' });
    const { items } = await client.listVersions({ id: 'brute_force' });
    expect(items.map(({ number, current }) => [number, current])).toEqual([
      [2, true],
      [1, false],
    ]);
    const back = await client.rollBackPlaybook({ id: 'brute_force', body: {} });
    expect(back).toMatchObject({ from: 2, version: { number: 1, current: true } });
    expect((await client.getVersion({ id: 'brute_force', number: '2' })).source).toContain('default: 101');
    await expect(client.diffPlaybook({ id: 'brute_force', query: { from: 'two' } })).rejects.toMatchObject({
      code: 'api.version_invalid',
    });
  });

  it('does not publish a draft that began from a version which is no longer current, unless told to', async () => {
    await client.saveDraft({ id: 'brute_force', body: { source: BRUTE_FORCE.replace('default: 75', 'default: 76') } });
    await client.publishPlaybook({ body: { source: BRUTE_FORCE.replace('default: 75', 'default: 74') } });
    await expect(client.publishDraft({ id: 'brute_force', body: { rev: 1 } })).rejects.toMatchObject({
      code: 'engine.draft_outdated',
    });
    const { version } = await client.publishDraft({ id: 'brute_force', body: { rev: 1, force: true } });
    expect(version.number).toBe(4);
  });

  it('is done on the command line', async () => {
    const cli = (args: readonly string[], input = '') =>
      counterpoint([...args, '--url', server.url], { folder, input, env: { COUNTERPOINT_TOKEN: credential } });
    const event = JSON.stringify(eventFrom('203.0.113.66'));
    const dry = await cli(['dry-run', 'brute_force', '--event', '-'], event);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(
      /brute_force current: would end succeeded[\s\S]*contain perimeter\.ban_ip .* for 1 d[\s\S]*Nothing was changed\./,
    );

    const file = join(folder, 'brute_force.yaml');
    writeFileSync(
      file,
      BRUTE_FORCE.replace('default: 75', 'default: 101').replace('lease: { for: 24h }', 'lease: { for: 2h }'),
    );
    const tested = await cli(['backtest', file, '--since', '1h']);
    expect(tested).toMatchObject({ code: 0, stderr: '' });
    expect(tested.stdout).toMatch(/contains no more[\s\S]*- perimeter\.ban_ip[\s\S]*0 decide the same, 1 differ/);

    const diff = await cli(['diff', 'brute_force@1', file]);
    expect(diff).toMatchObject({ code: 1, stderr: '' });
    expect(diff.stdout.split('\n')[0]).toBe('! step perimeter_block: lease.for: 1 d -> 2 h');

    expect((await cli(['draft', 'save', file])).stdout).toContain('brute_force draft 1');
    expect((await cli(['draft', 'publish', 'brute_force', '--rev', '1'])).stdout).toContain('version 5');
    expect((await cli(['rollback', 'brute_force', '--to', '1'])).stdout).toContain('from version 5 to version 1');

    expect((await cli(['playbooks', 'disable', 'brute_force'])).stdout).toContain('starts no new runs');
    expect((await cli(['playbooks'])).stdout).toMatch(/brute_force .* no /);
    await expect(client.startRun({ id: 'brute_force', body: { inputs: {} } })).rejects.toMatchObject({
      code: 'engine.playbook_unknown',
    });
    expect((await cli(['playbooks', 'enable', 'brute_force'])).stdout).toContain('starts runs');
  });
});

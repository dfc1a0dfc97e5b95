import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@counterpoint/sdk';
import { corporaFolder } from '@counterpoint/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackFrom } from './support/firewall.ts';
import { becomeOwner, deliver } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const folder = temporaryFolder();
let server: ServerProcess;
let client: Client;

beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  client = (await becomeOwner(server)).client;
});
afterAll(async () => {
  await server.kill('SIGKILL');
  folder.remove();
});

async function sourceOf(id: string, normalizer: string, auth: 'token' | 'signature' = 'token'): Promise<string> {
  return (await client.createSource({ body: { id, title: id, normalizer, auth } })).secret;
}

async function countsOf(id: string) {
  const { items } = await client.listSources();
  const counts = items.find((source) => source.id === id)?.counts;
  if (!counts) throw new Error(`no source ${id}`);
  return counts;
}

const corpora = corporaFolder();
if (!corpora) process.stdout.write('skipped: the EVE alerts of the corpora, which CORPORA_DIR does not lead to\n');

describe('real Suricata alerts', () => {
  it.skipIf(!corpora)('are all accounted for: an alert, one more of an alert, or a recorded duplicate', async () => {
    execFileSync('tar', ['xzf', join(corpora ?? '', 'suricata-eve.tgz'), '-C', folder.path]);
    const files = globSync('suricata-eve/*.jsonl', { cwd: folder.path }).sort();
    const lines = files.flatMap((file) => readFileSync(join(folder.path, file), 'utf8').split('\n'));
    const alerts = lines.filter((line) => line !== '' && JSON.parse(line).event_type === 'alert');
    const distinct = new Set(alerts).size;
    expect({ alerts: alerts.length, distinct }).toEqual({ alerts: 208, distinct: 202 });

    const token = await sourceOf('ids', 'suricata_eve');
    const raws = new Set<string>();
    const statuses: string[] = [];
    for (let from = 0; from < alerts.length; from += 16) {
      const some = alerts.slice(from, from + 16);
      const answers = await Promise.all(some.map((line) => deliver(server, 'ids', token, line)));
      for (const answer of answers) {
        const { status, raw } = (await answer.json()) as { status: string; raw: string };
        expect(answer.status).toBe(status === 'accepted' ? 202 : 200);
        statuses.push(status);
        raws.add(raw);
      }
    }
    expect(statuses.filter((status) => status === 'accepted')).toHaveLength(distinct);
    expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(alerts.length - distinct);
    expect(raws.size).toBe(distinct);

    const counts = await until('every line is decided', async () => {
      const now = await countsOf('ids');
      return now.created + now.merged + now.duplicate + now.suppressed + now.refused >= alerts.length && now;
    });
    expect(counts).toMatchObject({ duplicate: alerts.length - distinct, suppressed: 0, refused: 0 });
    expect(counts.created + counts.merged).toBe(distinct);
    const { items } = await client.listAlerts({ query: { source: 'ids', limit: 500 } });
    expect(items).toHaveLength(counts.created);
    expect(items.reduce((sum, { count }) => sum + count, 0)).toBe(distinct);
    for (const { id } of items.slice(0, 10)) {
      const alert = await client.getAlert({ id });
      expect(alert.finding).toMatchObject({ class_uid: 2004 });
      expect(raws).toContain(alert.raw);
    }
  });
});

describe('the classic example', () => {
  it('becomes one schema, whichever of three products speaks', async () => {
    const token = await sourceOf('any', 'generic_json');
    const time = '2026-11-22T04:05:06Z';
    const spoken = [
      { src_ip: '203.0.113.1', timestamp: time, event_type: 'login_failed' },
      { sourceAddress: '203.0.113.2', eventTime: time, threatGroup: 'brute force' },
      { 'remote-ip-address': '203.0.113.3', 'detection-time': time, 'finding-category': 'scan' },
    ];
    for (const body of spoken) expect((await deliver(server, 'any', token, JSON.stringify(body))).status).toBe(202);
    const alerts = await until('three alerts', async () => {
      const { items } = await client.listAlerts({ query: { source: 'any' } });
      return items.length === 3 && items;
    });
    const findings = await Promise.all(alerts.map(async ({ id }) => (await client.getAlert({ id })).finding));
    const addresses = findings.map((finding) => {
      const { evidences, time: at } = finding as { evidences: { src_endpoint: { ip: string } }[]; time: number };
      expect(at).toBe(Date.parse(time));
      return evidences[0]?.src_endpoint.ip;
    });
    expect(addresses.sort()).toEqual(['203.0.113.1', '203.0.113.2', '203.0.113.3']);
  });
});

/** Signs as Standard Webhooks 1.0 says (`id.timestamp.body`), with code of our own rather than the one under test. */
function signed(secret: string, id: string, body: string, at = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

describe.sequential('a signed source', () => {
  const body = attackFrom('203.0.113.50');
  let secret = '';

  const send = (text: string, headers: Record<string, string>) =>
    fetch(`${server.url}/hooks/signed`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });

  it('passes with the right signature, and the same delivery again is a duplicate', async () => {
    secret = await sourceOf('signed', 'generic_json', 'signature');
    expect(secret).toMatch(/^whsec_/);
    expect((await send(body, signed(secret, 'msg_1', body))).status).toBe(202);
    const again = await send(body, signed(secret, 'msg_1', body));
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ status: 'duplicate' });
  });

  it('is refused when forged, altered, unsigned, stale, early or replayed with another body, and leaves no alert', async () => {
    const before = await countsOf('signed');
    const foreign = `whsec_${randomBytes(32).toString('base64')}`;
    const right = signed(secret, 'msg_2', body);
    const minute = 60_000;
    const other = attackFrom('203.0.113.51');
    const refused: [string, string, Record<string, string>][] = [
      ['another key', body, signed(foreign, 'msg_2', body)],
      ['one byte more', `${body} `, right],
      ['one byte less', body.slice(0, -1), right],
      ['another id', body, { ...right, 'webhook-id': 'msg_3' }],
      ['another time', body, { ...right, 'webhook-timestamp': String(Number(right['webhook-timestamp']) + 1) }],
      ['stale', body, signed(secret, 'msg_2', body, Date.now() - 5.1 * minute)],
      ['from the future', body, signed(secret, 'msg_2', body, Date.now() + 5.2 * minute)],
      ['no signature', body, {}],
      ['an empty signature', body, { ...right, 'webhook-signature': '' }],
      [
        'another version',
        body,
        { ...right, 'webhook-signature': `${right['webhook-signature']}`.replace('v1', 'v1a') },
      ],
      [
        'a signature without time',
        body,
        { 'webhook-id': 'msg_2', 'webhook-signature': `${right['webhook-signature']}` },
      ],
      ['the secret as a token', body, { authorization: `Bearer ${secret}` }],
      ['a used id for another body', other, signed(secret, 'msg_1', other)],
    ];
    for (const [what, text, headers] of refused) {
      const answer = await send(text, headers);
      const told = await answer.text();
      expect(answer.status, `${what}: ${told}`).toBe(401);
      expect(told).not.toContain(secret);
    }
    const after = await countsOf('signed');
    expect(after.received).toBe(before.received);
    expect(after.created).toBe(before.created);
  });

  it('takes any of several signatures, and the secret before for one rotation', async () => {
    const foreign = `whsec_${randomBytes(32).toString('base64')}`;
    const headers = signed(secret, 'msg_4', body);
    const several = `${signed(foreign, 'msg_4', body)['webhook-signature']} ${headers['webhook-signature']}`;
    expect((await send(body, { ...headers, 'webhook-signature': several })).status).toBe(202);
    const { secret: second } = await client.rotateSource({ id: 'signed' });
    expect((await send(body, signed(second, 'msg_5', body))).status).toBe(202);
    expect((await send(body, signed(secret, 'msg_6', body))).status).toBe(202);
    const { secret: third } = await client.rotateSource({ id: 'signed' });
    expect((await send(body, signed(secret, 'msg_7', body))).status).toBe(401);
    expect((await send(body, signed(second, 'msg_8', body))).status).toBe(202);
    expect((await send(body, signed(third, 'msg_9', body))).status).toBe(202);
  });
});

describe('a webhook that starts a playbook', () => {
  it('answers with what the playbook made of it, and refuses what it cannot read', async () => {
    const token = await sourceOf('double', '');
    const source = `kind: playbook/v1
id: double
title: Doubles a number
on:
  - webhook: double
    sync: true
    schema: { type: object, required: [n], properties: { n: { type: integer } } }
steps:
  - id: sum
    set: { twice: "\${{ event.n + event.n }}" }
outputs: { twice: "\${{ steps.sum.twice }}" }
`;
    await client.publishPlaybook({ body: { source } });
    const good = await deliver(server, 'double', token, '{"n":21}');
    expect(good.status).toBe(200);
    expect(await good.json()).toMatchObject({ status: 'succeeded', outputs: { twice: 42 } });
    const again = await deliver(server, 'double', token, '{"n":21}');
    expect(await again.json()).toMatchObject({ outputs: { twice: 42 } });
    expect((await client.listRuns({ query: { playbook: 'double' } })).items).toHaveLength(1);
    const wrong = ['{"n":"x"}', '{"n":', '', '[]', `${'['.repeat(100)}${']'.repeat(100)}`];
    for (const body of wrong) {
      const answer = await deliver(server, 'double', token, body);
      expect(answer.status, body).toBeGreaterThanOrEqual(400);
      expect(answer.status, body).toBeLessThan(500);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    expect((await deliver(server, 'double', 'wrong', '{"n":1}')).status).toBe(401);
    expect((await client.listRuns({ query: { playbook: 'double' } })).items).toHaveLength(1);
  });
});

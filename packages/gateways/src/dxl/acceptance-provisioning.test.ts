import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newCertificateRequest } from '../authority/request.ts';
import { serverTls } from './create-gateway.ts';
import { PASSWORD, startFabric, type TestFabric } from './testing/fabric.ts';
import { ask, connected, dxl, dxlCommand } from './testing/published.ts';

const folder = mkdtempSync(join(tmpdir(), 'provisioning-'));
let fabric: TestFabric;
beforeAll(async () => {
  fabric = await startFabric({ store: createMemoryStore() });
});
afterAll(async () => {
  await fabric.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const run = promisify(execFile);

async function command(verb: string, ...args: string[]): Promise<string> {
  const door = ['-u', 'anybody', '-p', PASSWORD, '-t', String(fabric.provisioning.port)];
  const environment = { PATH: process.env.PATH ?? '' };
  const { stdout, stderr } = await run(process.execPath, [dxlCommand, verb, ...door, ...args], { env: environment });
  return stdout + stderr;
}

async function connectFrom(config: string) {
  const client = await connected(new dxl.Client(dxl.Config.createDxlConfigFromFile(join(config, 'dxlclient.config'))));
  const answer = JSON.parse(await ask(client, '/mcafee/service/dxl/brokerregistry/query'));
  await new Promise<void>((resolve) => client.disconnect(resolve));
  return Object.keys(answer.brokers);
}

describe('the command line of the published client', () => {
  test('provisions a client that then connects, and updates its configuration', async () => {
    const config = join(folder, 'one');
    await command('provisionconfig', config, '127.0.0.1', 'Mail Gateway 1');
    const { brokerId, port, webSocketPort } = fabric.gateway.facts;
    const written = readFileSync(join(config, 'dxlclient.config'), 'utf8');
    expect(written).toContain(`${brokerId}=${brokerId};${port};localhost;127.0.0.1`);
    expect(written).toContain(`${brokerId}=${brokerId};${webSocketPort};localhost;127.0.0.1`);
    expect(statSync(join(config, 'client.key')).mode & 0o077).toBe(0);
    expect(await connectFrom(config)).toEqual([brokerId]);
    expect(fabric.participants.get('mail_gateway_1')).toMatchObject({ title: 'Mail Gateway 1', kind: 'certificate' });
    const stale = written.replaceAll(`;${port};`, ';1;');
    writeFileSync(join(config, 'dxlclient.config'), stale);
    writeFileSync(join(config, 'ca-bundle.crt'), 'stale');
    await command('updateconfig', config, '127.0.0.1');
    expect(readFileSync(join(config, 'ca-bundle.crt'), 'utf8')).toBe(fabric.authority.certificate);
    expect(await connectFrom(config)).toEqual([brokerId]);
  });

  test('provisions with a request that was made elsewhere, and checks the door by the CA bundle', async () => {
    const config = join(folder, 'two');
    const { key, csr } = await newCertificateRequest('renewed');
    const [file, bundle] = [join(folder, 'given.csr'), join(folder, 'ca.crt')];
    writeFileSync(file, csr);
    writeFileSync(bundle, fabric.authority.certificate);
    for (let time = 0; time < 2; time += 1) {
      await command('provisionconfig', '-r', '-e', bundle, config, '127.0.0.1', file);
    }
    writeFileSync(join(config, 'client.key'), key);
    expect(await connectFrom(config)).toHaveLength(1);
    expect(await fabric.participants.credentials('renewed')).toHaveLength(2);
  });

  test('says why it was refused', async () => {
    const config = join(folder, 'three');
    const wrong = await command('provisionconfig', '-p', 'wrong', config, '127.0.0.1', 'x').catch(String);
    expect(wrong).toContain('401');
    expect(wrong).toContain('The credential of the participant is missing');
    const nameless = await command('provisionconfig', config, '127.0.0.1', '123').catch(String);
    expect(nameless).toContain('its name has no letter from a to z');
  });

  test('takes nobody for a tool that joins otherwise and has the same name by chance', async () => {
    const rights = { publish: ['verdict.>'], subscribe: [], offer: [], invoke: [] };
    const sandbox = { id: 'sandbox', title: 'Sandbox', kind: 'token', site: '', rights, trust: ['verdict.>'] } as const;
    await fabric.participants.create(sandbox, fabric.by);
    const taken = await command('provisionconfig', join(folder, 'four'), '127.0.0.1', 'Sandbox').catch(String);
    expect(taken).toContain('sandbox is not valid: it joins with a token');
    expect(await fabric.participants.credentials('sandbox')).toEqual([]);
    const { csr } = await newCertificateRequest('Sandbox');
    const meant = await fabric.enrolment.enrol(csr, fabric.by, 'sandbox');
    expect(meant.participant.id).toBe('sandbox');
  });
});

describe('the doors', () => {
  test('show another certificate once it is renewed, which clients trust as before', async () => {
    const { gateway, provisioning, authority } = fabric;
    const ports = [gateway.port, gateway.webSocketPort, provisioning.port];
    const shown = () =>
      Promise.all(
        ports.map(async (port) => {
          const socket = connectTls({ port, host: '127.0.0.1', ca: authority.certificate, servername: 'localhost' });
          await once(socket, 'secureConnect');
          const { fingerprint } = socket.getPeerCertificate();
          socket.destroy();
          return fingerprint;
        }),
      );
    const before = await shown();
    const renewed = await serverTls({ authority, advertise: ['localhost', '127.0.0.1'] });
    gateway.secure(renewed);
    provisioning.secure(renewed);
    const after = await shown();
    expect([new Set(before).size, new Set(after).size]).toEqual([1, 1]);
    expect(after[0]).not.toBe(before[0]);
    const client = await fabric.connect('after renewal');
    expect(client.connected).toBe(true);
  });
});

describe('the provisioning door', () => {
  test('refuses other verbs, paths and requests without giving anything away', async () => {
    const authorization = `Basic ${Buffer.from(`x:${PASSWORD}`).toString('base64')}`;
    const get = async (path: string, init: { method?: string; headers?: Record<string, string> } = {}) => {
      const { port } = fabric.provisioning;
      const ca = fabric.authority.certificate;
      const options = { host: '127.0.0.1', port, ca, path: `/remote${path}`, headers: { authorization }, ...init };
      const [response] = (await once(request(options).end(), 'response')) as [IncomingMessage];
      return { status: response.statusCode, text: () => text(response) };
    };
    expect((await get('/DxlClientMgmt.getBrokerList', { headers: {} })).status).toBe(401);
    expect((await get('/DxlClientMgmt.getBrokerList', { method: 'POST' })).status).toBe(405);
    expect((await get('/../../etc/passwd')).status).toBe(404);
    const bad = await get('/DxlBrokerMgmt.generateOpenDXLClientProvisioningPackageCmd?csrString=x');
    expect([bad.status, await bad.text()]).toEqual([422, expect.stringContaining('no PKCS #10 request')]);
  });
});

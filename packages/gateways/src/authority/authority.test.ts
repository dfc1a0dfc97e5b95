import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedactor, manualClock } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { createKeyProvider, createVault } from '@counterpoint/vault';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestedName } from './certificates.ts';
import { type Authority, openAuthority } from './open-authority.ts';

const folder = mkdtempSync(join(tmpdir(), 'authority-'));
afterAll(() => rmSync(folder, { recursive: true }));

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

function request(name: string, subject: string, ...more: string[]): string {
  openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    subject,
    ...more,
  );
  return readFileSync(join(folder, `${name}.csr`), 'utf8');
}

describe('authority', () => {
  const clock = manualClock();
  const store = createMemoryStore();
  const provider = createKeyProvider(randomBytes(32));
  const options = {
    store,
    clock,
    installation: 'i1',
    vault: createVault({ store, provider, installation: 'i1', redactor: createRedactor(), clock }),
  };
  let authority: Authority;
  beforeAll(async () => {
    authority = await openAuthority(options);
  });

  test('is the same ever after, with its key sealed', async () => {
    const again = await openAuthority(options);
    expect(again.certificate).toBe(authority.certificate);
    expect(JSON.stringify(await store.get('settings', 'gateway.authority'))).not.toContain('PRIVATE');
  });

  test('is one, also when two processes make it at the same time', async () => {
    const other = createMemoryStore();
    const vault = createVault({ store: other, provider, installation: 'i1', redactor: createRedactor(), clock });
    const both = await Promise.all([1, 2].map(() => openAuthority({ ...options, store: other, vault })));
    expect(both[0]!.certificate).toBe(both[1]!.certificate);
  });

  test('issues what OpenSSL verifies, with the name of the request and our purpose', async () => {
    const issued = await authority.issue(
      request('one', '/CN=mail gateway/O=Evil/C=US', '-addext', 'basicConstraints=critical,CA:TRUE'),
    );
    const certificate = new X509Certificate(issued.pem);
    expect(certificate.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect([certificate.subject, certificate.ca]).toEqual(['CN=mail gateway', false]);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(issued.thumbprint).toBe(certificate.fingerprint.replaceAll(':', '').toLowerCase());
    expect(issued.notBefore).toBe(certificate.validFromDate.getTime());
    expect(issued.notAfter).toBe(certificate.validToDate.getTime());
    expect(issued.notBefore).toBeLessThan(clock.now());
  });

  test('serves under names and addresses with an RSA key of 2048 bits', async () => {
    const { certificate, key } = await authority.serve(['broker.lab.test', '127.0.0.1']);
    const server = new X509Certificate(certificate);
    expect(server.subjectAltName).toBe('DNS:broker.lab.test, IP Address:127.0.0.1');
    expect(server.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2_048);
    expect(key).toContain('PRIVATE KEY');
  });

  test('refuses what is no request, too weak, nameless, or not signed by its own key', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    openssl('req', '-new', '-newkey', 'rsa:1024', '-nodes', '-keyout', 'w.key', '-out', 'w.csr', '-subj', '/CN=w');
    const weak = readFileSync(join(folder, 'w.csr'), 'utf8');
    const good = request('good', '/CN=good');
    const der = Buffer.from(good.replace(/-----[A-Z ]+-----/g, ''), 'base64');
    der[der.length - 5] = (der[der.length - 5] as number) ^ 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
    for (const [csr, reason] of [
      ['hello', 'no PKCS #10 request'],
      [publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'no PKCS #10 request'],
      [weak, '1024 bits'],
      [request('nameless', '/O=nobody'), 'no common name'],
      [forged, 'signature does not match'],
      ['x'.repeat(40_000), 'over 32768 bytes'],
    ] as const) {
      await expect(authority.issue(csr)).rejects.toMatchObject({
        code: 'gateway.csr_invalid',
        message: expect.stringContaining(reason),
      });
    }
    expect(await requestedName(good)).toBe('good');
  });
});

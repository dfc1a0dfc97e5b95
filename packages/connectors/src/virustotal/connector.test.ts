import { connectorFailure, testConnector } from '@counterpoint/connector-kit/testing';
import { describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { simulate } from './simulator.ts';

const { simulator, perform } = testConnector({
  connector: connectors.get('virustotal')!,
  simulate,
  calls: { lookup_ip: { ip: '203.0.113.66' } },
});

describe('VirusTotal: lookup_ip', () => {
  it('counts the engines and keeps the vendor fields', async () => {
    expect(await perform('lookup_ip', { ip: '203.0.113.66' })).toMatchObject({
      ip: '203.0.113.66',
      score: 100,
      verdict: 'malicious',
      stats: { malicious: 14, suspicious: 2, harmless: 50 },
      as_owner: 'Example Bulletproof Hosting',
      asn: 64496,
    });
  });

  it.each([
    ['198.51.100.7', 30, 'suspicious'],
    ['192.0.2.10', 0, 'benign'],
    ['192.0.2.200', 0, 'unknown'],
    ['2001:db8:bad::66', 100, 'malicious'],
  ])('scores %s %i: %s', async (ip, score, verdict) => {
    expect(await perform('lookup_ip', { ip })).toMatchObject({ ip, score, verdict });
  });

  it('has no score when no engine looked at the address', async () => {
    const stats = { malicious: 0, suspicious: 0, harmless: 0, undetected: 0, timeout: 0 };
    const data = { id: '192.0.2.1', attributes: { last_analysis_stats: stats } };
    simulator().server.inject({ body: { data } });
    expect(await perform('lookup_ip', { ip: '192.0.2.1' })).toMatchObject({ score: null, verdict: 'unknown' });
  });

  it.each([
    ['QuotaExceededError', 429, 'rate_limited'],
    ['NotAvailableYet', 400, 'unavailable'],
    ['TransientError', 503, 'unavailable'],
    ['InvalidArgumentError', 400, 'invalid_request'],
    ['UserNotActiveError', 401, 'unauthorized'],
  ])('reads %s', async (code, status, reason) => {
    simulator().server.inject({ status, body: { error: { code, message: 'their words' } } });
    const error = await connectorFailure(perform('lookup_ip', { ip: '203.0.113.66' }));
    expect(error.reason).toBe(reason);
    expect(error.message).toContain('their words');
  });
});

describe('VirusTotal: lookup_file', () => {
  it('counts the engines, and says what it is called', async () => {
    const sha256 = '275A021BBFB6489E54D471899F7DB9D1663FC695EC2FE2A2C4538AABF651FD0F';
    expect(await perform('lookup_file', { sha256 })).toMatchObject({
      sha256: sha256.toLowerCase(),
      score: 100,
      verdict: 'malicious',
      stats: { malicious: 62, undetected: 8 },
      name: 'eicar.com',
      threat: 'virus.eicar/test',
    });
  });

  it.each([
    ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 0, 'benign'],
    ['f'.repeat(64), null, 'unknown'],
  ])('scores %s %s: %s', async (sha256, score, verdict) => {
    expect(await perform('lookup_file', { sha256 })).toMatchObject({ sha256, score, verdict });
  });

  it('is refused without a credential also for a file that nobody knows', async () => {
    const failing = perform('lookup_file', { sha256: 'f'.repeat(64) }, { secrets: { api_key: 'wrong' } });
    expect((await connectorFailure(failing)).reason).toBe('unauthorized');
  });
});

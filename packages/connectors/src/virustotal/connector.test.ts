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

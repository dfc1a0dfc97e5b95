import { connectorFailure, testConnector } from '@counterpoint/connector-kit/testing';
import { describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { simulate } from './simulator.ts';

const { simulator, perform } = testConnector({
  connector: connectors.get('abuseipdb')!,
  simulate,
  calls: { lookup_ip: { ip: '203.0.113.66' }, report_ip: { ip: '203.0.113.66', categories: [18, 22] } },
});

describe('AbuseIPDB: lookup_ip', () => {
  it('gives the score and the vendor fields', async () => {
    expect(await perform('lookup_ip', { ip: '203.0.113.66', max_age_days: 30 })).toMatchObject({
      ip: '203.0.113.66',
      score: 100,
      verdict: 'malicious',
      total_reports: 1842,
      isp: 'Example Bulletproof Hosting',
    });
    expect(simulator().server.journal.at(-1)?.query).toEqual({ ipAddress: '203.0.113.66', maxAgeInDays: '30' });
  });

  it.each([
    ['198.51.100.7', 'suspicious'],
    ['192.0.2.10', 'benign'],
    ['192.0.2.200', 'unknown'],
    ['2001:db8:bad::66', 'malicious'],
  ])('calls %s %s', async (ip, verdict) => {
    expect(await perform('lookup_ip', { ip })).toMatchObject({ ip, verdict });
  });

  it('tells an address that the vendor does not accept', async () => {
    const error = await connectorFailure(perform('lookup_ip', { ip: 'nonsense' }));
    expect(error.reason).toBe('invalid_request');
    expect(error.message).toContain('must be a valid IPv4 or IPv6 address');
  });
});

describe('AbuseIPDB: report_ip', () => {
  it('reports with categories and comment', async () => {
    const input = { ip: '203.0.113.66', categories: [18, 22], comment: '30 failed logins & more' };
    expect(await perform('report_ip', input)).toEqual({ ip: '203.0.113.66', score: 100 });
    expect(simulator().server.journal.at(-1)?.body).toEqual({
      ip: '203.0.113.66',
      categories: '18,22',
      comment: '30 failed logins & more',
    });
  });

  it('is a conflict when repeated within 15 minutes', async () => {
    const input = { ip: '203.0.113.66', categories: [18] };
    await perform('report_ip', input);
    expect(await connectorFailure(perform('report_ip', input))).toMatchObject({ reason: 'conflict', performed: 'no' });
    expect(simulator().reported.size).toBe(1);
  });
});

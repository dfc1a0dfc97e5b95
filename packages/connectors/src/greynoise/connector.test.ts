import { connectorFailure, testConnector } from '@counterpoint/connector-kit/testing';
import { describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { simulate } from './simulator.ts';

const { perform, simulator } = testConnector({
  connector: connectors.get('greynoise')!,
  simulate,
  calls: { lookup_ip: { ip: '203.0.113.66' } },
  meanings: { 404: 'success' },
});

describe('GreyNoise: lookup_ip', () => {
  it('gives what the sensors saw', async () => {
    expect(await perform('lookup_ip', { ip: '203.0.113.66' })).toMatchObject({
      ip: '203.0.113.66',
      score: 100,
      verdict: 'malicious',
      observed: true,
      noise: true,
      riot: false,
    });
  });

  it('calls a business service benign', async () => {
    expect(await perform('lookup_ip', { ip: '192.0.2.10' })).toMatchObject({ score: 0, verdict: 'benign', riot: true });
  });

  it('gives unknown, not an error, for an address never seen', async () => {
    expect(await perform('lookup_ip', { ip: '192.0.2.200' })).toMatchObject({
      score: null,
      verdict: 'unknown',
      observed: false,
      classification: null,
    });
  });

  it('gives unknown for IPv6, of which the vendor knows nothing', async () => {
    expect(await perform('lookup_ip', { ip: '2001:db8::1' })).toMatchObject({
      score: null,
      verdict: 'unknown',
      observed: false,
    });
  });

  it('tells a request that the vendor refuses for another reason', async () => {
    simulator().server.inject({ status: 400, body: { message: 'Request is malformed' } });
    const error = await connectorFailure(perform('lookup_ip', { ip: '203.0.113.66' }));
    expect(error).toMatchObject({ reason: 'invalid_request', performed: 'no' });
  });
});

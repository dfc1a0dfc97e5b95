import { connectorFailure, testConnector } from '@counterpoint/connector-kit/testing';
import { describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { simulate } from './simulator.ts';

const { simulator, perform } = testConnector({
  connector: connectors.get('http')!,
  simulate,
  calls: { get: { path: '/items' }, request: { method: 'POST', path: '/items', body: { name: 'x' } } },
  // Any 2xx is an answer here, in whatever form.
  anyBody: true,
});

describe('HTTP', () => {
  it('reads JSON and text', async () => {
    expect(await perform('get', { path: '/items' })).toMatchObject({ status: 200, body: { items: [] } });
    expect(await perform('get', { path: '/text' })).toMatchObject({ status: 200, body: 'just words' });
  });

  it('sends JSON, and text as it is', async () => {
    const sent = await perform('request', { method: 'PUT', path: '/echo', body: { a: 1 } });
    expect(sent).toMatchObject({ body: { method: 'PUT', content_type: 'application/json', body: { a: 1 } } });
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const form = await perform('request', { method: 'PUT', path: '/echo', headers, body: 'a=1&b=2' });
    expect(form).toMatchObject({ body: { body: { a: '1', b: '2' } } });
  });

  it('adds query parameters to those of the path', async () => {
    const answer = await perform('get', { path: '/echo?x=1', query: { q: 'a&b', n: 3, gone: null } });
    expect(answer).toMatchObject({ body: { query: { x: '1', q: 'a&b', n: '3' } } });
  });

  it.each(['/../admin', '/%2e%2e/admin', '/..\\admin', '/x/../../admin', '/#x'])(
    'refuses the path %s, and sends nothing',
    async (path) => {
      const error = await connectorFailure(perform('get', { path }));
      expect([error.reason, error.performed, simulator().server.journal.length]).toEqual(['invalid_request', 'no', 0]);
    },
  );

  it('stays on its host, whatever the path says', async () => {
    for (const path of ['//evil.example/x', '@evil.example/', '/\\evil.example/']) {
      await connectorFailure(perform('get', { path }));
      expect(simulator().server.journal.every(({ headers }) => !headers.host?.includes('evil'))).toBe(true);
    }
  });

  it('does not let a caller replace the credential', async () => {
    await perform('get', { path: '/echo', headers: { Authorization: 'Bearer other' } });
    expect(simulator().server.journal.at(-1)?.headers.authorization).toBe(simulator().secrets.credential);
  });
});

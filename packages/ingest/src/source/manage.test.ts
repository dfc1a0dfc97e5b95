import type { Change } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { authenticateRequest } from './authenticate.ts';
import { createSource, rotateSource, type SourceContext, updateSource } from './manage.ts';
import { signingKey, signWebhook } from './standard-webhooks.ts';

const NOW = Date.UTC(2026, 0, 1);
const BODY = Buffer.from('{}');
const sealed = new Map<string, string>();
let count = 0;
const vault = {
  seal: (_label: string, value: string) => {
    const id = `secret-${count++}`;
    sealed.set(id, value);
    return { id, change: {} };
  },
  remove: (id: string): Change => {
    sealed.delete(id);
    return {};
  },
};
const context: SourceContext = {
  vault,
  normalizers: new Map([['wazuh', 1]]),
  by: { principal: 'user:1', trace: 'a'.repeat(32) },
  now: NOW,
};
const request = { id: 'siem', title: 'SIEM', normalizer: 'wazuh', auth: 'token', dedupWindow: 60_000 } as const;
const open = async (id: string) => sealed.get(id) ?? '';

function signedWith(secret: string) {
  const timestamp = String(NOW / 1000);
  const signature = signWebhook(signingKey(secret) ?? Buffer.alloc(0), 'm', timestamp, BODY);
  return {
    headers: { 'webhook-id': 'm', 'webhook-timestamp': timestamp, 'webhook-signature': signature },
    body: BODY,
    now: NOW,
  };
}
const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` }, body: BODY, now: NOW });

describe('sources', () => {
  it('shows a token once and keeps its hash only', async () => {
    const { row, secret, change } = createSource(request, context);
    await expect(authenticateRequest(row, withToken(secret), open)).resolves.toBeDefined();
    expect(JSON.stringify(change)).not.toContain(secret);
    expect(change.audit).toMatchObject([{ action: 'source.created', object: 'source:siem', principal: 'user:1' }]);
    const store = createMemoryStore();
    await store.commit(change);
    await expect(store.commit(change)).rejects.toMatchObject({ code: 'events.conflict' });
  });

  it('ends an old token at once', async () => {
    const first = createSource(request, context);
    const second = rotateSource(first.row, context);
    await expect(authenticateRequest(second.row, withToken(second.secret), open)).resolves.toBeDefined();
    await expect(authenticateRequest(second.row, withToken(first.secret), open)).rejects.toMatchObject({ status: 401 });
  });

  it('lets the previous signing secret pass until the next rotation, then removes it', async () => {
    const first = createSource({ ...request, auth: 'signature' }, context);
    const second = rotateSource(first.row, context);
    await expect(authenticateRequest(second.row, signedWith(first.secret), open)).resolves.toBeDefined();
    const third = rotateSource(second.row, context);
    await expect(authenticateRequest(third.row, signedWith(second.secret), open)).resolves.toBeDefined();
    await expect(authenticateRequest(third.row, signedWith(first.secret), open)).rejects.toMatchObject({ status: 401 });
    expect([...sealed.values()]).not.toContain(first.secret);
    expect(JSON.stringify(third.row)).not.toContain(third.secret);
  });

  it('changes what may be changed, and audits it', () => {
    const { row } = createSource(request, context);
    const updated = updateSource(row, { enabled: false, dedup_window: 0 }, context);
    expect(updated.row).toMatchObject({ enabled: false, dedup_window: 0, rev: 2 });
    expect(updated.change.audit).toMatchObject([{ action: 'source.updated' }]);
  });

  it.each([
    ['an id with a slash', { id: '../x' }],
    ['an unknown normaliser', { normalizer: 'wazuhh' }],
    ['a negative window', { dedupWindow: -1 }],
    ['a window of a year', { dedupWindow: 366 * 86_400_000 }],
    ['no number at all', { dedupWindow: Number.NaN }],
  ])('refuses %s', (_name, patch) => {
    expect(() => createSource({ ...request, ...patch }, context)).toThrow(
      expect.objectContaining({ code: 'ingest.source_invalid' }),
    );
  });

  it('lets a source be for playbooks only', () => {
    expect(createSource({ ...request, normalizer: '' }, context).row.normalizer).toBe('');
  });
});

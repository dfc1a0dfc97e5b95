import { describe, expect, it } from 'vitest';
import { readManifest, sentencesOf } from './manifest.ts';

const ban = {
  title: 'Ban',
  effect: 'contain',
  idempotent: true,
  inverse: { action: 'unban', with: {} },
  verify: { action: 'get', with: {}, holds: 'true' },
  lease: { argument: 'seconds' },
  minutes_saved: 10,
  errors: [
    { when: 'true', error: 'conflict' },
    { when: 'true', error: 'conflict' },
  ],
};

describe('a manifest', () => {
  it('is read into what people ask', () => {
    const manifest = readManifest({
      id: 'wall',
      title: 'Wall',
      base_url: 'config.base_url',
      rate_limit: { requests: 10, per: '1s' },
      capabilities: { block_ip: 'ban' },
      actions: { ban },
    });
    expect(manifest).toMatchObject({ rateLimit: '10 requests per 1s', speaksHttp: true, hasTest: false });
    expect(manifest.capabilities).toEqual([{ name: 'block_ip', action: 'ban' }]);
    expect(manifest.actions[0]).toMatchObject({ undoneBy: 'unban', verifiedBy: 'get', errors: ['conflict'] });
  });

  it.each([null, 7, 'x', [], { actions: 7 }, { actions: { a: null } }, { capabilities: [1] }])(
    'is never believed: %j',
    (odd) => {
      expect(() => readManifest(odd).actions.map(sentencesOf)).not.toThrow();
    },
  );
});

describe('what is said about an action', () => {
  const said = (action: object) => sentencesOf(readManifest({ actions: { a: action } }).actions[0] as never).join('\n');

  it('names how it is undone and read back', () => {
    expect(said(ban)).toMatch(/undone by “unban”/);
    expect(said(ban)).toMatch(/asked with “get”/);
    expect(said(ban)).toMatch(/10 minutes/);
  });

  it('warns when nothing undoes it and when it is not to be repeated', () => {
    expect(said({ effect: 'change', idempotent: false })).toMatch(/Nothing undoes it[\s\S]*never repeated/);
    expect(said({ effect: 'destroy', idempotent: true, irreversible: 'it is gone' })).toMatch(
      /cannot be undone: it is gone/,
    );
    expect(said({ effect: 'read', idempotent: true })).toBe('');
  });
});

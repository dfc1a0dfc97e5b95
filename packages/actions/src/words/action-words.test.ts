import { describe, expect, it } from 'vitest';
import { actionOn, afterTo, inThePast, pastOf } from './action-words.ts';

describe('the words for actions', () => {
  it.each([
    ['ban', 'banned'],
    ['block', 'blocked'],
    ['isolate', 'isolated'],
    ['send', 'sent'],
    ['tag', 'tagged'],
    ['report', 'reported'],
    ['open', 'opened'],
    ['notify', 'notified'],
    ['delay', 'delayed'],
    ['quarantine', 'quarantined'],
    ['submit', 'submitted'],
    ['look', 'looked'],
  ])('know that the past of %s is %s', (verb, past) => {
    expect(pastOf(verb)).toBe(past);
  });

  it('put what an action acts on in the place of its object', () => {
    expect(actionOn('Ban an IP address', 'ipv4-addr:203.0.113.7')).toBe('Ban 203.0.113.7');
    expect(actionOn('Lift the ban of an IP address', 'ipv6-addr:2001:db8::1')).toBe('Lift the ban of 2001:db8::1');
    expect(actionOn('Look up an IP address (Community)', ':203.0.113.7')).toBe('Look up 203.0.113.7 (Community)');
    expect(actionOn('Isolate a host', 'host:ws-17')).toBe('Isolate ws-17');
    expect(actionOn('Block', 'url:https://a.example/x?y=1')).toBe('Block: hxxps://a[.]example/x?y=1');
    expect(actionOn('Block a domain', 'domain-name:bad.example')).toBe('Block bad[.]example');
    expect(actionOn('Block a file', `file:hashes.SHA-256:${'0fc9ea385864'.repeat(5)}`)).toBe(
      'Block SHA-256 0fc9ea385864…',
    );
    expect(actionOn('Post a message', '')).toBe('Post a message');
  });

  it('take a value with signs of a replacement pattern as it is', () => {
    expect(actionOn('Block a URL', "host:a$&$1$'")).toBe("Block a$&$1$'");
  });

  it('change only the verb', () => {
    expect(inThePast('Lift the ban of 203.0.113.7')).toBe('lifted the ban of 203.0.113.7');
    expect(inThePast('GET')).toBe('did GET');
    expect(afterTo('Ban 203.0.113.7')).toBe('ban 203.0.113.7');
  });
});

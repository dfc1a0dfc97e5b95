import { manualClock } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { testPolicy } from '../testing/world.ts';
import { checkTarget } from './check-target.ts';
import type { Policy } from './policy.ts';
import { createProtectedAssets, type NameResolver } from './protected-assets.ts';
import { canonicalTarget } from './target.ts';

const state = testPolicy();
const policy = (state as { policy: Policy }).policy;
const known: Record<string, string[]> = {
  'dc1.corp.example': ['10.0.0.5', '2001:db8::5'],
  'web7.example': ['10.0.0.77'],
};
const resolver: NameResolver = async (name) => {
  const found = known[name];
  if (found) return found;
  throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
};

function assets(resolve: NameResolver = resolver, clock = manualClock()) {
  const network = () => ({
    addresses: ['192.168.7.20', 'fd00::20'],
    gateways: ['192.168.7.1'],
    resolvers: ['192.168.7.53'],
  });
  return createProtectedAssets({ network, resolve, clock });
}

const check = async (target: string, resolve?: NameResolver) =>
  (await checkTarget(target, policy, assets(resolve)))?.code ?? 'allowed';

describe('what may not be contained', () => {
  it.each([
    '8.8.8.8',
    '8.8.8.8/32',
    '8.8.8.0/24',
    '8.8.8.1-8.8.8.9',
    '134744072',
    '0x08080808',
    '0x8.0x8.0x8.0x8',
    '010.010.010.010',
    '0010.8.8.8',
    '8.8.2056',
    '8.526344',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '::FFFF:0808:0808',
    '[::ffff:8.8.8.8]',
    '::8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::',
    '8.8.8.8.',
    ' 8.8.8.8',
    '８.８.８.８',
    '8。8。8。8',
    '8.8.8.8:53',
    '8.8.8.8/255.255.255.255',
    '2001:db8:0::0:53',
    '2001:db8::53%eth0',
    '2001:db8::/64',
    '192.168.7.20',
    '192.168.7.1',
    '192.168.7.53',
    '::ffff:192.168.7.20',
    'fd00:0::20',
    '10.0.0.5',
    '10.0.0.0/24',
    '2001:db8::5',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:7f00:1',
    '0.0.0.0',
    '0.0.0.0/0',
    '::/0',
    '::',
    '0/0',
    '169.254.169.254',
    '0xa9fea9fe',
    '224.0.0.1',
    '255.255.255.255',
    'fe80::1',
    'ff02::1',
  ])('%s, as an address', async (value) => {
    for (const type of ['ipv4-addr', 'ipv6-addr', 'ip', 'cidr', 'host', 'domain'])
      expect(await check(`${type}:${value}`)).toBe('guard.protected');
  });

  it.each([
    ['domain-name:corp.example', 'guard.protected'],
    ['domain-name:CORP.Example.', 'guard.protected'],
    ['domain-name:mail.corp.example..', 'guard.protected'],
    ['domain-name:example', 'guard.protected'],
    ['domain-name:8.8.8.8', 'guard.protected'],
    ['domain-name:corp。example', 'guard.protected'],
    ['host:DC1', 'guard.protected'],
    ['host:dc1.corp.example.', 'guard.protected'],
    ['host:192.168.7.20', 'guard.protected'],
    ['url:https://user@CORP.example./x', 'guard.protected'],
    ['url:http://0x08.0x08.0x08.0x08/', 'guard.protected'],
    ['url:http://[::ffff:8.8.8.8]/', 'guard.protected'],
    ['email-addr:Ceo@Corp.Example', 'guard.protected'],
    ['email:ceo@corp.example', 'guard.protected'],
    ['user:breakglass@other.example', 'guard.protected'],
    ['hostname:DC1', 'guard.protected'],
    ['machine:8.8.8.8', 'guard.protected'],
    ['machine:::ffff:8.8.8.8', 'guard.protected'],
    ['machine:DC1.corp.example.', 'guard.protected'],
    ['owner:breakglass@other.example', 'guard.protected'],
    ['email-addr:BreakGlass@other.example', 'guard.protected'],
    ['user-account:breakglass@OTHER.example', 'guard.protected'],
  ])('%s', async (target, code) => {
    expect(await check(target)).toBe(code);
  });

  it('a host that resolves to something protected', async () => {
    expect(await check('host:alias.example', async () => ['10.0.0.5'])).toBe('guard.protected');
  });

  it.each([
    ['ipv4-addr:203.0.113.0/23', 'guard.too_wide'],
    ['ipv6-addr:2001:db8:8::/47', 'guard.too_wide'],
    ['ipv4-addr:203.0.113.0-203.0.114.0', 'guard.too_wide'],
    ['ipv4-addr:0203.0.113.7', 'guard.target_ambiguous'],
    ['ipv4-addr:203.0.113.*', 'guard.target_unreadable'],
    ['ipv4-addr:203.0.113.7,8.8.8.8', 'guard.target_unreadable'],
    ['ipv4-addr:', 'guard.target_unreadable'],
    ['203.0.113.7', 'guard.target_unreadable'],
    ['', 'guard.target_unreadable'],
    ['url:not a url', 'guard.target_unreadable'],
  ])('%s: %s', async (target, code) => {
    expect(await check(target)).toBe(code);
  });

  it.each([
    'ipv4-addr:203.0.113.7',
    'ipv4-addr:203.0.113.0/24',
    'ipv6-addr:2001:db8:1::/48',
    'ipv4-addr:10.0.0.77',
    'domain-name:evil.example.net',
    'domain-name:notcorp.example.org',
    'url:https://evil.example.net/corp.example',
    'email-addr:corp.example@evil.test',
    'host:web7.example',
    'user-account:mallory',
    'file:hashes.SHA-256:abc',
    'pid:77',
    'ip:203.0.113.7',
    'machine:203.0.113.7',
    'machine:web7',
  ])('but %s may', async (target) => {
    expect(await check(target)).toBe('allowed');
  });

  it('a domain whose owner points it at something protected is no shield', async () => {
    expect(
      await check('domain-name:evil.example.net', async (name) => (name.startsWith('evil') ? ['8.8.8.8'] : [])),
    ).toBe('allowed');
  });
});

describe('names that cannot be looked up', () => {
  const silent: NameResolver = async () => {
    throw Object.assign(new Error('SERVFAIL'), { code: 'ESERVFAIL' });
  };

  it('close the guard when they never could be', async () => {
    expect(await check('ipv4-addr:203.0.113.7', silent)).toBe('guard.protection_unresolved');
  });

  it('keep their last addresses while the name service is silent', async () => {
    const clock = manualClock();
    let answers: NameResolver = resolver;
    const one = assets((name) => answers(name), clock);
    const code = async (ip: string) => (await checkTarget(`ipv4-addr:${ip}`, policy, one))?.code ?? 'allowed';
    expect(await code('10.0.0.5')).toBe('guard.protected');
    answers = silent;
    clock.advance(3_600_000);
    expect(await code('10.0.0.5')).toBe('guard.protected');
    expect(await code('10.0.0.77')).toBe('allowed');
  });

  it('are taken for silent when no answer comes', async () => {
    const clock = manualClock();
    const one = assets(() => new Promise(() => {}), clock);
    const result = checkTarget('ipv4-addr:203.0.113.7', policy, one);
    clock.advance(2_000);
    expect((await result)?.code).toBe('guard.protection_unresolved');
  });
});

describe('the canonical target', () => {
  it.each([
    ['ipv4-addr:::ffff:203.0.113.7', 'ipv4-addr:203.0.113.7'],
    ['ipv4-addr:203.0.113.7/32', 'ipv4-addr:203.0.113.7'],
    ['ipv4-addr:0xcb007107', 'ipv4-addr:203.0.113.7'],
    ['ipv6-addr:2001:DB8::0:7', 'ipv6-addr:2001:db8::7'],
    ['domain-name:EVIL.example.', 'domain-name:evil.example'],
    ['host:Web7', 'host:web7'],
    ['hostname:Web7', 'host:web7'],
    ['ip:::ffff:203.0.113.7', 'ipv4-addr:203.0.113.7'],
    ['email:Ann@Example.COM', 'email-addr:ann@example.com'],
    ['url:HTTP://EVIL.example/A', 'url:http://evil.example/A'],
    ['ipv4-addr:nonsense', 'ipv4-addr:nonsense'],
    ['pid:77', 'pid:77'],
  ])('of %s is %s', (given, expected) => {
    expect(canonicalTarget(given)).toBe(expected);
  });
});

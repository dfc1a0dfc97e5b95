import { describe, expect, it } from 'vitest';
import { createDnsSinkhole } from './dns-sinkhole.ts';
import { createProxy } from './proxy.ts';

describe('the DNS sinkhole', () => {
  it('takes the names under a blocked one along, and no other', () => {
    const sinkhole = createDnsSinkhole();
    sinkhole.actions.block_domain?.({ domain: 'Evil.Example.' });
    const names = ['evil.example', 'c2.evil.example', 'notevil.example', 'example.org'];
    expect(names.map((name) => sinkhole.resolve(name))).toEqual(['sinkholed', 'sinkholed', 'answered', 'answered']);
  });
});

describe('the proxy', () => {
  it('knows a URL by what it fetches, not by how it is written', () => {
    const proxy = createProxy();
    proxy.actions.block_url?.({ url: 'HTTP://Evil.example:80/a/../gate.php' });
    expect(proxy.fetch('http://user@evil.example/gate.php#top')).toBe('blocked');
    expect(proxy.fetch('http://evil.example/other')).toBe('fetched');
  });
});

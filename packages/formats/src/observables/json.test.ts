import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultNoise } from '../default-noise.ts';
import { noiseList } from '../noise-list.ts';
import { extractObservables } from './extract.ts';
import { extractFromJson } from './json.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const noise = noiseList(defaultNoise);
const places = (value: unknown) => extractFromJson(value, { noise }).map((o) => `${o.path} ${o.type} ${o.value}`);

describe('extractFromJson on three products that name one thing differently', () => {
  it.each([
    [{ src_ip: '203.0.113.5', timestamp: '2026-11-01T10:00:00Z', event_type: 'failed_login' }, 'src_ip'],
    [{ sourceAddress: '203.0.113.5', eventTime: 1793527200, threatGroup: 'APT28' }, 'sourceAddress'],
    [
      { 'remote-ip-address': '203.0.113.5', 'detection-time': '01/11/2026', 'finding-category': 'C2' },
      'remote-ip-address',
    ],
  ])('finds the address in %j', (value, path) => {
    expect(places(value)).toEqual([`${path} ipv4-addr 203.0.113.5`]);
  });
});

describe('extractFromJson on Suricata EVE alerts', () => {
  it('finds both ends and the host', () => {
    expect(places(JSON.parse(fixture('eve-android-dropper.json')))).toEqual([
      'src_ip ipv4-addr 192.168.86.18',
      'dest_ip ipv4-addr 72.16.97.212',
      'http.hostname domain-name sdk.xinxiansk.com',
    ]);
  });

  it('finds the file, and takes no browser version for an address', () => {
    expect(places(JSON.parse(fixture('eve-file-download.json')))).toEqual([
      'src_ip ipv4-addr 173.37.145.84',
      'dest_ip ipv4-addr 192.168.0.1',
      'files[0].filename file:name bodytexttest.txt',
    ]);
  });

  it('finds the redirect inside a request path', () => {
    expect(places(JSON.parse(fixture('eve-ad-redirect.json')))).toContain('http.url domain-name desk.opt.fimserve.com');
  });
});

describe('extractFromJson', () => {
  it('knows accounts, paths with blanks and internal hosts by their fields', () => {
    const value = {
      user: { name: 'alice' },
      'target-user-name': 'CORP\\bob',
      host: { name: 'dc01.corp.local' },
      process: { image: 'C:\\Program Files\\a b.exe' },
      srcuser: '-',
      note: 'alice logged in',
    };
    expect(places(value)).toEqual([
      'user.name user-account alice',
      'target-user-name user-account CORP\\bob',
      'host.name domain-name dc01.corp.local',
      'process.image file:name a b.exe',
    ]);
  });

  it('takes versions for versions and quotes odd names in paths', () => {
    expect(places({ agent_version: '4.7.0.1', 'a b': ['x 9.9.9.9'] })).toEqual(['["a b"][0] ipv4-addr 9.9.9.9']);
  });

  it('goes as deep as the data goes, and stops at the limit', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}"9.9.9.9"${']'.repeat(5000)}`);
    expect(extractFromJson(deep)).toHaveLength(1);
    expect(extractFromJson(['1.1.1.1', '2.2.2.2', '3.3.3.3'], { limit: 2 })).toHaveLength(2);
  });
});

describe('extractObservables on a raw mail', () => {
  it('finds relays, addresses and links', () => {
    const values = extractObservables(fixture('mailing-list.eml'), { noise }).map(({ value }) => value);
    expect(values).toEqual(
      expect.arrayContaining([
        '217.146.183.227',
        'shapelib@lists.maptools.org',
        'http://lists.maptools.org/mailman/listinfo/shapelib',
        'yahoo.fr',
      ]),
    );
  });
});

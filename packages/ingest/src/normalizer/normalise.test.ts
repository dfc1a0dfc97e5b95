import { defaultNoise, noiseList, validateFinding } from '@counterpoint/formats';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fixture, shippedNormalizers } from '../testing/harness.ts';
import { normalise, type ReadFinding } from './normalise.ts';

const NORMALIZERS = shippedNormalizers();
const NOW = Date.UTC(2026, 4, 1);
/** A template of ours, which must stay text. */
const TEMPLATE = ['$', '{{ secrets.key }}'].join('');
const context = { receivedAt: NOW, raw: 'r1', item: 0, noise: noiseList(defaultNoise) };

function read(id: string, item: unknown) {
  const normalizer = NORMALIZERS.get(id);
  if (normalizer === undefined) throw new Error(id);
  return normalise(normalizer, item, context);
}

function finding(id: string, item: unknown): ReadFinding {
  const reading = read(id, item);
  if (reading.kind !== 'finding') throw new Error(`${reading.kind}: ${reading.reason}`);
  expect(validateFinding(reading.finding)).toEqual([]);
  return reading;
}

const eve = fixture('suricata-eve.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const values = (reading: ReadFinding) => reading.observables.map(({ type, value }) => `${type} ${value}`);

describe('Suricata EVE', () => {
  it('joins host and path to a URL, and names where an observable stands', () => {
    const reading = finding('suricata_eve', eve[1]);
    expect(reading.title).toBe('CANARY TEST #1');
    expect(values(reading)).toContain('url http://wrl/file2pcap/bodytexttest%2etxt');
    expect(reading.finding.observables).toContainEqual({
      name: 'evidences[0].src_endpoint.ip',
      type: 'IP Address',
      type_id: 2,
      value: '173.37.145.84',
    });
    expect(reading.finding.evidences?.[0]).toMatchObject({
      src_endpoint: { ip: '173.37.145.84', port: 80 },
      dst_endpoint: { ip: '192.168.0.1', port: 12900, svc_name: 'http' },
      file: { name: '/file2pcap/bodytexttest.txt', size: 3302 },
    });
  });

  it('takes severity, category and MITRE metadata', () => {
    const item = {
      ...eve[0],
      alert: {
        ...eve[0].alert,
        severity: 1,
        category: 'A Network Trojan was detected',
        metadata: {
          mitre_technique_id: ['T1071.001'],
          mitre_technique_name: ['Web_Protocols'],
          mitre_tactic_id: ['TA0011'],
        },
      },
    };
    const { finding: found } = finding('suricata_eve', item);
    expect(found).toMatchObject({ severity_id: 4, finding_info: { types: ['A Network Trojan was detected'] } });
    expect(found.finding_info.attacks).toEqual([
      {
        tactic: { uid: 'TA0011' },
        technique: { uid: 'T1071' },
        sub_technique: { uid: 'T1071.001', name: 'Web_Protocols' },
      },
    ]);
  });

  it('names a rule without text by its id, and takes no URL apart that is whole', () => {
    expect(finding('suricata_eve', eve[4]).title).toBe('Suricata rule 1:2');
    const proxied = { ...eve[1], http: { ...eve[1].http, url: 'http://evil-site.com/x' } };
    expect(values(finding('suricata_eve', proxied))).toContain('url http://evil-site.com/x');
  });

  it('suppresses other records and refuses what is no record', () => {
    expect(read('suricata_eve', { event_type: 'dns', src_ip: '192.0.2.1' })).toEqual({
      kind: 'suppressed',
      reason: 'is a dns record, not an alert',
    });
    expect(read('suricata_eve', { hello: 1 })).toMatchObject({ kind: 'refused' });
    expect(read('suricata_eve', { event_type: 'alert' })).toMatchObject({ kind: 'refused', reason: /no title/ });
  });
});

describe('Wazuh', () => {
  const alert = JSON.parse(fixture('wazuh-brute-force.json'));

  it.each([
    [15, 5],
    [12, 4],
    [10, 3],
    [5, 2],
    [2, 1],
  ])('reads level %i as severity %i', (level, severity) => {
    expect(finding('wazuh', { ...alert, rule: { ...alert.rule, level } }).finding.severity_id).toBe(severity);
  });

  it('reads the alerts of version 3, which had the decoded fields at the top', () => {
    const { data, ...rest } = alert;
    const { finding: found } = finding('wazuh', { ...rest, ...data, rule: { ...alert.rule, id: 5763 } });
    expect(found.evidences?.[0]).toMatchObject({ src_endpoint: { ip: '203.0.113.77' }, user: { name: 'root' } });
  });

  it('merges the same rule, agent, address and account, and nothing else', () => {
    const { key } = finding('wazuh', alert);
    expect(finding('wazuh', { ...alert, id: '1', timestamp: '2026-03-11T09:00:00.000+0000' }).key).toBe(key);
    expect(finding('wazuh', { ...alert, agent: { id: '004' } }).key).not.toBe(key);
    expect(finding('wazuh', { ...alert, data: { ...alert.data, srcip: '203.0.113.78' } }).key).not.toBe(key);
  });

  it('takes no part of Wazuh itself for an observable', () => {
    const reading = finding('wazuh', { ...alert, manager: { name: 'manager.corp.com' } });
    expect(values(reading)).not.toContain('domain-name manager.corp.com');
    expect(values(reading)).toContain('ipv4-addr 203.0.113.77');
  });
});

describe('any normaliser', () => {
  const ids = fc.constantFrom(...NORMALIZERS.keys());
  const hostile = fc.constantFrom<unknown>(
    TEMPLATE,
    '{{ constructor }}',
    '=cmd|calc',
    '\u0000\u001b[2J\r\n',
    '\ud800',
    '<script>alert(1)</script>',
    '../../etc/passwd',
    '9'.repeat(400),
    -1,
    1e308,
    [],
    {},
    [[['x']]],
    null,
    true,
  );

  test.prop([ids, fc.jsonValue({ maxDepth: 5 })])('reads any JSON, or says why not', (id, item) => {
    const reading = read(id, item);
    if (reading.kind === 'finding') expect(validateFinding(reading.finding)).toEqual([]);
    else expect(reading.reason).not.toBe('');
  });

  const paths = (value: unknown, path: string[] = []): string[][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...paths(inner, [...path, key])])
      : [];
  const samples = [
    ['suricata_eve', eve[1]],
    ['wazuh', JSON.parse(fixture('wazuh-brute-force.json'))],
    [
      'generic_json',
      {
        src_ip: '192.0.2.1',
        timestamp: 1,
        title: 't',
        severity: 'high',
        user: 'u',
        url: 'http://a.com/',
        confidence: 5,
      },
    ],
  ] as const;
  const mutation = fc
    .constantFrom(...samples)
    .chain(([id, item]) =>
      fc.tuple(fc.constant(id), fc.constant(item), fc.constantFrom(...paths(item)), fc.oneof(hostile, fc.jsonValue())),
    );

  test.prop([mutation], { numRuns: 500 })('stays valid with anything in any field', ([id, item, path, value]) => {
    const changed = structuredClone(item) as Record<string, unknown>;
    const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, changed);
    parent[path.at(-1) ?? ''] = value;
    const reading = read(id, changed);
    if (reading.kind !== 'finding') return;
    expect(validateFinding(reading.finding)).toEqual([]);
    expect(reading.title).not.toMatch(/\p{Cc}/u);
    expect(reading.key).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(JSON.stringify(reading.finding))).toEqual(reading.finding);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('keeps hostile text as text', () => {
    const title = `${TEMPLATE} <img src=x onerror=alert(1)> =HYPERLINK("http://evil-site.com")`;
    const { finding: found, title: kept } = finding('generic_json', {
      title,
      __proto__: { polluted: 1 },
      constructor: 'x',
    });
    expect(kept).toBe(title);
    expect(found.finding_info.title).toBe(title);
  });

  it('gives equal findings for equal items', () => {
    expect(read('suricata_eve', eve[1])).toEqual(read('suricata_eve', structuredClone(eve[1])));
  });

  it('bounds what it keeps and what it searches of one item', () => {
    const item = {
      title: 't',
      message: 'x'.repeat(4_000_000),
      more: `${'y '.repeat(500_000)} 198.51.100.9`,
      user: 'u'.repeat(100_000),
    };
    const reading = finding('generic_json', item);
    expect(JSON.stringify(reading.finding).length).toBeLessThan(100_000);
    expect(values(reading)).not.toContain('ipv4-addr 198.51.100.9');
  });
});

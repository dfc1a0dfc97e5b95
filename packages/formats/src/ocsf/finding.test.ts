import { describe, expect, it } from 'vitest';
import { observableOf } from '../observables/canonical.ts';
import { observableTypes } from '../observables/observable.ts';
import { detectionFinding, type FindingParts } from './build.ts';
import { findingJsonSchema, validateFinding } from './finding.ts';
import { fromOcsfObservable, toOcsfObservable } from './observables.ts';
import { severityFrom, severityIds, severityName } from './severity.ts';

const parts: FindingParts = {
  time: 1_700_000_000_000,
  severity: 'high',
  message: 'Brute force',
  count: 3,
  metadata: { product: { name: 'Wazuh', vendor_name: 'Wazuh' }, original_time: '2023-11-14T22:13:20Z', uid: 'a1' },
  finding_info: {
    uid: 'rule-5712',
    title: 'sshd: brute force',
    attacks: [
      { tactic: { uid: 'TA0006', name: 'Credential Access' }, technique: { uid: 'T1110', name: 'Brute Force' } },
    ],
  },
  evidences: [{ src_endpoint: { ip: '203.0.113.5', port: 51234 }, user: { name: 'root' } }],
  unmapped: { 'rule.gdpr': ['IV_35.7.d'] },
  rawDataRef: 'raw:0190',
};

describe('detectionFinding', () => {
  it('fills ids and captions so that the finding is valid', () => {
    const finding = detectionFinding(parts);
    expect(validateFinding(finding)).toEqual([]);
    expect(finding).toMatchObject({
      class_uid: 2004,
      category_uid: 2,
      type_uid: 200401,
      activity_id: 1,
      severity_id: 4,
      severity: 'High',
      status_id: 1,
      status: 'New',
      raw_data: 'raw:0190',
      metadata: { version: '1.5.0', uid: 'a1' },
    });
    expect(finding).not.toHaveProperty('rawDataRef');
  });

  it('leaves out what is undefined', () => {
    const finding = detectionFinding({ ...parts, message: undefined, rawDataRef: undefined });
    expect('message' in finding || 'raw_data' in finding).toBe(false);
  });

  it('derives type and captions from activity and status', () => {
    const finding = detectionFinding({ ...parts, activity: 'close', status: 'in_progress', severityLabel: 'P2' });
    expect(finding).toMatchObject({ type_uid: 200403, activity_name: 'Close', status: 'In Progress', severity: 'P2' });
  });
});

describe('validateFinding', () => {
  const finding = detectionFinding(parts);

  it.each([
    [{ ...finding, class_uid: 2001 }, 'class_uid'],
    [{ ...finding, type_uid: 200402 }, 'type_uid'],
    [{ ...finding, severity_id: 7 }, 'severity_id'],
    [{ ...finding, time: '2023' }, 'time'],
    [{ ...finding, finding_info: { title: 'x' } }, 'finding_info.uid'],
    [{ ...finding, evidences: [{ src_endpoint: { port: 70000 } }] }, 'evidences[0].src_endpoint.port'],
    [{ ...finding, finding_info: { uid: 'x', attacks: [{}] } }, 'finding_info.attacks[0]'],
    [{ ...finding, observables: [{ name: 'a', value: 'b' }] }, 'observables[0].type_id'],
    ['text', ''],
  ])('names the place of each fault', (value, path) => {
    expect(validateFinding(value).map((issue) => issue.path)).toEqual([path]);
  });

  it('accepts attributes of OCSF that we do not use', () => {
    expect(validateFinding({ ...finding, risk_score: 80, finding_info: { uid: 'x', kill_chain: [] } })).toEqual([]);
  });

  it('accepts a process with its parents', () => {
    const process = { name: 'c', parent_process: { name: 'b', parent_process: { name: 'a' } } };
    expect(validateFinding({ ...finding, evidences: [{ process }] })).toEqual([]);
  });
});

describe('findingJsonSchema', () => {
  it('requires what OCSF requires', () => {
    const required = [
      'class_uid',
      'category_uid',
      'type_uid',
      'activity_id',
      'severity_id',
      'time',
      'metadata',
      'finding_info',
    ];
    expect(findingJsonSchema()).toMatchObject({ type: 'object', required });
  });
});

describe('observables in OCSF', () => {
  it.each([
    ['ipv4-addr', '192.0.2.1', 2],
    ['ipv4-addr', '192.0.2.0/24', 12],
    ['ipv6-addr', '2001:db8::1', 2],
    ['domain-name', 'evil.org', 1],
    ['url', 'http://evil.org/', 6],
    ['email-addr', 'joe@evil.org', 5],
    ['file:hashes.MD5', 'd41d8cd98f00b204e9800998ecf8427e', 8],
    ['file:name', 'a b.exe', 7],
    ['vulnerability', 'CVE-2021-44228', 18],
    ['mac-addr', '00:1b:44:11:3a:b7', 3],
    ['user-account', 'root', 4],
  ] as const)('%s %s has type_id %i and comes back', (type, value, id) => {
    const observable = observableOf(type, value);
    const written = observable && toOcsfObservable(observable, 'evidences[0].x');
    expect(written).toMatchObject({ name: 'evidences[0].x', type_id: id, value });
    expect(written && fromOcsfObservable(written)).toMatchObject({ type, value });
  });

  it('covers every type', () => {
    for (const type of observableTypes) {
      expect(toOcsfObservable({ type, value: 'x', raw: 'x', offset: 0 }, 'p').type_id).toBeGreaterThan(0);
    }
  });

  it('gives nothing for types that we do not keep', () => {
    expect(fromOcsfObservable({ name: 'p', type_id: 13, value: 'rm -rf' })).toBeUndefined();
  });
});

describe('severityFrom', () => {
  it.each([
    ['High', undefined, 'high'],
    ['very_high', undefined, 'critical'],
    ['WARNING', undefined, 'medium'],
    ['toString', undefined, 'unknown'],
    ['', undefined, 'unknown'],
    [null, undefined, 'unknown'],
    [5, undefined, 'critical'],
    ['4', undefined, 'high'],
    [7, undefined, 'unknown'],
    [1, 'suricata', 'high'],
    [3, 'suricata', 'low'],
    [4, 'suricata', 'informational'],
    [0, 'suricata', 'unknown'],
    [15, 'wazuh', 'critical'],
    [12, 'wazuh', 'high'],
    [10, 'wazuh', 'medium'],
    [5, 'wazuh', 'low'],
    [2, 'wazuh', 'informational'],
    [9.8, 'cvss', 'critical'],
    [6.9, 'cvss', 'medium'],
    [0, 'cvss', 'informational'],
    [11, 'cvss', 'unknown'],
    [73, 'percent', 'high'],
    [0, 'syslog', 'fatal'],
    [7, 'syslog', 'informational'],
  ] as const)('%j on the scale %s is %s', (value, scale, name) => {
    expect(severityFrom(value, scale)).toBe(name);
  });

  it('goes from name to id and back', () => {
    for (const [name, id] of Object.entries(severityIds)) expect(severityName(id)).toBe(name);
  });
});

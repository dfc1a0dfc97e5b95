import { connectorFailure, testConnector } from '@counterpoint/connector-kit/testing';
import { manualClock } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { hashOf, labSample } from './simulated-sample.ts';
import { simulate } from './simulator.ts';

const clock = manualClock();
const SAMPLE = labSample({
  score: 12.6,
  hosts: ['203.0.113.66'],
  domains: [{ domain: 'c2.evil.example', ip: '203.0.113.66' }],
  urls: ['http://c2.evil.example/gate.php'],
  drops: ['payload.dll'],
});
const FILE = { name: 'invoice.exe', content_base64: SAMPLE.toString('base64') };

const { simulator, perform } = testConnector({
  connector: connectors.get('cuckoo')!,
  simulate: () => simulate({ clock }),
  calls: { detonate_file: FILE, get_status: {} },
});

describe('Cuckoo: an analysis', () => {
  it('waits, runs and is reported', async () => {
    expect(await perform('detonate_file', FILE)).toEqual({ task_id: 1 });
    const nothing = { score: null, verdict: 'unknown', ips: [], domains: [], urls: [], dropped: [], signatures: [] };
    const status = () => perform('get_analysis', { task_id: 1 });
    expect(await status()).toEqual({ task_id: 1, status: 'pending', sha256: hashOf(SAMPLE), ...nothing });
    clock.advance(100);
    expect(await status()).toEqual({ task_id: 1, status: 'running', sha256: hashOf(SAMPLE), ...nothing });
    clock.advance(400);
    expect(await status()).toMatchObject({
      status: 'reported',
      sha256: hashOf(SAMPLE),
      score: 100,
      verdict: 'malicious',
      ips: ['203.0.113.66'],
      domains: ['c2.evil.example'],
      urls: ['http://c2.evil.example/gate.php'],
      dropped: [hashOf('payload.dll of invoice.exe')],
    });
  });

  it('hands over every byte, and the name', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_024 }, (_, index) => index % 256));
    await perform('detonate_file', { name: 'ünïcode "x".bin', content_base64: bytes.toString('base64') });
    expect(simulator().tasks()).toMatchObject([{ name: 'ünïcode "x".bin', sha256: hashOf(bytes) }]);
  });

  it.each([
    [0.4, 4, 'unknown'],
    [4, 40, 'suspicious'],
    [7.2, 72, 'malicious'],
  ])('scores %f as %i: %s', async (score, expected, verdict) => {
    const sample = labSample({ score, hosts: [], domains: [], urls: [], drops: [] });
    await perform('detonate_file', { name: 'a.exe', content_base64: sample.toString('base64') });
    clock.advance(500);
    expect(await perform('get_analysis', { task_id: 1 })).toMatchObject({ score: expected, verdict });
  });

  it('is done one after the other', async () => {
    await perform('detonate_file', FILE);
    await perform('detonate_file', FILE);
    clock.advance(500);
    expect(
      simulator()
        .tasks()
        .map(({ status }) => status),
    ).toEqual(['reported', 'running']);
  });

  it('that nobody asked for is not found', async () => {
    expect(await connectorFailure(perform('get_analysis', { task_id: 7 }))).toMatchObject({ reason: 'not_found' });
  });
});

describe('Cuckoo: find_sample', () => {
  it('knows what was handed in', async () => {
    const sha256 = hashOf(SAMPLE);
    expect(await perform('find_sample', { sha256 })).toEqual({ sha256, known: false, file_type: null });
    await perform('detonate_file', FILE);
    expect(await perform('find_sample', { sha256: sha256.toUpperCase() })).toEqual({
      sha256,
      known: true,
      file_type: 'data',
    });
  });
});

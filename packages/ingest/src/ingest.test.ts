import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '@counterpoint/events';
import { type DetectionFinding, validateFinding } from '@counterpoint/formats';
import { corporaFolder, createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { aBench, fixture, tally } from './testing/harness.ts';

describe('ingest', () => {
  it('makes one schema of what a SIEM, an EDR and an IDS call differently', async () => {
    const bench = await aBench(createMemoryStore());
    await bench.send('generic_json', {
      src_ip: '203.0.113.7',
      timestamp: '2026-01-02T03:04:05Z',
      event_type: 'login_failed',
    });
    await bench.send('generic_json', { sourceAddress: '203.0.113.7', eventTime: 1767323045, threatGroup: 'FIN7' });
    await bench.send('generic_json', {
      'remote-ip-address': '203.0.113.7',
      'detection-time': '02/Jan/2026:03:04:05 +0000',
      'finding-category': 'reconnaissance',
    });
    await bench.ingest.idle();
    const findings = (await bench.alerts()).map(({ finding }) => finding as unknown as DetectionFinding);
    expect(findings.map(({ time }) => time)).toEqual([1767323045000, 1767323045000, 1767323045000]);
    expect(findings.map(({ evidences }) => evidences)).toEqual(
      Array(3).fill([{ src_endpoint: { ip: '203.0.113.7' } }]),
    );
    expect(findings.map(({ finding_info }) => finding_info.types)).toEqual([
      ['login_failed'],
      ['FIN7'],
      ['reconnaissance'],
    ]);
    expect(findings.flatMap(validateFinding)).toEqual([]);
  });

  it('turns a Wazuh brute force into what the brute force playbook asks for', async () => {
    const bench = await aBench(createMemoryStore());
    await bench.send('wazuh', fixture('wazuh-brute-force.json'));
    await bench.ingest.idle();
    const [alert] = await bench.alerts();
    expect(alert).toMatchObject({ severity: 3, count: 1, status: 'new', source: 'wazuh' });
    expect(alert?.finding).toMatchObject({
      finding_info: {
        types: ['syslog', 'sshd', 'authentication_failures'],
        attacks: [{ tactic: { name: 'Credential Access' }, technique: { uid: 'T1110', name: 'Brute Force' } }],
      },
      evidences: [{ src_endpoint: { ip: '203.0.113.77', port: 51240 }, user: { name: 'root' } }],
      device: { hostname: 'web-01', ip: '10.20.0.15', uid: '003' },
      time: Date.parse('2026-03-11T08:21:07.411Z'),
    });
    const [event] = await bench.store.find('outbox', {});
    expect(event?.envelope).toMatchObject({
      type: 'alert.created.v1',
      subject: `alert:${alert?.id}`,
      trace: alert?.trace,
      data: {
        alert: {
          id: alert?.id,
          finding: alert?.finding,
          observables: expect.arrayContaining([
            expect.objectContaining({ type: 'ipv4-addr', value: '203.0.113.77' }),
            expect.objectContaining({ type: 'user-account', value: 'root' }),
          ]),
        },
      },
    });
  });

  it('writes the alert, its event, its observables and its decision in one commit', async () => {
    const bench = await aBench(createMemoryStore());
    const changes: Change[] = [];
    bench.store.onCommitted((change) => changes.push(change));
    const { raw } = await bench.send('wazuh', fixture('wazuh-brute-force.json'));
    await bench.ingest.idle();
    const [received, decided, ...rest] = changes;
    expect(rest).toEqual([]);
    expect(received?.rows?.map(({ table }) => table)).toEqual(['raw_inputs']);
    expect(new Set(decided?.rows?.map(({ table }) => table))).toEqual(
      new Set([
        'alerts',
        'normalizer_versions',
        'dedup_windows',
        'observables',
        'observable_links',
        'ingest_decisions',
        'raw_inputs',
      ]),
    );
    expect(decided?.events).toHaveLength(1);
    expect(await bench.store.get('raw_inputs', raw)).toMatchObject({ state: 'processed', rev: 2 });
  });

  it('accounts for each line of an EVE file', async () => {
    const bench = await aBench(createMemoryStore());
    await bench.send('suricata_eve', fixture('suricata-eve.jsonl'), { mediaType: 'application/x-ndjson' });
    await bench.ingest.idle();
    const decisions = await bench.decisions();
    expect(decisions.map(({ item }) => item).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(tally(decisions)).toEqual({ created: 5, merged: 1, duplicate: 1, suppressed: 1 });
    expect(decisions.find(({ decision }) => decision === 'suppressed')?.reason).toBe('is a flow record, not an alert');
    const alerts = await bench.alerts();
    expect(alerts.reduce((sum, { count }) => sum + count, 0)).toBe(6);
    expect(alerts.flatMap(({ finding }) => validateFinding(finding))).toEqual([]);
  });

  it('gives each alert of a batch a trace of its own, and a single one the trace of its raw input', async () => {
    const bench = await aBench(createMemoryStore());
    const batch = await bench.send('suricata_eve', fixture('suricata-eve.jsonl'));
    const single = await bench.send('wazuh', fixture('wazuh-brute-force.json'));
    await bench.ingest.idle();
    const alerts = await bench.alerts();
    expect(new Set(alerts.map(({ trace }) => trace)).size).toBe(6);
    expect(alerts.filter(({ cause }) => cause === `raw:${batch.raw}`)).toHaveLength(5);
    expect(alerts.find(({ source }) => source === 'wazuh')?.trace).toBe(single.trace);
  });

  const corpora = corporaFolder();
  it.skipIf(corpora === undefined)(
    'accounts for all 208 alert lines of the EVE corpus (skipped where the corpora are absent)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'eve-'));
      execFileSync('tar', ['xzf', join(corpora ?? '', 'suricata-eve.tgz'), '-C', folder]);
      const bench = await aBench(createMemoryStore());
      const files = join(folder, 'suricata-eve');
      for (const file of readdirSync(files)) await bench.send('suricata_eve', readFileSync(join(files, file), 'utf8'));
      rmSync(folder, { recursive: true });
      await bench.ingest.idle();
      const decisions = await bench.decisions();
      const counts = tally(decisions);
      expect(counts).toMatchObject({ duplicate: 6, suppressed: 85 });
      expect((counts.created ?? 0) + (counts.merged ?? 0)).toBe(202);
      expect(counts.refused).toBeUndefined();
      const alerts = await bench.alerts();
      expect(alerts).toHaveLength(counts.created ?? 0);
      expect(alerts.reduce((sum, { count }) => sum + count, 0)).toBe(202);
      expect(await bench.store.count('outbox')).toBe(alerts.length);
      expect(alerts.flatMap(({ finding }) => validateFinding(finding))).toEqual([]);
    },
  );
});

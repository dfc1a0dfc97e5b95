import { describe, expect, it } from 'vitest';
import { fixture, shippedNormalizers } from './testing/harness.ts';
import { tryIngest } from './try-ingest.ts';

const options = { normalizers: shippedNormalizers(), now: Date.UTC(2026, 0, 1) };

describe('tryIngest', () => {
  it.each([
    ['suricata-eve.jsonl', 'suricata_eve'],
    ['wazuh-brute-force.json', 'wazuh'],
  ])('detects %s as %s, before the generic one', async (file, id) => {
    const report = await tryIngest(fixture(file), options);
    expect(report).toMatchObject({ normalizer: id, detected: [id, 'generic_json'], problem: null });
    expect(report.items.flatMap(({ issues }) => issues)).toEqual([]);
  });

  it('says of each field which path supplied it', async () => {
    const text = JSON.stringify({
      'remote-ip-address': '203.0.113.7',
      'detection-time': '2026-01-02 03:04:05',
      'finding-category': 'c2',
    });
    const report = await tryIngest(text, options);
    expect(report.normalizer).toBe('generic_json');
    const [item] = report.items;
    expect(item).toMatchObject({
      outcome: 'finding',
      title: 'c2',
      severity: 'Unknown',
      finding_key: '["c2","203.0.113.7",null,null,null]',
    });
    expect(item?.fields).toEqual(
      expect.arrayContaining([
        { target: 'evidences[0].src_endpoint.ip', from: 'remote-ip-address', value: '203.0.113.7' },
        { target: 'time', from: 'detection-time', value: Date.UTC(2026, 0, 2, 3, 4, 5) },
        { target: 'finding_info.types', from: 'finding-category', value: ['c2'] },
        { target: 'severity', from: 'default', value: 'unknown' },
      ]),
    );
  });

  it('counts what would become of each item', async () => {
    const report = await tryIngest(fixture('suricata-eve.jsonl'), options);
    expect(report).toMatchObject({ total: 8, counts: { finding: 6, repeated: 1, suppressed: 1, refused: 0 } });
  });

  it('lets others have their turn while a long text is read, counts all of it and shows the beginning', async () => {
    const [line = ''] = fixture('suricata-eve.jsonl').split('\n');
    let turns = 0;
    let waiting = setImmediate(function turn() {
      turns += 1;
      waiting = setImmediate(turn);
    });
    const report = await tryIngest(`${line}\n`.repeat(5_000), options);
    clearImmediate(waiting);
    expect(turns).toBeGreaterThan(0);
    expect(report).toMatchObject({ total: 5_000, counts: { finding: 1, repeated: 4_999 } });
    expect(report.items).toHaveLength(100);
  });

  it('opens wrappers', async () => {
    const text = JSON.stringify({ total: 1, alerts: [JSON.parse(fixture('wazuh-brute-force.json'))] });
    expect(await tryIngest(text, options)).toMatchObject({ normalizer: 'wazuh', total: 1 });
  });

  it('takes the normaliser it is told, and says when there is none of that name', async () => {
    expect(await tryIngest('{"event_type":"flow"}', { ...options, normalizer: 'suricata_eve' })).toMatchObject({
      normalizer: 'suricata_eve',
      counts: { suppressed: 1 },
    });
    await expect(tryIngest('{}', { ...options, normalizer: 'wazuhh' })).rejects.toThrow(/Did you mean wazuh/);
  });

  it('says where a text breaks, and that nothing detects it', async () => {
    expect(await tryIngest('{"a": b}', options)).toMatchObject({ normalizer: null, problem: { line: 1, column: 7 } });
    expect(await tryIngest('7', options)).toMatchObject({
      normalizer: null,
      problem: { reason: 'no normaliser detects it' },
    });
  });
});

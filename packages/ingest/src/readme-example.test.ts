import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNormalizer } from './normalizer/parse.ts';
import { tryIngest } from './try-ingest.ts';

const README = readFileSync(join(import.meta.dirname, '../../../content/normalizers/README.md'), 'utf8');

describe('the example in content/normalizers/README.md', () => {
  it('works as written', async () => {
    const { normalizer, findings } = parseNormalizer(/```yaml\n(.*?)```/s.exec(README)?.[1] ?? '');
    expect(findings).toEqual([]);
    if (normalizer === undefined) return;
    const detection = {
      kind: 'detection',
      sensor_id: 's1',
      event_id: 7,
      score: 80,
      rule: { id: 12 },
      host: { name: 'pc-1' },
      'source.ip': '192.0.2.9',
      action: 'B',
      who: 'ada',
    };
    const text = JSON.stringify({ detections: [detection, detection, { ...detection, kind: 'heartbeat' }] });
    const report = await tryIngest(text, { normalizers: new Map([[normalizer.id, normalizer]]), now: 0 });
    expect(report.counts).toEqual({ finding: 1, repeated: 1, suppressed: 1, refused: 0 });
    expect(report.items[0]).toMatchObject({
      title: 'Rule 12',
      severity: 'High',
      finding_key: '["12","pc-1"]',
      finding: { evidences: [{ src_endpoint: { ip: '192.0.2.9' } }], unmapped: { disposition: 'blocked' } },
      observables: expect.arrayContaining([{ type: 'user-account', value: 'ada' }]),
      issues: [],
    });
    expect(report.items[2]?.reason).toBe('is a heartbeat record');
  });
});

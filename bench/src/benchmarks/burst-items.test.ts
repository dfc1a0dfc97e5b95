import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBurst } from './burst-items.ts';

const templates = readFileSync(join(import.meta.dirname, '../../fixtures/eve-alerts.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Decides as the product should, in the plainest way: a set of records and a set of finding keys. */
function decide(lines: readonly string[]) {
  const records = new Set<string>();
  const keys = new Set<string>();
  const decisions = { created: 0, merged: 0, duplicate: 0 };
  for (const line of lines) {
    const item = JSON.parse(line);
    const record = JSON.stringify(item);
    const key = JSON.stringify([item.alert.gid, item.alert.signature_id, item.src_ip, item.dest_ip]);
    decisions[records.has(record) ? 'duplicate' : keys.has(key) ? 'merged' : 'created'] += 1;
    records.add(record);
    keys.add(key);
  }
  return decisions;
}

describe('makeBurst', () => {
  const burst = makeBurst(templates, 10_000, Date.UTC(2026, 0, 1));

  it('says what must become of its items', () => {
    expect(burst.expected).toEqual({ created: 7000, merged: 2000, duplicate: 1000 });
    expect(decide(burst.lines)).toEqual(burst.expected);
  });

  it('sends duplicates byte for byte and in other bytes', () => {
    const repeated = burst.lines.length - new Set(burst.lines).size;
    expect(repeated).toBe(500);
    expect(burst.lines.length - new Set(burst.lines.map((line) => line.trim())).size).toBe(1000);
  });

  it('stays an EVE alert whose two records of the ends agree', () => {
    const item = JSON.parse(burst.lines[9_990] ?? '');
    expect(item).toMatchObject({ event_type: 'alert', timestamp: '2026-01-01T00:00:09.990000+0000' });
    expect([item.flow.src_ip, item.flow.dest_ip]).toEqual([item.src_ip, item.dest_ip]);
    expect(item.src_ip).toMatch(/^198\.18\./);
  });

  it('uses every template, and is the same for the same time', () => {
    expect(new Set(burst.lines.map((line) => JSON.parse(line).alert.signature)).size).toBe(templates.length);
    expect(makeBurst(templates, 50, 0)).toEqual(makeBurst(templates, 50, 0));
  });

  it('refuses to make something of nothing', () => expect(() => makeBurst([], 1, 0)).toThrow(RangeError));
});

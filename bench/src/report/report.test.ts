import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchmarks } from '../benchmarks/benchmarks.ts';
import type { LoadFigures, W5Result } from '../benchmarks/w5.ts';
import type { Machine } from '../workspace.ts';
import { medianOf, megabytes, number, table, withSpread } from './figures.ts';
import { fillSection } from './page.ts';
import { renderSection } from './sections.ts';

const flat = (median: number) => ({ median, min: median, max: median });

describe('figures', () => {
  it.each([
    [0, '0'],
    [0.0951, '0.0951'],
    [0.5, '0.5'],
    [21.04, '21'],
    [99.97, '100'],
    [374.4, '374'],
    [41842.3, '41,842'],
  ])('writes %s as %s', (value, text) => expect(number(value)).toBe(text));

  it('writes bytes as megabytes', () => expect(megabytes(94_371_840)).toBe('94.4'));
  it('shows from where to where a figure went', () => {
    expect(withSpread({ median: 0.412, min: 0.4, max: 0.43 })).toBe('0.412 (0.4 to 0.43)');
  });
  it('shows one figure when there is no spread', () => expect(withSpread(flat(3))).toBe('3'));
  it('shows a dash for what could not be measured', () => {
    expect([withSpread(null), medianOf(null)]).toEqual(['–', '–']);
  });
});

describe('table', () => {
  it('lines up, names left and figures right', () => {
    expect(
      table(
        ['program', 'runs/s'],
        [
          ['a', '41,842'],
          ['longer name', '7'],
        ],
      ),
    ).toBe(
      [
        '| program     | runs/s |',
        '|-------------|-------:|',
        '| a           | 41,842 |',
        '| longer name |      7 |',
      ].join('\n'),
    );
  });
});

describe('fillSection', () => {
  const page = 'before\n<!-- figures: w5 -->\n\nold\n\n<!-- end of figures: w5 -->\nafter\n';

  it('replaces what is between the comments and nothing else', () => {
    const filled = fillSection(page, 'w5', 'new $& figures', 'page.md');
    expect(filled).toBe('before\n<!-- figures: w5 -->\n\nnew $& figures\n\n<!-- end of figures: w5 -->\nafter\n');
    expect(fillSection(filled, 'w5', 'old', 'page.md')).toBe(page);
  });

  it('refuses a page without a place', () => {
    expect(() => fillSection(page, 'burst', 'new', 'page.md')).toThrow(
      expect.objectContaining({ code: 'bench.page_without_place' }),
    );
  });

  it('finds a place for every benchmark on the page of the project', () => {
    const real = readFileSync(join(import.meta.dirname, '../../../docs/explanation/performance.md'), 'utf8');
    for (const name of Object.keys(benchmarks)) expect(fillSection(real, name, 'X', 'page')).toContain('\n\nX\n\n');
  });
});

describe('the section of w5', () => {
  const machine: Machine = {
    processor: 'Test CPU',
    cores: 2,
    node: 'v24.0.0',
    platform: 'linux x64',
    filesystem: 'ext4',
    load_average: 0.1,
    at: '2026-01-02T03:04:05.000Z',
  };
  const figures = (perSecond: number, cpu = 0.5): LoadFigures => ({
    per_second: flat(perSecond),
    p50_ms: flat(3.2),
    p99_ms: flat(21),
    generator_cpu: cpu,
  });
  const program = (name: 'counterpoint' | 'floor_step', perSecond: number, cpu?: number) => ({
    name,
    title: name,
    at_32: figures(perSecond, cpu),
    at_1: figures(perSecond / 8),
    rss_bytes: flat(94e6),
    peak_rss_bytes: null,
  });
  const result: W5Result = {
    name: 'w5',
    base: 'floor',
    ratio: 0.5,
    ratio_min: 0.45,
    ratio_max: 0.55,
    ratio_per_run: flat(0.2),
    latency_ratio: flat(1.5),
    rounds: 3,
    seconds: 5,
    programs: [program('counterpoint', 4600), program('floor_step', 9200)],
  };

  it('shows programs, ratio with spread, and where it was measured', () => {
    const text = renderSection(result, machine);
    expect(text).toMatch(/\| counterpoint \| +4,600 \| +3\.2 \| +21 \| +575 \| +3\.2 \| +21 \| +94 \| +– \|/);
    expect(text).toContain('**0.5 (0.45 to 0.55)**');
    expect(text).toContain('Measured 2026-01-02 on Test CPU, 2 cores shared with the load generator, ext4');
    expect(text).not.toMatch(/limit|idle|tmpfs/);
  });

  it('says when a figure is not what it seems', () => {
    const limited = { ...result, programs: [program('counterpoint', 4600, 0.97)] };
    const text = renderSection(limited, { ...machine, filesystem: 'tmpfs', load_average: 3, cores: 1 });
    expect(text).toContain('The load generator was the limit of "counterpoint"');
    expect(text).toMatch(/in memory \(tmpfs\)/);
    expect(text).toMatch(/not idle before \(load 3\.0\)/);
    expect(text).toMatch(/one core/);
  });
});

describe('figures of the fabric', () => {
  const flat = (value: number) => ({ median: value, min: value, max: value });
  const machine: Machine = {
    processor: 'Test CPU',
    cores: 2,
    node: 'v24.0.0',
    platform: 'linux x64',
    filesystem: 'ext4',
    load_average: 0,
    at: '2026-01-02T03:04:05.000Z',
  };

  it('show the way of an event, and a memory that cannot be read as a dash', () => {
    const text = renderSection(
      {
        ...{ name: 'fabric', rounds: 1, events: 2_500, per_second: 500 },
        ...{ p50_ms: flat(3.5), p99_ms: flat(12), durable_per_second: flat(12_000), idle_mqtt_bytes: null },
      },
      machine,
    );
    expect(text).toMatch(/event to product at 500\/s, p50 ms +\| +3\.5 \|/);
    expect(text).toMatch(/idle MQTT connection, kB +\| +– \|/);
  });

  it('show ratios of what was measured in turns', () => {
    const nats = { log_per_second: flat(9_000), bare_per_second: flat(10_000), ratio: flat(0.9) };
    expect(renderSection({ name: 'nats', rounds: 2, events: 100, ...nats }, machine)).toContain(
      'Ratio: **0.9**. 2 rounds',
    );
    const side = { ready_ms: flat(900), published_per_second: flat(11_000), tail_p50_ms: flat(2) };
    const ratios = { ready_ratio: flat(1.1), publish_ratio: flat(0.95), tail_ratio: flat(1.05) };
    const large = { name: 'fabric_large', rounds: 1, events: 1_000_000, empty: side, full: side, ...ratios } as const;
    expect(renderSection(large, machine)).toMatch(/\| ratio +\| +1\.1 \| +0\.95 \| +1\.05 \|/);
  });
});

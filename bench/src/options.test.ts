import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

const parse = (...args: string[]) => parseOptions(args, '/data');

describe('parseOptions', () => {
  it('measures everything three times by default', () => {
    expect(parse()).toEqual({
      json: false,
      only: [
        'w5',
        'w5_postgres',
        'w5_large',
        'linear',
        'waiting',
        'fabric',
        'fabric_large',
        'nats',
        'dxl',
        'burst',
        'start',
      ],
      rounds: 3,
      seconds: 5,
      dir: '/data',
      keep: false,
      write: false,
    });
  });

  it('takes a choice, in the order in which benchmarks run', () => {
    expect(parse('--json', '--only', 'start, w5', '--rounds', '5', '--seconds', '0.5')).toMatchObject({
      json: true,
      only: ['w5', 'start'],
      rounds: 5,
      seconds: 0.5,
    });
  });

  it('refuses an unknown benchmark and names the nearest', () => {
    expect(() => parse('--only', 'bursts')).toThrow(
      expect.objectContaining({ code: 'bench.benchmark_unknown', message: expect.stringContaining('mean burst') }),
    );
  });

  it.each(['0', '-1', '1.5', 'many', ''])('refuses --rounds %j', (text) => {
    expect(() => parse('--rounds', text)).toThrow(expect.objectContaining({ code: 'bench.number_invalid' }));
  });
});

import { describe, expect, it } from 'vitest';
import { parseMemory, readMemory } from './memory.ts';

describe('parseMemory', () => {
  it('reads resident memory and its peak in bytes', () => {
    const status = 'Name:\tnode\nVmPeak:\t  999999 kB\nVmHWM:\t  120000 kB\nVmRSS:\t   90000 kB\nRssAnon:\t 1 kB\n';
    expect(parseMemory(status)).toEqual({ rss_bytes: 92_160_000, peak_rss_bytes: 122_880_000 });
  });
  it('gives nothing for a process without memory of its own', () =>
    expect(parseMemory('Name:\tkthreadd\n')).toBeUndefined());
});

describe('readMemory', () => {
  it('gives nothing for a process that is not there', () => expect(readMemory(2 ** 30)).toBeUndefined());
});

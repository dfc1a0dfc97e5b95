import { describe, expect, it } from 'vitest';
import { nearest } from './suggest.ts';
import { escapeControl } from './terminal.ts';

describe('nearest', () => {
  it('finds a slip of the finger and nothing far-fetched', () => {
    const known = ['malicious', 'suspicious', 'harmless'];
    expect(nearest('malicous', known)).toBe('malicious');
    expect(nearest('Suspicious', known)).toBe('suspicious');
    expect(nearest('weather', known)).toBeUndefined();
  });
});

describe('escapeControl', () => {
  it('makes escape sequences, line breaks and direction overrides visible', () => {
    expect(escapeControl('a\u001b[31mb\r\nc\u202ed')).toBe('a\\u001b[31mb\\u000d\\u000ac\\u202ed');
    expect(escapeControl('zürich 東京')).toBe('zürich 東京');
  });
});

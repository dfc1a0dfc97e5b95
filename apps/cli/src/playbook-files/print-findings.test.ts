import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { plainFinding } from './file-finding.ts';
import { excerpt } from './print-findings.ts';

function shown(text: string, line: number, column: number, length: number): string[] {
  return excerpt(text, { ...plainFinding('x', 'x', { line, column }), length }).map(stripVTControlCharacters);
}

describe('excerpt', () => {
  it('puts carets under what is meant', () => {
    expect(shown('a: 1\nb: wrong\n', 2, 4, 5)).toEqual(['2 │ b: wrong', '  │    ^^^^^']);
  });

  it('stays within the line, also when what is meant goes on behind it', () => {
    expect(shown('steps:\n  - a\n  - b\n', 1, 1, 40)).toEqual(['1 │ steps:', '  │ ^^^^^^']);
  });

  it('cuts long lines around the place', () => {
    const [line = '', carets = ''] = shown(`${'x'.repeat(300)}HERE${'y'.repeat(300)}`, 1, 301, 4);
    expect(line.length).toBeLessThan(120);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('shows control characters without sending them', () => {
    expect(shown('a: \u001b[31mred', 1, 4, 1)[0]).not.toContain('\u001b');
  });

  it('shows nothing for a line that is not there', () => {
    expect(shown('a: 1', 9, 1, 1)).toEqual([]);
  });
});

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { printable } from './terminal.ts';

const ESC = '\u001b';

describe('printable', () => {
  it('shows what would steer a terminal', () => {
    const hostile = {
      cursor: `${ESC}[2J${ESC}[1;1H`,
      title: `${ESC}]0;owned\u0007`,
      clipboard: `${ESC}]52;c;cm0gLXJm\u001b\\`,
      hidden: `${ESC}[8m`,
      c1: '\u009b2J',
      line: 'ok\rall is well',
      bidi: 'gpj.\u202eexe',
    };
    for (const [name, text] of Object.entries(hostile)) {
      expect(printable(text), name).not.toMatch(/[\p{Cc}\u202e]/u);
    }
    expect(printable(hostile.line)).toBe('ok\\u000dall is well');
  });

  it('leaves colours, tabs and ends of lines', () => {
    const text = `${ESC}[31mred${ESC}[39m\n\t${ESC}[100mx${ESC}[49m`;
    expect(printable(text)).toBe(text);
  });

  test.prop([fc.jsonValue(), fc.string({ unit: 'binary' })])('leaves JSON the same data', (value, text) => {
    const data = [value, text];
    expect(JSON.parse(printable(JSON.stringify(data, null, 2)))).toEqual(JSON.parse(JSON.stringify(data)));
  });
});

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { readBody, readingOf } from './body.ts';

const LIMITS = { jsonDepth: 64, items: 1000 };

describe('readingOf', () => {
  it.each([
    ['application/json', 'json'],
    ['Application/JSON; charset=utf-8', 'json'],
    ['application/x-ndjson', 'lines'],
    ['text/plain;charset="UTF-8"', 'lines'],
  ])('reads %s as %s', (mediaType, reading) => expect(readingOf(mediaType)).toBe(reading));

  it.each([
    '',
    'text/html',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/json\t',
    ' application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; profile=x',
    'application/json, text/plain',
    'application/json/../../etc/passwd',
    `application/json${' '.repeat(10_000)}`,
  ])('refuses %j', (mediaType) => expect(readingOf(mediaType)).toBeUndefined());
});

describe('readBody', () => {
  it('reads one value, whatever it is labelled', () => {
    const expected = { items: [{ value: { a: 1 } }], whole: true };
    expect(readBody('{\n "a": 1\n}', 'json', LIMITS)).toEqual(expected);
    expect(readBody('{\n "a": 1\n}', 'lines', LIMITS)).toEqual(expected);
    expect(readBody('\n{"a":1}\n', 'lines', LIMITS)).toEqual(expected);
  });

  it('reads lines, whatever they are labelled, and names the line that cannot be read', () => {
    for (const reading of ['json', 'lines'] as const) {
      const body = readBody('{"a":1}\r\n\n{"a":\n{"a":3}', reading, LIMITS);
      expect(body).toMatchObject({
        whole: false,
        items: [{ value: { a: 1 } }, { problem: expect.stringMatching(/^line 3: /) }, { value: { a: 3 } }],
      });
    }
  });

  it('says where a single value breaks', () => {
    expect(readBody('{"a":1,}', 'json', LIMITS)).toMatchObject({ line: 1, column: 8 });
    expect(readBody('{"a":1,\n  b: 2}', 'json', LIMITS)).toMatchObject({ line: 2, column: 3 });
  });

  it('makes control characters of the sender visible', () => {
    const body = readBody('[x\u001b[31m', 'json', LIMITS);
    expect('problem' in body && body.problem).toContain('\\u001b');
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n\t '],
    ['an open bracket bomb', '['.repeat(100_000)],
    ['a deep value', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
    ['a list of too many items', `[${'0,'.repeat(1000)}0]`],
    ['too many lines', '{}\n'.repeat(1001)],
    ['a hundred thousand broken lines', '{\n'.repeat(100_000)],
  ])('refuses %s', (_name, text) => {
    expect(readBody(text, 'json', LIMITS)).toHaveProperty('problem');
    expect(readBody(text, 'lines', LIMITS)).toHaveProperty('problem');
  });

  test.prop([fc.string({ unit: 'binary' }), fc.constantFrom('json' as const, 'lines' as const)])(
    'reads any text or says why not',
    (text, reading) => {
      const body = readBody(text, reading, LIMITS);
      expect('problem' in body ? body.problem.length > 0 : body.items.length > 0).toBe(true);
    },
  );

  test.prop([fc.array(fc.object(), { minLength: 1, maxLength: 5 })])('gives back the lines it was given', (objects) => {
    const body = readBody(objects.map((one) => JSON.stringify(one)).join('\n'), 'lines', LIMITS);
    const expected = objects.map((one) => ({ value: JSON.parse(JSON.stringify(one)) }));
    expect(body).toMatchObject({ items: expected });
  });
});

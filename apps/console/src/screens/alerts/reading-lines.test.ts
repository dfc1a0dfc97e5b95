import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastWords } from './last-words.ts';
import { attacksOf, factsOf, fieldsFrom, isPartOf, itemLines, shownValue } from './reading-lines.ts';

describe('itemLines', () => {
  it('is the pretty-printed JSON, line by line, whatever the item', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = itemLines(value)
          .map((line) => line.text)
          .join('');
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('marks a value with everything in it, and nothing beside it', () => {
    const lines = itemLines({ a: { b: [1, 2] }, ab: 3, 'a/x': 4 });
    const marked = (place: string) => lines.filter((line) => isPartOf(line, [place])).map(({ text }) => text);
    expect(marked('/a/b')).toEqual(['"b": [', '1,', '2', ']']);
    expect(marked('/a~1x')).toEqual(['"a/x": 4']);
    expect(marked('/none')).toEqual([]);
  });

  it('stops after 2,000 lines', () => {
    expect(itemLines(Array.from({ length: 9_999 }, (_, index) => index)).length).toBe(2_000);
  });
});

describe('fieldsFrom', () => {
  it('names the fields that were taken from a line', () => {
    const fields = [
      { target: 'ip', places: ['/src'] },
      { target: 'url', places: ['/host', '/path'] },
    ];
    expect(fieldsFrom({ place: '/path' }, fields)).toEqual(['url']);
    expect(fieldsFrom({ place: '/src/0' }, fields)).toEqual(['ip']);
    expect(fieldsFrom({ place: '' }, fields)).toEqual([]);
  });
});

describe('the summary', () => {
  const finding = {
    finding_info: {
      analytic: { name: 'Rule' },
      attacks: [
        { technique: { uid: 'T1110' }, sub_technique: { uid: 'T1110.001', name: 'Guessing' } },
        { tactic: { name: 'Impact' } },
        7,
      ],
    },
    evidences: [{ src_endpoint: { ip: '203.0.113.7', port: 22 } }],
    device: { hostname: ['a', 'b'] },
  };

  it('says who, what and where, and leaves out what is not there', () => {
    expect(factsOf(finding).map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'Rule: Rule',
      'Host: a, b',
      'From address: 203.0.113.7',
      'From port: 22',
    ]);
    expect(factsOf(null)).toEqual([]);
  });

  it('names techniques by the most precise of them', () => {
    expect(attacksOf(finding)).toEqual(['T1110.001 Guessing', 'Impact']);
    expect(attacksOf({})).toEqual([]);
  });
});

describe('shownValue', () => {
  it('writes times as times and lists with commas', () => {
    expect(shownValue('start_time', 1_800_000_000_000)).toContain('2027-01-15');
    expect(shownValue('x.port', 443)).toBe('443');
    expect(shownValue('types', ['a', 'b'])).toBe('a, b');
  });
});

describe('lastWords', () => {
  it('keeps the last word of each source, the gravest first', () => {
    const said = (source: string, verdict: string, at: number, score: number | null = null) => ({
      source,
      verdict,
      at,
      score,
    });
    const words = lastWords([
      said('a', 'malicious', 1),
      said('a', 'benign', 2),
      said('b', 'suspicious', 1),
      said('c', 'suspicious', 1, 80),
    ]);
    expect(words.map(({ source }) => source)).toEqual(['c', 'b', 'a']);
  });
});

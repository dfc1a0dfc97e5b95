import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePlaybook } from '../compile.ts';
import { toJson } from './node.ts';
import { parseDocument } from './parse.ts';

function codes(text: string): readonly string[] {
  return parseDocument(text).findings.map((finding) => finding.code.replace('playbook.', ''));
}

describe('parseDocument', () => {
  it('keeps the position of every node', () => {
    const { root, source } = parseDocument('a: 1\nb:\n  - "two"\n  - { c: three }\n');
    expect(root && toJson(root)).toEqual({ a: 1, b: ['two', { c: 'three' }] });
    const list = root?.kind === 'map' ? root.entries[1]?.value : undefined;
    const texts =
      list?.kind === 'list' ? list.items.map(({ position }) => source.text.slice(position.from, position.to)) : [];
    expect(texts).toEqual(['"two"', '{ c: three }']);
    expect(list?.kind === 'list' && list.items[1]?.position).toMatchObject({ line: 4, column: 5 });
  });

  it('reads scalars as YAML 1.2 does', () => {
    const { root } = parseDocument('a: yes\nb: 0o17\nc: 1_000\nd: 2026-01-01\ne: ~\nf: "5"\ng: 12e3\n');
    expect(root && toJson(root)).toEqual({ a: 'yes', b: 15, c: '1_000', d: '2026-01-01', e: null, f: '5', g: 12_000 });
  });

  it('gives aliases the value of the anchor before them and the place of the alias', () => {
    const { root, findings } = parseDocument('a: &list [1, 2]\nb: *list\na2: &list [3]\nc: *list\n');
    expect(findings).toEqual([]);
    expect(root && toJson(root)).toEqual({ a: [1, 2], b: [1, 2], a2: [3], c: [3] });
    expect(root?.kind === 'map' && root.entries[1]?.value.position.line).toBe(2);
  });

  it('keeps a key __proto__ as data', () => {
    const { root } = parseDocument('__proto__: { polluted: true }\n');
    const json = root && toJson(root);
    expect(Object.keys(json ?? {})).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('says where the first of two equal keys is', () => {
    const { findings } = parseDocument('a: 1\nb: 2\na: 3\n');
    expect(findings[0]).toMatchObject({ code: 'playbook.duplicate_key', position: { line: 3, column: 1 } });
    expect(findings[0]?.message).toContain('line 1');
  });
});

const bombs: readonly (readonly [string, string, string])[] = [
  ['5 MB of text', `a: ${'x'.repeat(5 * 1024 * 1024)}`, 'too_large'],
  ['200,000 opening brackets', '['.repeat(200_000), 'too_deep'],
  ['200,000 opening braces', '{'.repeat(200_000), 'too_deep'],
  ['block sequences nested 100,000 deep', '- '.repeat(100_000), 'too_deep'],
  ['explicit keys nested 100,000 deep', '? '.repeat(100_000), 'too_deep'],
  ['maps nested 400 deep', Array.from({ length: 400 }, (_, at) => `${' '.repeat(at)}a:\n`).join(''), 'too_deep'],
  ['20,000 keys', Array.from({ length: 20_000 }, (_, at) => `k${at}: 1\n`).join(''), 'too_many_parts'],
  ['80,000 anchors', '&a '.repeat(80_000), 'too_many_parts'],
  ['80,000 tags', '!a '.repeat(80_000), 'too_many_parts'],
  ['60,000 documents', '---\n'.repeat(60_000), 'several_documents'],
  ['150 aliases', `a: &a 1\nb: [${Array.from({ length: 150 }, () => '*a').join(', ')}]\n`, 'too_many_parts'],
  [
    'a billion laughs',
    Array.from(
      { length: 9 },
      (_, at) => `a${at}: &a${at} [${Array.from({ length: 9 }, () => (at ? `*a${at - 1}` : 'ha')).join(', ')}]\n`,
    ).join(''),
    'too_many_parts',
  ],
  ['200,000 empty lines', '\n'.repeat(200_000), 'too_many_parts'],
  ['100,000 comments', '#\n'.repeat(100_000), 'too_many_parts'],
  ['200,000 quotes', '"'.repeat(200_000), 'too_many_parts'],
];

describe('bombs', () => {
  it.each(bombs)('%s get a finding; what is not bounded would outlast the test', (_name, text, code) => {
    expect(codes(text)).toContain(code);
    expect(compilePlaybook(text).plan).toBeUndefined();
  });

  it('a hundred-thousand-character condition is read', () => {
    const text = `kind: playbook/v1\nid: t\ntitle: T\nsteps:\n  - id: a\n    if: ${'(a+)+$ '.repeat(14_000)}\n    set: { x: 1 }\n`;
    expect(compilePlaybook(text).plan).toBeUndefined();
  });
});

describe('arbitrary text', () => {
  const snippet = fc.constantFrom(
    '- ',
    ': ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '!',
    '&a',
    '*a',
    '|',
    '>',
    '#',
    '${{',
    '}}',
    'if',
    'id',
    '? ',
    '---',
    '%',
    '\t',
    '<<',
    ',',
    'a',
  );

  it('gives findings and never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          fc.array(snippet, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const { root, findings } = parseDocument(text);
          expect(root !== undefined || findings.length > 0).toBe(true);
          for (const { position } of findings) {
            expect(position.from).toBeGreaterThanOrEqual(0);
            expect(position.to).toBeLessThanOrEqual(text.length);
            expect(position.line).toBeGreaterThanOrEqual(1);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('that is JSON is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const expected: unknown = JSON.parse(text);
        const { root, findings } = parseDocument(text);
        const complaints = findings.filter(
          (finding) => !['playbook.key_not_text', 'playbook.merge_key', 'playbook.number'].includes(finding.code),
        );
        fc.pre(complaints.length === findings.length);
        expect(findings).toEqual([]);
        expect(root && toJson(root)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

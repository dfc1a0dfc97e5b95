import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseNormalizer } from './parse.ts';

const GOOD = `kind: normalizer/v1
id: mine
title: Mine
product: { name: Mine }
detect: has(item.a)
key: [a]
severity: { from: level }
fields:
  finding_info.title: a
`;

const faults: [string, string, string, number?][] = [
  ['an unknown key', `${GOOD}detects: true\n`, 'normalizer.unknown_key', 10],
  [
    'an unknown key in a rule',
    GOOD.replace('title: a', 'title: { from: a, mapp: { x: y } }'),
    'normalizer.unknown_key',
    9,
  ],
  ['another kind', GOOD.replace('normalizer/v1', 'playbook/v1'), 'normalizer.schema', 1],
  ['a missing section', GOOD.replace('key: [a]\n', ''), 'normalizer.schema'],
  ['a field that OCSF does not have', GOOD.replace('finding_info.title', 'finding_info.titel'), 'normalizer.target', 9],
  ['a field with a section of its own', `${GOOD}  severity_id: a\n`, 'normalizer.target', 10],
  ['a field that holds others', `${GOOD}  device: a\n`, 'normalizer.target', 10],
  ['a list without index', `${GOOD}  evidences.src_endpoint.ip: a\n`, 'normalizer.target', 10],
  ['a malformed path', GOOD.replace('title: a', 'title: a..b'), 'normalizer.path', 9],
  ['a broken expression', GOOD.replace('has(item.a)', 'has(item.'), 'normalizer.expression', 5],
  ['a refused function', GOOD.replace('has(item.a)', 'item.a.matches("(a+)+$")'), 'normalizer.expression', 5],
  ['an expression about something else', GOOD.replace('has(item.a)', 'secrets.key == "x"'), 'normalizer.expression', 5],
  ['a broken template', GOOD.replace('title: a', 'title: { from: { template: "{a" } }'), 'normalizer.template', 9],
  ['a broken time format', `${GOOD}  time: { from: a, format: QQ }\n`, 'normalizer.time_format', 10],
  ['a time format on a text', GOOD.replace('title: a', 'title: { from: a, format: iso }'), 'normalizer.time_format', 9],
  ['a severity that is none', GOOD.replace('from: level', 'from: level, default: awful'), 'normalizer.schema', 7],
  ['an unknown scale', GOOD.replace('from: level', 'from: level, scale: stars'), 'normalizer.schema', 7],
  ['an unknown type of observable', `${GOOD}observables: { add: [{ type: ip, from: a }] }\n`, 'normalizer.schema', 10],
  ['no title', GOOD.replace('finding_info.title', 'message'), 'normalizer.title_missing'],
  ['a key twice', `${GOOD}id: other\n`, 'normalizer.yaml'],
  ['a tag', GOOD.replace('title: Mine', 'title: !!js/function x'), 'normalizer.yaml'],
  ['aliases', `${GOOD}description: &a x\nitems: [*a]\n`, 'normalizer.yaml'],
  ['brackets without end', '['.repeat(50_000), 'normalizer.yaml'],
  ['a huge document', `${GOOD}# ${'x'.repeat(300_000)}`, 'normalizer.yaml'],
];

describe('parseNormalizer', () => {
  it('reads a document', () => {
    expect(parseNormalizer(GOOD)).toMatchObject({ normalizer: { id: 'mine', title: 'Mine' }, findings: [] });
  });

  it.each(faults)('finds %s', (_name, text, code, line) => {
    const { normalizer, findings } = parseNormalizer(text);
    expect(normalizer).toBeUndefined();
    expect(findings.map((one) => one.code)).toContain(code);
    if (line !== undefined) expect(findings.find((one) => one.code === code)?.line).toBe(line);
  });

  it('suggests the name that was meant', () => {
    const messages = (text: string) =>
      parseNormalizer(text)
        .findings.map(({ message }) => message)
        .join();
    expect(messages(GOOD.replace('finding_info.title', 'finding_info.titl'))).toContain('did you mean "title"');
    expect(messages(`${GOOD}severty: x\n`)).toContain('Did you mean "severity"');
  });

  test.prop([fc.string(), fc.nat(GOOD.length)])('never throws, whatever stands in it', (noise, at) => {
    const { normalizer, findings } = parseNormalizer(GOOD.slice(0, at) + noise + GOOD.slice(at));
    expect(normalizer === undefined).toBe(findings.length > 0);
  });
});

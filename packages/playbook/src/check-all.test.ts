import { describe, expect, it } from 'vitest';
import { checkPlaybooks } from './check-all.ts';
import { testCatalogue } from './testing/catalogue.ts';

function playbook(id: string, call: string | undefined, more = ''): string {
  const step = call ? `{ id: a, call: ${call} }` : '{ id: a, set: { x: 1 } }';
  return `kind: playbook/v1\nid: ${id}\ntitle: T\nsteps:\n  - ${step}\n${more}`;
}

function outputs(expression: string): string {
  return `outputs: { x: "\${{ ${expression} }}" }\n`;
}

function codes(texts: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  const results = checkPlaybooks(new Map(Object.entries(texts)), testCatalogue);
  return Object.fromEntries([...results].map(([key, { findings }]) => [key, findings.map((finding) => finding.code)]));
}

describe('checkPlaybooks', () => {
  it('checks calls against signatures, in whatever order the documents come', () => {
    const outer = playbook('outer', 'inner', outputs('steps.a.y'));
    const inner = playbook('inner', undefined, outputs('steps.a.x'));
    expect(codes({ outer, inner })).toEqual({ outer: ['expressions.no_such_field'], inner: [] });
    expect(codes({ inner, outer: outer.replace('steps.a.y', 'steps.a.x') })).toEqual({ inner: [], outer: [] });
  });

  it('reports calls in circles on every playbook of the circle, and names the way', () => {
    const texts = { one: playbook('one', 'two'), two: playbook('two', 'three'), three: playbook('three', 'one') };
    expect(codes(texts)).toEqual({
      one: ['playbook.call_cycle'],
      two: ['playbook.call_cycle'],
      three: ['playbook.call_cycle'],
    });
    const { findings } = checkPlaybooks(new Map(Object.entries(texts)), testCatalogue).get('one') ?? { findings: [] };
    expect(findings[0]?.message).toContain('one -> two -> three -> one');
  });

  it('does not blame a playbook that only calls into a circle', () => {
    const texts = { outside: playbook('outside', 'one'), one: playbook('one', 'two'), two: playbook('two', 'one') };
    expect(codes(texts)).toMatchObject({ outside: [], one: ['playbook.call_cycle'] });
  });

  it('leaves documents that cannot be read to their own findings', () => {
    expect(codes({ broken: 'kind: [', caller: playbook('caller', 'broken') })).toEqual({
      broken: ['playbook.yaml'],
      caller: ['playbook.unknown_playbook'],
    });
  });
});

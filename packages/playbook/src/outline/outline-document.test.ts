import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testCatalogue } from '../testing/catalogue.ts';
import type { OutlineSlot } from './outline.ts';
import { outlineDocument, stepAt } from './outline-document.ts';
import { stepsOf } from './steps.ts';

const everyVerb = readFileSync(join(import.meta.dirname, '../good/every_verb.yaml'), 'utf8');
const faulty = join(import.meta.dirname, '../faulty');

/** Each step as `<list it stands in> <address> <kind>`. */
function flat(slots: readonly OutlineSlot[]): readonly string[] {
  return slots.flatMap(({ name, steps }) =>
    steps.flatMap((step) => [`${name} ${step.address} ${step.kind}`, ...flat(step.slots)]),
  );
}

describe('outlineDocument', () => {
  it('gives every step its address, kind and place', () => {
    const { slots } = outlineDocument(everyVerb, testCatalogue);
    const steps = [...stepsOf(slots)];
    expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['action', 'call', 'until', 'while', 'undo']));
    for (const { name, from, to, line } of steps) {
      expect(everyVerb.slice(from, to)).toContain(`id: ${name}`);
      expect(everyVerb.slice(0, from).split('\n')).toHaveLength(line);
    }
  });

  it('puts only loops before the id of a step', () => {
    const text = `kind: playbook/v1
steps:
  - id: outer
    foreach: inputs.list
    do:
      - id: choice
        if: item
        then:
          - id: inner
            while: true
            do:
              - id: deep
                set: { x: 1 }
        else: [{ id: other, set: { x: 1 } }]
`;
    expect(flat(outlineDocument(text).slots)).toEqual([
      'steps outer foreach',
      'do outer.choice if',
      'then outer.inner while',
      'do outer.inner.deep set',
      'else outer.other set',
    ]);
  });

  it('says of actions what is known of them', () => {
    const { slots } = outlineDocument(everyVerb, testCatalogue);
    const block = [...stepsOf(slots)].find(({ name }) => name === 'block');
    expect(block).toMatchObject({
      summary: 'fw.block_ip inputs.address in',
      connector: 'firewall',
      action: 'block_ip',
      effect: 'contain',
      condition: 'steps.decision.approved',
      marks: { lease: '24h, case open', undoneBy: 'on_stop' },
    });
    const web = [...stepsOf(slots)].find(({ name }) => name === 'block_web');
    expect(web).toMatchObject({ capability: 'block_url', connector: '', effect: 'contain' });
  });

  it('names lists that are not written yet, and those that no edit reaches', () => {
    const text = `kind: playbook/v1
inputs: &list [{ id: b, fail: c }]
steps:
  - id: a
    if: x
    then: *list
  - { id: d, if: x, then: [{ id: e, fail: c }] }
`;
    const [steps] = outlineDocument(text).slots;
    const [then, otherwise] = steps?.steps[0]?.slots ?? [];
    expect(then).toMatchObject({ name: 'then', written: true, fixed: true });
    expect(then?.steps[0]).toMatchObject({ address: 'b', fixed: true });
    expect(otherwise).toMatchObject({ name: 'else', written: false, fixed: false, steps: [] });
    expect(steps?.steps[1]?.slots.map(({ fixed }) => fixed)).toEqual([false, false]);
  });

  it('takes comments right above a step for its own', () => {
    const text = 'kind: playbook/v1\nsteps:\n  - id: a\n    fail: x\n\n  # one\n  # two\n  - id: b\n    fail: y\n';
    const [, b] = outlineDocument(text).slots[0]?.steps ?? [];
    expect(b).toMatchObject({ headLine: 6, line: 8, endLine: 9 });
  });

  it('tells steps without an id, or with the id of another, by their line', () => {
    const text = 'kind: playbook/v1\nsteps:\n  - fail: x\n  - id: a\n    fail: y\n  - id: a\n    fail: z\n';
    expect([...stepsOf(outlineDocument(text).slots)].map(({ address }) => address)).toEqual(['@3', 'a', 'a@6']);
  });

  it('gives what can be read of faulty documents', () => {
    for (const file of readdirSync(faulty)) {
      const text = readFileSync(join(faulty, file), 'utf8');
      expect(() => outlineDocument(text, testCatalogue)).not.toThrow();
    }
    const broken =
      'kind: playbook/v1\nid: p\nsteps:\n  - id: a\n    fail: x\n  - id: b\n    act\n  - id: c\n    wait: { for: 1s\n';
    expect([...stepsOf(outlineDocument(broken).slots)].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.nat(), fc.string({ maxLength: 10 }), (text, at, inserted) => {
        expect(() => outlineDocument(text)).not.toThrow();
        const cut = at % everyVerb.length;
        expect(() => outlineDocument(everyVerb.slice(0, cut) + inserted + everyVerb.slice(cut))).not.toThrow();
      }),
    );
  });

  it('refuses bombs as the checker does', () => {
    const bomb = `kind: playbook/v1\na: &a [x]\n${'b: [*a, *a]\n'.repeat(60)}`;
    expect(outlineDocument(bomb).findings.map(({ code }) => code)).toContain('playbook.too_many_parts');
    expect(outlineDocument('['.repeat(10_000))).toMatchObject({ readable: false });
    expect(outlineDocument('a'.repeat(300_000)).findings[0]?.code).toBe('playbook.too_large');
  });
});

describe('stepAt', () => {
  it('finds the innermost step around an offset', () => {
    const outline = outlineDocument(everyVerb);
    expect(stepAt(outline, everyVerb.indexOf('count: "$'))).toBe('poll.again');
    expect(stepAt(outline, everyVerb.indexOf('max_iterations'))).toBe('poll');
    expect(stepAt(outline, 0)).toBeUndefined();
  });
});

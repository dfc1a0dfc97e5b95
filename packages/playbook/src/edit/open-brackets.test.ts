import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson } from '../document/node.ts';
import { parseDocument } from '../document/parse.ts';
import { stepsOf } from '../outline/steps.ts';
import { testCatalogue } from '../testing/catalogue.ts';
import { composeChanges } from './compose-changes.ts';
import { beginEdit } from './context.ts';
import { applyChanges, type PlaybookEdit, type TextChange } from './edit.ts';
import { editPlaybook } from './edit-playbook.ts';
import { openBrackets } from './open-brackets.ts';

const head = 'kind: playbook/v1\nid: p\ntitle: P\non: [{ manual: {} }]   # by hand\n';
const edited = (edit: PlaybookEdit, steps: string) => {
  const source = `${head}${steps}`;
  const result = editPlaybook(source, edit, testCatalogue);
  expect(applyChanges(source, result.changes)).toBe(result.text);
  expect(result.text.startsWith(head)).toBe(true);
  return { ...result, steps: result.text.slice(head.length) };
};
const fixed = expect.objectContaining({ code: 'playbook.edit_fixed' });

describe('steps in brackets', () => {
  const flow = 'steps: [{ id: a, fail: x }, { id: b, if: yes, then: [{ id: c, fail: z }] }]   # all\n';

  it('are put on lines of their own, as far as an edit needs it', () => {
    const { steps, remarks, select } = edited({ op: 'delete', addresses: ['a'] }, flow);
    expect(steps).toBe('steps:   # all\n  - { id: b, if: yes, then: [{ id: c, fail: z }] }\n');
    expect(select).toBe('b');
    expect(remarks).toHaveLength(1);
  });

  it.each<[string, PlaybookEdit, string]>([
    [
      'moved',
      { op: 'move', address: 'a', to: { step: '', slot: 'steps', index: 2 } },
      '  - { id: b, if: yes, then: [{ id: c, fail: z }] }\n  - { id: a, fail: x }\n',
    ],
    [
      'duplicated',
      { op: 'duplicate', address: 'a' },
      '  - { id: a, fail: x }\n  - { id: a_2, fail: x }\n  - { id: b, if: yes, then: [{ id: c, fail: z }] }\n',
    ],
    [
      'wrapped',
      { op: 'wrap', addresses: ['a'], in: 'if' },
      '  - id: check\n    if: TODO\n    then:\n      - { id: a, fail: x }\n  - { id: b, if: yes, then: [{ id: c, fail: z }] }\n',
    ],
    [
      'followed by another one inside of a block',
      { op: 'add', at: { step: 'b', slot: 'then', index: 1 }, step: { kind: 'fail' } },
      '  - { id: a, fail: x }\n  - id: b\n    if: yes\n    then:\n      - { id: c, fail: z }\n      - id: stop\n        fail: Say why\n',
    ],
    [
      'given a list that is not written yet',
      { op: 'add', at: { step: 'b', slot: 'else', index: 0 }, step: { kind: 'fail' } },
      '  - { id: a, fail: x }\n  - id: b\n    if: yes\n    then: [{ id: c, fail: z }]\n    else:\n      - id: stop\n        fail: Say why\n',
    ],
  ])('are %s', (_, edit, steps) => {
    expect(edited(edit, flow).steps).toBe(`steps:   # all\n${steps}`);
  });

  it('are opened alone: their neighbours keep their brackets', () => {
    const steps = `steps:
  - { id: a, if: yes, then: [{ id: c, fail: z }] }   # first
  - { id: b, if: yes, then: [{ id: d, fail: "a  b" }] }   # second

`;
    expect(edited({ op: 'duplicate', address: 'd' }, steps).steps).toBe(`steps:
  - { id: a, if: yes, then: [{ id: c, fail: z }] }   # first
  # second
  - id: b
    if: yes
    then:
      - { id: d, fail: "a  b" }
      - { id: d_2, fail: "a  b" }

`);
  });

  it('keep their comments and what stands over several lines', () => {
    const steps = `steps: [  # all of them
    # the first
    { id: a, fail: x },  # ends here
    {  # the second
      id: b, set: {
        text: "one
          two",  # kept
      } },
    # the end
  ]  # done
`;
    expect(edited({ op: 'move', address: 'b', to: { step: '', slot: 'steps', index: 0 } }, steps).steps).toBe(
      `steps:  # done
  - {  # the second
      id: b, set: {
        text: "one
          two",  # kept
      } }
  # all of them
  # the first
  - { id: a, fail: x }  # ends here
  # the end
`,
    );
  });

  it('may be a whole document, with quoted keys that stand close', () => {
    const source = '{"kind":"playbook/v1","id":"p","title":"P","on":[{"manual":{}}],"steps":[{"id":"a","fail":"x"}]}\n';
    const { text } = editPlaybook(source, { op: 'duplicate', address: 'a' }, testCatalogue);
    expect(text).toBe(
      '"kind": "playbook/v1"\n"id": "p"\n"title": "P"\n"on": [{"manual":{}}]\n"steps":\n  - {"id":"a","fail":"x"}\n  - {"id":"a_2","fail":"x"}\n',
    );
  });

  it.each([
    ['stands behind an anchor', 'steps: [&one { id: a, fail: x }, { id: b, fail: y }]\n'],
    ['stands behind an alias', 'inputs: &one [{ id: a, fail: x }]\nsteps: *one\n'],
  ])('are left alone where a step %s', (_, steps) => {
    expect(() => edited({ op: 'delete', addresses: ['a'] }, steps)).toThrow(fixed);
  });
});

/** Something in brackets, over one line or several, with comments where they may stand. */
const blanks = fc.constantFrom('', ' ', '\n    ', ' # a remark\n    ', '\n    # a remark\n      ', '\n\n      ');
const template = `"$${'{{ steps.a }}'}"`;
const scalars = fc.constantFrom('1', 'plain words', '"a # b, c"', "'it''s'", template, 'true', '~');
const inner = fc.letrec<{ value: string; list: string; map: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalars, tie('list'), tie('map')),
  list: fc
    .array(fc.tuple(blanks, tie('value'), blanks), { maxLength: 3 })
    .map((items) => `[${items.map((parts) => parts.join('')).join(',')}]`),
  map: fc
    .uniqueArray(fc.tuple(fc.constantFrom('x', 'y', '"z"'), blanks, tie('value'), blanks), {
      maxLength: 3,
      selector: ([key]) => key,
    })
    .map(
      (entries) =>
        `{${entries.map(([key, before, value, after]) => ` ${key}:${before || ' '}${value}${after}`).join(',')} }`,
    ),
}));
const lists = fc
  .array(fc.tuple(blanks, inner.value, blanks), { minLength: 1, maxLength: 4 })
  .map((steps) => {
    const items = steps.map(
      ([before, value, after], at) => `${before}{ id: s${at}, set: { v: ${value} }${after}}${after}`,
    );
    return `${head}steps: [${items.join(',')}]  # end\n`;
  })
  .filter((text) => parseDocument(text).findings.length === 0);

describe('opening brackets', () => {
  it('changes nothing of what is said, and loses no comment', () => {
    fc.assert(
      fc.property(lists, (text) => {
        const editing = beginEdit(text, testCatalogue);
        const list = editing.read.lists.get(editing.read.outline.slots[0] as never)?.value;
        const opened = list && openBrackets(new Set([list]), editing);
        expect(opened).toBeDefined();
        const now = opened?.text ?? '';
        expect(toJson(parseDocument(now).root as never)).toEqual(toJson(parseDocument(text).root as never));
        expect(now.split('# a remark').length).toBe(text.split('# a remark').length);
        expect(now.startsWith(head)).toBe(true);
        const names = [...stepsOf(beginEdit(now, testCatalogue).read.outline.slots)].map(({ name }) => name);
        expect(names).toEqual([...stepsOf(editing.read.outline.slots)].map(({ name }) => name));
      }),
      { numRuns: 300 },
    );
  });

  it('and what is done then are one change', () => {
    const change = fc.tuple(fc.nat(20), fc.nat(5), fc.constantFrom('', 'x', 'yz'));
    const made = (length: number, wishes: readonly [number, number, string][]): readonly TextChange[] => {
      const changes: TextChange[] = [];
      let at = 0;
      for (const [skip, take, insert] of wishes) {
        const from = Math.min(length, at + skip);
        const to = Math.min(length, from + take);
        changes.push({ from, to, insert });
        at = to;
      }
      return changes;
    };
    fc.assert(
      fc.property(fc.string(), fc.array(change), fc.array(change), (text, one, other) => {
        const first = made(text.length, one);
        const between = applyChanges(text, first);
        const second = made(between.length, other);
        const all = composeChanges(text.length, first, second);
        expect(applyChanges(text, all)).toBe(applyChanges(between, second));
        expect(all.every(({ from, to }, at) => from <= to && (at === 0 || (all[at - 1]?.to ?? 0) <= from))).toBe(true);
      }),
    );
  });
});

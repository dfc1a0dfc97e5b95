import { describe, expect, it } from 'vitest';
import { checkPlaybook } from '../check.ts';
import { testCatalogue } from '../testing/catalogue.ts';
import { applyChanges, type NewStep, type PlaybookEdit, type StepPlace } from './edit.ts';
import { editPlaybook } from './edit-playbook.ts';

const text = `kind: playbook/v1
id: p
title: A title  # why
on: [{ manual: {} }]
steps:
  # first
  - id: a
    set: { x: 1 }

  - id: b   # the check
    if: steps.a.x > 0
    then:   # yes
      - id: c
        set: { y: "\${{ steps.a.x }}" }
  - id: t
    try:
      - id: d
        set: { z: 1 }
    finally:
      - id: e
        set: { z: "\${{ outcome.?a.?status.orValue('steps.a') }}" }
`;

const edited = (edit: PlaybookEdit, source = text) => editPlaybook(source, edit, testCatalogue);
const codes = (source: string) => checkPlaybook(source, testCatalogue).findings.map(({ code }) => code);

/** The lines that an edit brings, without the others. */
function broughtBy(edit: PlaybookEdit, source = text): string {
  return edited(edit, source)
    .changes.map(({ insert }) => insert)
    .join('');
}

const add = (at: Partial<StepPlace>, step: NewStep): PlaybookEdit => ({
  op: 'add',
  at: { step: '', slot: 'steps', index: 0, ...at },
  step,
});

describe('adding a step', () => {
  it('brings what an action cannot do without, and an alias where there is none', () => {
    const { text: result, select } = edited(
      add({ index: 1 }, { kind: 'action', connector: 'firewall', action: 'block_ip' }),
    );
    expect(select).toBe('block_ip');
    expect(result).toContain('uses:\n  firewall: firewall\n');
    expect(result).toContain(`    action: firewall.block_ip\n    with:\n      ip: \${{ TODO }}\n`);
    expect(result).toContain('lease: { for: 24h }');
    expect(new Set(codes(result))).toEqual(new Set(['expressions.unknown_name']));
  });

  it('takes the alias that there is, in whatever form uses are written', () => {
    const used = text.replace('on: [', 'uses: { fw: firewall }\non: [');
    const step = { kind: 'action', connector: 'firewall', action: 'block_ip' };
    expect(broughtBy(add({}, step), used)).toContain('action: fw.block_ip');
    const other = { kind: 'action', capability: 'block_url' };
    expect(edited(add({}, other), used).text).toContain('uses: { fw: firewall, block_url: block_url }\n');
    const block = text.replace('on: [', 'uses:\n  fw: firewall   # at the edge\non: [');
    expect(edited(add({}, other), block).text).toContain('  fw: firewall   # at the edge\n  block_url: block_url\n');
  });

  it.each([
    ['if', 'if: TODO'],
    ['switch', 'value: []'],
    ['foreach', 'as: item'],
    ['while', 'max_iterations: 10'],
    ['parallel', 'first: []'],
    ['approval', 'covers: []'],
    ['ask', 'form: {'],
    ['publish', 'data: {}'],
    ['try', '- do: []'],
    ['call', 'call: todo'],
  ])('begins a step of the kind %s so that the checker points at what is missing', (kind, line) => {
    const { text: result } = edited(add({}, { kind }));
    expect(result).toContain(line);
    expect(codes(result).filter((code) => /yaml|wrong_type|unknown_field|missing_verb/.test(code))).toEqual([]);
    expect(codes(result).length).toBeGreaterThan(kind === 'ask' ? -1 : 0);
  });

  it.each([
    ['else', 'b', '    else:\n      - id: done\n        succeed: Say why\n'],
    ['elif:0', 'b', '    elif:\n      - if: TODO\n        then:\n          - id: done\n            succeed: Say why\n'],
    ['catch:0', 't', '    catch:\n      - do:\n          - id: done\n            succeed: Say why\n'],
    ['on_error', '', 'on_error:\n  - id: done\n    succeed: Say why\n'],
  ])('makes the place %s when it is not written yet', (slot, step, lines) => {
    expect(broughtBy(add({ step, slot }, { kind: 'succeed' }))).toBe(lines);
  });

  it('makes cases and branches', () => {
    const source = text.replace('if: steps.a.x > 0\n    then:   # yes', 'switch: steps.a.x\n    cases:\n      1:');
    expect(broughtBy(add({ step: 'b', slot: 'case:a b' }, { kind: 'fail' }), source)).toContain('      "a b":\n');
  });

  it('fills an empty list', () => {
    const { text: emptied } = edited({ op: 'delete', addresses: ['c'] });
    expect(emptied).toContain('    then: []   # yes\n');
    const { text: filled } = edited(add({ step: 'b', slot: 'then' }, { kind: 'fail', name: 'c' }), emptied);
    expect(filled).toContain('    then:   # yes\n      - id: c\n        fail: Say why\n');
  });

  it('refuses what the language does not have', () => {
    expect(() => edited(add({}, { kind: 'jump' }))).toThrow(
      expect.objectContaining({ code: 'playbook.edit_kind_unknown' }),
    );
    const unknown = { kind: 'action', connector: 'firewall', action: 'dance' };
    expect(() => edited(add({}, unknown))).toThrow(expect.objectContaining({ code: 'playbook.edit_kind_unknown' }));
  });
});

describe('deleting a step', () => {
  it('leaves what names it to the checker', () => {
    const { text: result } = edited({ op: 'delete', addresses: ['a'] });
    expect(result).toContain('steps.a.x');
    expect(codes(result)).toContain('expressions.no_such_field');
  });

  it('takes several at once, wherever they stand, and selects what comes next', () => {
    const { text: result, changes, select } = edited({ op: 'delete', addresses: ['c', 'a', 'b'] });
    expect(result).toBe(text.replace(/ {2}# first[\s\S]*(?= {2}- id: t)/, ''));
    expect(applyChanges(text, changes)).toBe(result);
    expect(select).toBe('t');
    expect(() => edited({ op: 'delete', addresses: ['a', 'nobody'] })).toThrow(
      expect.objectContaining({ code: 'playbook.edit_unknown_step' }),
    );
  });

  it('takes a list away that need not be there', () => {
    expect(edited({ op: 'delete', addresses: ['e'] }).text).toBe(text.slice(0, text.indexOf('    finally:')));
  });
});

describe('renaming a step', () => {
  it('follows into expressions, covers and undo, and leaves texts alone', () => {
    const source = `kind: playbook/v1
id: p
title: steps.a
on: [{ manual: {} }]
steps:
  - { id: a, set: { x: 1, key: steps.a } }
  - id: d
    approval: 'Is \${{ steps["a"].x }} it''s \${{ steps.a.x }}?'
    covers: [a, b]
    by: { role: x, exclude: steps.a.x == 1 }
    timeout: { after: 1h, then: deny }
  - { id: u, undo: a }
  - id: l
    if: size(inputs.steps.a) > 0 && other.steps.a == "steps.a" && outcome.?a.status == ""
    wait: { until: steps.a.x }
`;
    expect(edited({ op: 'rename', address: 'a', name: 'alpha' }, source).text).toBe(`kind: playbook/v1
id: p
title: steps.a
on: [{ manual: {} }]
steps:
  - { id: alpha, set: { x: 1, key: steps.a } }
  - id: d
    approval: 'Is \${{ steps["alpha"].x }} it''s \${{ steps.alpha.x }}?'
    covers: [alpha, b]
    by: { role: x, exclude: steps.alpha.x == 1 }
    timeout: { after: 1h, then: deny }
  - { id: u, undo: alpha }
  - id: l
    if: size(inputs.steps.a) > 0 && other.steps.a == "steps.a" && outcome.?alpha.status == ""
    wait: { until: steps.alpha.x }
`);
  });

  it('finds names behind quotes that are escaped, and refuses where it cannot', () => {
    const quoted = text.replace('steps.a.x > 0', '"steps.a.x != \\"a\\" && steps.a.x > 0"');
    expect(edited({ op: 'rename', address: 'a', name: 'z' }, quoted).text).toContain(
      'steps.z.x != \\"a\\" && steps.z.x',
    );
    const escaped = text.replace('steps.a.x > 0', '"\\u0031 < steps.a.x"');
    expect(() => edited({ op: 'rename', address: 'a', name: 'z' }, escaped)).toThrow(
      expect.objectContaining({ code: 'playbook.edit_unclear' }),
    );
  });

  it.each([
    ['Upper', 'playbook.edit_name_invalid'],
    ['', 'playbook.edit_name_invalid'],
    ['b', 'playbook.edit_name_taken'],
  ])('refuses %o', (name, code) => {
    expect(() => edited({ op: 'rename', address: 'a', name })).toThrow(expect.objectContaining({ code }));
  });
});

describe('wrapping steps', () => {
  it('indents them and their comments, and keeps what stands between them', () => {
    const apart = text.replaceAll('steps.a.x', '1');
    expect(edited({ op: 'wrap', addresses: ['a', 'b'], in: 'parallel' }, apart).text).toContain(`steps:
  - id: together
    parallel:
      a:
        # first
        - id: a
          set: { x: 1 }

      b:
        - id: b   # the check
          if: 1 > 0
          then:   # yes
            - id: c
`);
  });

  it('keeps steps that use each other in one branch, and says so', () => {
    const source = text.replace("outcome.?a.?status.orValue('steps.a')", '1');
    const { text: result, remarks } = edited({ op: 'wrap', addresses: ['a', 'b', 't'], in: 'parallel' }, source);
    expect(result).toContain(`      a:
        # first
        - id: a
          set: { x: 1 }

        - id: b   # the check
          if: steps.a.x > 0
`);
    expect(result).toContain('      t:\n        - id: t\n');
    expect(remarks).toEqual(['a and b stay one after the other: they use each other.']);
    expect(codes(result)).toEqual([]);
  });

  it.each([
    ['through a step inside', { op: 'wrap', addresses: ['a', 't'], in: 'parallel' }],
    ['through one between them', { op: 'wrap', addresses: ['a', 'b', 't'], in: 'parallel' }],
  ] as const)('finds what uses each other %s', (_, edit) => {
    const { text: result, remarks } = edited(
      edit,
      edit.addresses.length === 2 ? text.replace(/ {2}- id: b[\s\S]*?(?= {2}- id: t)/, '') : text,
    );
    expect(remarks).toHaveLength(1);
    expect(codes(result)).toEqual([]);
  });

  it('changes nothing by a try alone', () => {
    const { text: result, select } = edited({ op: 'wrap', addresses: ['t'], in: 'try' });
    expect(select).toBe('attempt');
    expect(result).toContain(
      `    catch:\n      - do:\n          - id: failed\n            fail: "\${{ error.message }}"\n`,
    );
    expect(codes(result)).toEqual([]);
  });

  it('takes steps of one list only', () => {
    for (const addresses of [
      ['a', 't'],
      ['a', 'c'],
    ]) {
      expect(() => edited({ op: 'wrap', addresses, in: 'if' })).toThrow(
        expect.objectContaining({ code: 'playbook.edit_not_siblings' }),
      );
    }
  });
});

describe('setting the title', () => {
  it('quotes it where it must, and keeps the comment', () => {
    expect(edited({ op: 'set_title', title: 'New: "x" # y' }).text).toContain(`title: 'New: "x" # y'  # why\n`);
    expect(edited({ op: 'set_title', title: 'true' }).text).toContain('title: "true"  # why\n');
    const folded = text.replace('title: A title  # why', 'title: >-\n  A\n  title');
    expect(edited({ op: 'set_title', title: 'Plain' }, folded).text).toContain('id: p\ntitle: Plain\non:');
    expect(edited({ op: 'set_title', title: 'Plain' }, text.replace(/title:.*\n/, '')).text).toContain(
      'id: p\ntitle: Plain\n',
    );
  });
});

describe('what cannot be done safely', () => {
  it('is refused when an alias would lose its anchor', () => {
    const anchored = text.replace('set: { x: 1 }', 'set: &one { x: 1 }').replace('set: { z: 1 }', 'set: *one');
    expect(() => edited({ op: 'delete', addresses: ['a'] }, anchored)).toThrow(
      expect.objectContaining({ code: 'playbook.edit_unsafe' }),
    );
  });

  it('is refused in a text that cannot be read', () => {
    expect(() => edited({ op: 'delete', addresses: ['a'] }, `${text}\n  x: [`)).toThrow(
      expect.objectContaining({ code: 'playbook.edit_unreadable' }),
    );
  });

  it('is refused for a step inside of itself, and for places that are not there', () => {
    const into = (to: StepPlace): PlaybookEdit => ({ op: 'move', address: 'b', to });
    expect(() => edited(into({ step: 'b', slot: 'then', index: 0 }))).toThrow(
      expect.objectContaining({ code: 'playbook.edit_into_itself' }),
    );
    expect(() => edited(into({ step: 'a', slot: 'then', index: 0 }))).toThrow(
      expect.objectContaining({ code: 'playbook.edit_unknown_place' }),
    );
    expect(() => edited(into({ step: 'x', slot: 'then', index: 0 }))).toThrow(
      expect.objectContaining({ code: 'playbook.edit_unknown_step' }),
    );
  });
});

describe('the layout of a document', () => {
  it('is taken over: dashes below the key, wide dashes, line breaks', () => {
    const flat = 'kind: playbook/v1\r\nsteps:\r\n-   id: a\r\n    fail: x\r\n';
    const result = edited(add({ index: 1 }, { kind: 'if' }), flat).text;
    expect(result).toBe(`${flat}-   id: check\r\n    if: TODO\r\n    then: []\r\n`);
  });

  it('keeps that a text has no line break at its end', () => {
    const open = 'kind: playbook/v1\nsteps:\n  - id: a\n    fail: x';
    const { text: added } = edited(add({ index: 1 }, { kind: 'fail' }), open);
    expect(added).toBe(`${open}\n  - id: stop\n    fail: Say why`);
    expect(edited({ op: 'delete', addresses: ['stop'] }, added).text).toBe(open);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCounterpointError } from '@counterpoint/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutlineSlot, OutlineStep } from '../outline/outline.ts';
import { outlineDocument } from '../outline/outline-document.ts';
import { stepsOf } from '../outline/steps.ts';
import { testCatalogue } from '../testing/catalogue.ts';
import { readyEdit } from './brackets-in-the-way.ts';
import { beginEdit } from './context.ts';
import { applyChanges, type PlaybookEdit, type StepPlace } from './edit.ts';
import { editPlaybook } from './edit-playbook.ts';

const content = join(import.meta.dirname, '../../../../content');
const folders = [join(import.meta.dirname, '../good'), join(content, 'playbooks'), join(content, 'reactions')];
const documents = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('.test.yaml'))
    .map((file) => readFileSync(join(folder, file), 'utf8')),
);

/** The same document with comments, blank lines and line breaks of another hand. */
const texts = fc
  .record({
    text: fc.constantFrom(...documents),
    noise: fc.array(fc.record({ at: fc.nat(), what: fc.constantFrom('blank', 'comment', 'deep') }), { maxLength: 12 }),
    crlf: fc.boolean(),
    open: fc.boolean(),
  })
  .map(({ text, noise, crlf, open }) => {
    let lines = text.split('\n');
    for (const { at, what } of noise) {
      const dashes = lines.flatMap((line, index) => (/^ *- (id|\{ id)/.test(line) ? [index] : []));
      const line = dashes[at % Math.max(1, dashes.length)] ?? 0;
      const indent = /^ */.exec(lines[line] ?? '')?.[0] ?? '';
      const extra = what === 'blank' ? '' : what === 'comment' ? `${indent}# a remark` : `${indent}  # deeper`;
      // Deeper comments belong to the step right above them.
      if (what === 'deep' && /^\s*(#.*)?$|:\s*$/.test(lines[line - 1] ?? '')) continue;
      lines = [...lines.slice(0, line), extra, ...lines.slice(line)];
    }
    const whole = lines.join(crlf ? '\r\n' : '\n');
    return open ? whole.trimEnd() : whole;
  })
  .filter((text) => outlineDocument(text).findings.length === 0);

interface Listed {
  readonly slot: OutlineSlot;
  readonly owner: string;
}

function listsIn(slots: readonly OutlineSlot[], owner = ''): readonly Listed[] {
  return slots.flatMap((slot) => [{ slot, owner }, ...slot.steps.flatMap((step) => listsIn(step.slots, step.address))]);
}

/** Edits that the text allows; others are refused, and then there is nothing to hold. */
function edited(text: string, edit: PlaybookEdit) {
  try {
    return editPlaybook(text, edit, testCatalogue);
  } catch (error) {
    if (!isCounterpointError(error, 'playbook.edit_fixed')) throw error;
    return undefined;
  }
}

/** The text with the brackets opened that stand in the way of an edit: what it leaves is compared with that. */
function openedFor(text: string, edit: PlaybookEdit): string {
  return readyEdit(edit, beginEdit(text, testCatalogue), testCatalogue).editing.lines.text;
}

const movable = (text: string): readonly (Listed & { readonly step: OutlineStep; readonly index: number })[] =>
  listsIn(outlineDocument(text, testCatalogue).slots).flatMap((list) =>
    list.slot.fixed ? [] : list.slot.steps.map((step, index) => ({ ...list, step, index })),
  );

const places = (text: string): readonly StepPlace[] =>
  listsIn(outlineDocument(text, testCatalogue).slots)
    .filter(({ slot }) => !slot.fixed)
    .flatMap(({ slot, owner }) =>
      Array.from({ length: slot.steps.length + 1 }, (_, index) => ({ step: owner, slot: slot.name, index })),
    );

const names = (text: string): readonly string[] =>
  [...stepsOf(outlineDocument(text).slots)].map(({ name }) => name).sort();

/** Lines of `before` that are no longer there, however often they stand in it. */
function lostLines(before: string, after: string): readonly string[] {
  const left = after.split(/\r?\n/);
  return before.split(/\r?\n/).filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function pick<Item>(items: readonly Item[], seed: number): Item | undefined {
  return items[seed % Math.max(1, items.length)];
}

const KINDS = ['if', 'foreach', 'parallel', 'try', 'set', 'wait', 'switch', 'approval', 'fail'] as const;

describe('editing a playbook as text', () => {
  it('takes away what it added, and touches no other line', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.constantFrom(...KINDS), (text, seed, kind) => {
        const at = pick(places(text), seed);
        if (!at) return;
        const add: PlaybookEdit = { op: 'add', at, step: { kind } };
        const added = edited(text, add);
        if (!added?.select) return;
        const before = openedFor(text, add);
        expect(applyChanges(text, added.changes)).toBe(added.text);
        const back = editPlaybook(added.text, { op: 'delete', addresses: [added.select] }, testCatalogue);
        const wasEmpty = listsIn(outlineDocument(text).slots).some(
          ({ slot, owner }) => owner === at.step && slot.name === at.slot && slot.steps.length === 0,
        );
        if (!wasEmpty) expect(back.text).toBe(before);
        else expect(lostLines(before, back.text).map((line) => line.replace(/: *$/, ': []'))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('moves a step there and back', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (text, from, to) => {
        const chosen = pick(movable(text), from);
        if (!chosen || chosen.slot.steps.length < 2) return;
        const { step, owner, slot, index } = chosen;
        const inside = new Set([step.address, ...[...stepsOf(step.slots)].map(({ address }) => address)]);
        const target = pick(
          places(text).filter((one) => !inside.has(one.step)),
          to,
        );
        if (!target) return;
        const move: PlaybookEdit = { op: 'move', address: step.address, to: target };
        const moved = edited(text, move);
        if (!moved?.select) return;
        const before = openedFor(text, move);
        expect(names(moved.text)).toEqual(names(text));
        const sameList = target.step === owner && target.slot === slot.name;
        const home = {
          step: ownerNow(owner, text, moved.text),
          slot: slot.name,
          index: sameList && target.index <= index ? index + 1 : index,
        };
        const back = editPlaybook(moved.text, { op: 'move', address: moved.select, to: home }, testCatalogue);
        expect(names(back.text)).toEqual(names(text));
        if (sameList && !hasLooseComments(text)) expect(back.text).toBe(before);
        else expect(lostLines(squeezed(before), squeezed(back.text))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('renames there and back, and leaves no reference behind', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, seed) => {
        const step = pick([...stepsOf(outlineDocument(text).slots)], seed);
        if (!step) return;
        const there = editPlaybook(text, { op: 'rename', address: step.address, name: 'renamed_here' }, testCatalogue);
        expect(there.text).not.toMatch(new RegExp(`(steps|outcome)\\.\\??${step.name}\\b`));
        const back = editPlaybook(
          there.text,
          { op: 'rename', address: there.select ?? '', name: step.name },
          testCatalogue,
        );
        expect(back.text).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps every step when it wraps some', () => {
    fc.assert(
      fc.property(
        texts,
        fc.nat(),
        fc.nat(4),
        fc.constantFrom('if', 'foreach', 'while', 'parallel', 'try'),
        (text, seed, more, wrapping) => {
          const first = pick(movable(text), seed);
          if (!first) return;
          const addresses = first.slot.steps.slice(first.index, first.index + 1 + more).map(({ address }) => address);
          const wrap: PlaybookEdit = { op: 'wrap', addresses, in: wrapping };
          const wrapped = edited(text, wrap);
          if (!wrapped) return;
          const now = new Set(names(wrapped.text));
          for (const name of names(text)) expect(now).toContain(name);
          const trimmed = (one: string) =>
            one
              .split(/\r?\n/)
              .map((line) => line.trim())
              .join('\n');
          expect(lostLines(trimmed(openedFor(text, wrap)), trimmed(wrapped.text))).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('duplicates under free names', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, seed) => {
        const chosen = pick(movable(text), seed);
        if (!chosen) return;
        const duplicate: PlaybookEdit = { op: 'duplicate', address: chosen.step.address };
        const doubled = edited(text, duplicate);
        if (!doubled?.select) return;
        const before = openedFor(text, duplicate);
        const all = names(doubled.text);
        expect(new Set(all).size).toBe(all.length);
        expect(lostLines(before, doubled.text)).toEqual([]);
        expect(editPlaybook(doubled.text, { op: 'delete', addresses: [doubled.select] }, testCatalogue).text).toBe(
          before,
        );
      }),
      { numRuns: 200 },
    );
  });
});

/** Where the owner of a list is called after a step moved: a move may put a loop around it. */
function ownerNow(owner: string, before: string, after: string): string {
  const step = [...stepsOf(outlineDocument(before).slots)].find(({ address }) => address === owner);
  return [...stepsOf(outlineDocument(after).slots)].find(({ name }) => name === step?.name)?.address ?? '';
}

/** Comments with a blank line below belong to no step: they stay where they are when steps move past them. */
function hasLooseComments(text: string): boolean {
  return /^ *#.*\r?\n *\r?\n/m.test(text);
}

function squeezed(text: string): string {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim())
    .join('\n');
}

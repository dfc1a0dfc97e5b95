import { invertedEffects } from '@codemirror/commands';
import { type EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import type { CallResult } from '@counterpoint/sdk';

/** What a change of the playbook makes of one of its tests; the draft keeps it, so that it can be taken back. */
export type TestStep = CallResult<'getDraft'>['tests'][number];

/** Belongs to a change of the text: what it makes of the tests, in order. Undo and redo carry it too. */
export const testsEffect = StateEffect.define<readonly TestStep[]>();

/** Says what was made of the tests until now, whatever this text knew of it: published, it is nothing any more. */
export const knownTests = StateEffect.define<readonly TestStep[]>();

const followed = StateField.define<readonly TestStep[]>({
  create: () => [],
  update(value, { effects }) {
    let next = value;
    for (const effect of effects) {
      if (effect.is(knownTests)) next = effect.value;
      else if (effect.is(testsEffect)) next = effect.value.reduce(joined, next);
    }
    return next;
  },
});

/** Adds a step; one that goes on where the last one of its test ended makes one of both. */
function joined(all: readonly TestStep[], step: TestStep): readonly TestStep[] {
  const at = all.findLastIndex(({ name }) => name === step.name);
  const last = all[at];
  if (last?.to !== step.from) return [...all, step];
  return last.from === step.to ? all.toSpliced(at, 1) : all.with(at, { ...last, to: step.to });
}

function turned(steps: readonly TestStep[]): readonly TestStep[] {
  return steps.map((step) => ({ ...step, from: step.to, to: step.from })).toReversed();
}

/** Lets undo and redo take along what changes did to tests; `before`: what was made of them until now. */
export function testSteps(before: readonly TestStep[]): Extension {
  return [
    followed.init(() => before),
    invertedEffects.of(({ effects }) =>
      effects.flatMap((effect) => (effect.is(testsEffect) ? [testsEffect.of(turned(effect.value))] : [])),
    ),
  ];
}

/** What the text has made of its tests, in order, since it was published last. */
export function madeOfTests(state: EditorState): readonly TestStep[] {
  return state.field(followed);
}

/** What takes everything back that the text has made of its tests, except what is to stay. */
export function wayBack(state: EditorState, stays: readonly TestStep[]): readonly TestStep[] {
  return turned(madeOfTests(state).filter((step) => !stays.some((one) => same(one, step))));
}

/** What either of two people made of the tests; what both know counts once. */
export function bothMade(theirs: readonly TestStep[], mine: readonly TestStep[]): readonly TestStep[] {
  return [...theirs, ...mine.filter((step) => !theirs.some((one) => same(one, step)))];
}

function same(one: TestStep, other: TestStep): boolean {
  return one.name === other.name && one.from === other.from && one.to === other.to;
}

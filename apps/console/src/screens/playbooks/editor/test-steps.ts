import { invertedEffects } from '@codemirror/commands';
import { type EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';

/** What a change of the playbook makes of one of its tests. */
export interface TestStep {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** The text that came with the playbook, where nobody had stored another one; undefined: somebody had. */
  readonly shipped: string | undefined;
}

/** Belongs to a change of the text: what it makes of the tests. Undo and redo carry it too. */
export const testsEffect = StateEffect.define<readonly TestStep[]>();

/** What changed tests until now stays: publishing makes it so. */
export const settleTests = StateEffect.define<null>();

function turned({ name, from, to, shipped }: TestStep): TestStep {
  return { name, from: to, to: from, shipped };
}

const followed = StateField.define<ReadonlyMap<string, TestStep>>({
  create: () => new Map(),
  update(value, { effects }) {
    let next = value;
    for (const effect of effects) {
      if (effect.is(settleTests)) next = new Map();
      else if (effect.is(testsEffect)) next = effect.value.reduce(joined, next);
    }
    return next;
  },
});

function joined(all: ReadonlyMap<string, TestStep>, step: TestStep): ReadonlyMap<string, TestStep> {
  const next = new Map(all);
  const from = all.get(step.name)?.from ?? step.from;
  if (from === step.to) next.delete(step.name);
  else next.set(step.name, { ...step, from });
  return next;
}

/** Lets undo and redo take along what changes did to tests. */
export const testSteps: Extension = [
  followed,
  invertedEffects.of(({ effects }) =>
    effects.flatMap((effect) => (effect.is(testsEffect) ? [testsEffect.of(effect.value.map(turned))] : [])),
  ),
];

/** What brings the tests back to how they were before the changes of this text, or since that was settled. */
export function wayBack(state: EditorState): readonly TestStep[] {
  return [...state.field(followed).values()].map(turned);
}

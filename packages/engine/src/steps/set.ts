import type { Json } from '@counterpoint/core';
import type { SetStep } from '@counterpoint/playbook';
import { evaluate, type StepKind } from '../interpreter/deciding.ts';
import { endStep } from '../interpreter/flow.ts';

/** `set`: named values, as the step's output. */
export const setKind: StepKind<SetStep> = {
  immediate: true,
  begin(d, scope, step) {
    endStep(d, scope, step, 'succeeded', evaluate(d, scope, step, step.values) as Json);
  },
};

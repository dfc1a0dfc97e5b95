import type { TryStep } from '@counterpoint/playbook';
import { at, type Deciding, emit, enterPart, type StepKind } from '../interpreter/deciding.ts';
import { type ErrorValue, isNamed } from '../interpreter/error-value.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import type { Scope } from '../interpreter/state.ts';

/**
 * `try`: when its body fails, the first `catch` that names the error (or names none) handles it and sees it as
 * `error`. `finally` runs in each case; its own error wins, then that of the catch, then one that nobody caught.
 */
export const tryKind: StepKind<TryStep> = {
  immediate: false,

  begin(d, scope, step) {
    emit(d, { kind: 'try_entered', address: at(scope, step), data: {} });
    enterPart(d, scope, step, 'body', step.steps);
  },

  partEnded(d, scope, step, { part, error }) {
    if (part === 'body' && error) handle(d, scope, step, error);
    else if (part === 'finally') finish(d, scope, step, error);
    else finallyOf(d, scope, step, error ?? null);
  },
};

function handle(d: Deciding, scope: Scope, step: TryStep, error: ErrorValue): void {
  const clause = step.catches.findIndex(({ codes }) => isNamed(error, codes));
  const handler = step.catches[clause];
  if (!handler) {
    finallyOf(d, scope, step, error);
    return;
  }
  emit(d, { kind: 'try_moved', address: at(scope, step), data: { part: 'catch', clause, error } });
  enterPart(d, scope, step, `catch ${clause}`, handler.steps);
}

/** @param error what is passed on when `finally` itself ends well */
function finallyOf(d: Deciding, scope: Scope, step: TryStep, error: ErrorValue | null): void {
  emit(d, { kind: 'try_moved', address: at(scope, step), data: { part: 'finally', clause: -1, error } });
  enterPart(d, scope, step, 'finally', step.finally);
}

function finish(d: Deciding, scope: Scope, step: TryStep, error: ErrorValue | undefined): void {
  const frame = d.state.open.get(at(scope, step))?.frame;
  const left = error ?? (frame?.kind === 'try' ? frame.error : null);
  if (left) failStep(d, scope, step, left);
  else endStep(d, scope, step, 'succeeded', null);
}

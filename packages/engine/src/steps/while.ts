import type { Json, JsonObject } from '@counterpoint/core';
import type { CompiledTemplate } from '@counterpoint/expressions';
import type { WhileStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { at, type Deciding, emit, enterPart, evaluate, holds, type StepKind } from '../interpreter/deciding.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import { newScope, type Scope, type WhileFrame } from '../interpreter/state.ts';
import { indexOfRound } from './foreach.ts';

/**
 * `while` and `until`: rounds of `do`, bounded by `max_iterations`. The condition of `while` is asked before each
 * round and sees `carry`; that of `until` after each round and sees its steps and the `carry` that they gave. Output: the
 * last `carry`, and `iterations`, how many rounds there were.
 */
export const whileKind: StepKind<WhileStep> = {
  immediate: false,

  begin(d, scope, step) {
    const carry = carried(d, scope, step, 'from');
    const more = step.mode === 'until' || holdsWith(d, scope, step, { carry, index: 0 });
    emit(d, { kind: 'while_entered', address: at(scope, step), data: { carry } });
    if (more) enterRound(d, scope, step, 0);
    else finish(d, scope, step);
  },

  partEnded(d, scope, step, { scope: round, error }) {
    if (error) {
      failStep(d, scope, step, error);
      return;
    }
    const index = indexOfRound(round);
    const carry = carried(d, round, step, 'next');
    const done = step.mode === 'until' && holdsWith(d, round, step, { carry, index });
    emit(d, { kind: 'round_ended', address: at(scope, step), data: { index, carry } });
    if (done || (step.mode === 'while' && !holdsWith(d, scope, step, { carry, index: index + 1 })))
      finish(d, scope, step);
    else enterRound(d, scope, step, index + 1);
  },
};

function carried(d: Deciding, scope: Scope, step: WhileStep, which: 'from' | 'next'): JsonObject {
  const entries = Object.entries(step.carry).map(([name, templates]): [string, Json] => {
    const template: CompiledTemplate = templates[which];
    return [name, evaluate(d, scope, step, template) as Json];
  });
  return Object.fromEntries(entries);
}

/** Asks the condition as `scope` sees things, with this `carry` and `index` of the round it is about. */
function holdsWith(d: Deciding, scope: Scope, step: WhileStep, names: JsonObject): boolean {
  const asked = newScope(`${scope.prefix}?`, scope, { ...scope.names, ...names });
  return holds(d, asked, step, step.condition);
}

function enterRound(d: Deciding, scope: Scope, step: WhileStep, index: number): void {
  const address = at(scope, step);
  if (index >= step.maxIterations) throw errors.too_many_iterations({ step: step.id, limit: step.maxIterations });
  emit(d, { kind: 'round_entered', address, data: { index } });
  enterPart(d, d.state.scopes.get(`${address}[${index}]`) as Scope, step, 'do', step.steps);
}

function finish(d: Deciding, scope: Scope, step: WhileStep): void {
  const frame = d.state.open.get(at(scope, step))?.frame as WhileFrame;
  endStep(d, scope, step, 'succeeded', { ...frame.carry, iterations: frame.rounds });
}

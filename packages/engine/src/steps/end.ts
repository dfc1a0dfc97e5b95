import type { Json } from '@counterpoint/core';
import type { EndStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { at, emit, evaluate, type StepKind } from '../interpreter/deciding.ts';
import { cancelWithin } from '../interpreter/flow.ts';
import { succeedEarly } from '../interpreter/phases.ts';

/**
 * `fail` raises `engine.failed_by_playbook` with its reason: like any error it can be caught or collected, and ends
 * the run when nobody does. `succeed` ends the list it stands in the name of the whole run: what goes on elsewhere
 * is cancelled, and only the playbook's `finally` still runs.
 */
export const endKind: StepKind<EndStep> = {
  immediate: true,
  begin(d, scope, step) {
    const value = evaluate(d, scope, step, step.reason);
    const reason = typeof value === 'string' ? value : JSON.stringify(value);
    if (step.verb === 'fail') throw errors.failed_by_playbook({ reason });
    const output: Json = { reason };
    emit(d, { kind: 'step_ended', address: at(scope, step), data: { status: 'succeeded', output } });
    cancelWithin(d, '');
    if (d.state.phase === 'main') succeedEarly(d);
  },
};

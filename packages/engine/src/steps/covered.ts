import { hashJson, isCounterpointError, type JsonObject } from '@counterpoint/core';
import type { ActionStep, ApprovalStep, CallStep, Step } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { at, type Deciding, placeOf, stepOf } from '../interpreter/deciding.ts';
import { fansOut, type Target, UNNAMED } from '../interpreter/fan-out.ts';
import type { PeopleQuestion } from '../interpreter/happening.ts';
import { isLoop } from '../interpreter/plan-index.ts';
import type { Scope } from '../interpreter/state.ts';
import { argumentsOf } from './arguments.ts';

type Covered = ActionStep | CallStep;

/** What an approval covers, as people see it and as it is remembered. */
export interface Frozen {
  readonly covers: PeopleQuestion['covers'];
  /** Hash of what each covered step would do, by step id. */
  readonly hashes: Readonly<Record<string, string>>;
}

/**
 * Evaluates the arguments of the covered steps now, as they would be if the steps began at this moment.
 *
 * @throws engine.cannot_freeze
 */
export function freeze(d: Deciding, scope: Scope, step: ApprovalStep): Frozen {
  const covers: PeopleQuestion['covers'][number][] = [];
  const hashes: Record<string, string> = {};
  for (const id of step.covers) {
    const covered = stepOf(d, id);
    if (!isCoverable(covered)) throw refused(step, id, 'only an action or a call can be covered.');
    if (loopOf(d, covered) !== loopOf(d, step)) throw refused(step, id, 'it stands in another loop.');
    const input = frozenArguments(d, scope, step, covered);
    const targets = targetsOf(d, covered);
    covers.push(...callsOf(at(scope, covered), id, input, targets));
    hashes[id] = hashOf(covered, input, targets);
  }
  return { covers, hashes };
}

function refused(step: ApprovalStep, covered: string, reason: string) {
  return errors.cannot_freeze({ step: step.id, covered, reason });
}

function isCoverable(step: Step): step is Covered {
  return step.verb === 'action' || step.verb === 'call';
}

/** The innermost loop around a step: its rounds have scopes of their own. */
function loopOf(d: Deciding, step: Step): Step | undefined {
  for (let current = placeOf(d, step).owner; current.kind === 'part'; current = placeOf(d, current.step).owner) {
    if (isLoop(current.step)) return current.step;
  }
  return undefined;
}

function frozenArguments(d: Deciding, scope: Scope, step: ApprovalStep, covered: Covered): JsonObject {
  try {
    return argumentsOf(d, scope, covered, covered.with);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    throw refused(step, covered.id, error.message);
  }
}

/** Whom a step with `targets: all` acts on, as things stand; undefined when it acts once. */
export function targetsOf(d: Deciding, step: Step): readonly Target[] | undefined {
  const use = fansOut(d.plan, step);
  if (!use) return undefined;
  const all = d.moment.targets?.(use) ?? [UNNAMED];
  const { connection } = step;
  return connection === undefined ? all : all.filter((target) => target.connection === connection);
}

/** What a step will do: one call, or one for each of its targets. */
function callsOf(
  address: string,
  step: string,
  input: JsonObject,
  targets: readonly Target[] | undefined,
): PeopleQuestion['covers'] {
  if (!targets) return [{ step, address, input, target: undefined }];
  return targets.map((target, index) => ({ step, address: `${address}[${index}].${step}`, input, target }));
}

/** Hash of everything about a step that decides what it does. */
function hashOf(step: Covered, input: JsonObject, targets: readonly Target[] | undefined): string {
  const { id, verb } = step;
  if (step.verb === 'call') return hashJson({ id, verb, playbook: step.playbook, input });
  const { alias, action, connection = null, lease } = step;
  const bounds = lease ? [lease.for ?? null, lease.while ?? null, lease.max ?? null] : null;
  const what = { id, verb, alias, action, connection, lease: bounds, input };
  return hashJson(targets ? { ...what, targets } : what);
}

/**
 * Passes when every approval that covers the step was given, in this round, for exactly these arguments and targets.
 *
 * @throws engine.not_approved, engine.arguments_changed
 */
export function demandApprovals(d: Deciding, scope: Scope, step: Covered, input: JsonObject): void {
  const { coveredBy } = placeOf(d, step);
  for (const approval of coveredBy) {
    const asked = scope.approvals[approval];
    if (asked?.status !== 'approved') {
      const reason = asked ? REASONS[asked.status] : 'was not asked for';
      throw errors.not_approved({ step: step.id, approval, reason });
    }
    const frame = d.state.open.get(at(scope, step))?.frame;
    const targets = frame?.kind === 'foreach' ? (frame.items as readonly Target[]) : targetsOf(d, step);
    if (asked.covers[step.id] !== hashOf(step, input, targets)) {
      throw errors.arguments_changed({ step: step.id, approval });
    }
  }
}

const REASONS = {
  open: 'is not decided',
  denied: 'was denied',
  expired: 'nobody gave in time',
  answered: 'was not given',
} as const;

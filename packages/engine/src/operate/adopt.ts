import type { JsonObject } from '@counterpoint/core';
import type { ApprovalStep, Plan, Step } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { Entry, Steered } from '../interpreter/entries.ts';
import type { ErrorValue } from '../interpreter/error-value.ts';
import { indexOf, isLoop, type Place, partsOf } from '../interpreter/plan-index.ts';
import { type RunState, splitAddress } from '../interpreter/state.ts';

/** From where an ended run is to be taken up again. */
export interface Adoption {
  /** The run that ended, the plan that it followed, and its last state. */
  readonly from: { readonly run: string; readonly plan: Plan; readonly state: RunState };
  /** What the new run follows. */
  readonly plan: Plan;
  /** The step to begin with. */
  readonly address: string;
  /** Its arguments; null: they are evaluated anew. */
  readonly input: JsonObject | null;
  readonly by: Steered;
}

/** A block around the step, and which part of it the step is in. */
interface Around {
  readonly step: Step;
  readonly part: string;
}

/**
 * The first entries of a run that goes on from a step of one that ended: what came before is taken over with its outputs
 * and outcomes, the blocks around the step are entered, and the step is ready. Terminal states never change, so that the old run stays
 * as it is, and its effects under its claims.
 *
 * @throws engine.step_gone, engine.retry_block, engine.retry_elsewhere, engine.step_not_reached, engine.retry_approval
 */
export function adopt({ from, plan, address, input, by }: Adoption): readonly Entry[] {
  const place = placeIn(plan, address);
  const around = blocksAround(plan, place, address);
  const kept = stepsBefore(plan, place);
  demandReached(from, place, kept);
  demandNoApproval(plan, place.step.id, kept);
  const { outputs, outcomes } = from.state.root;
  const data = { run: from.run, outputs: pick(outputs, kept), outcomes: pick(outcomes, kept) };
  const last: Entry =
    input === null
      ? { kind: 'step_ready', address, data: {} }
      : { kind: 'step_retried', address, data: { ...by, generation: 1, input } };
  const entered = around.flatMap((one) => entering(one, from.state));
  return [{ kind: 'adopted', address: '', data }, ...entered, last];
}

function placeIn(plan: Plan, address: string): Place {
  const { prefix, id } = splitAddress(address);
  const block = /^[^[.]+/.exec(prefix)?.[0];
  if (block !== undefined) throw errors.retry_block({ address, block });
  const place = indexOf(plan).get(id);
  if (!place) throw errors.step_gone({ address, version: plan.version });
  return place;
}

/** The blocks around a step, the outermost first. */
function blocksAround(plan: Plan, place: Place, address: string): readonly Around[] {
  const around: Around[] = [];
  let { owner } = place;
  while (owner.kind === 'part') {
    around.unshift({ step: owner.step, part: owner.part });
    owner = (indexOf(plan).get(owner.step.id) as Place).owner;
  }
  if (owner.phase !== 'main') throw errors.retry_elsewhere({ address, list: owner.phase });
  const whole = around.find(({ step }) => isLoop(step) || step.verb === 'parallel');
  if (whole) throw errors.retry_block({ address, block: whole.step.id });
  return around;
}

/** Ids of the steps that lie before a step on its way from the beginning, with those inside them. */
function stepsBefore(plan: Plan, place: Place): ReadonlySet<string> {
  const kept = new Set<string>();
  const add = (steps: readonly Step[]): void => {
    for (const step of steps) {
      kept.add(step.id);
      for (const [, inner] of partsOf(step)) add(inner);
    }
  };
  for (let current: Place | undefined = place; current; ) {
    add(current.list.slice(0, current.index));
    if (current.owner.kind !== 'part') break;
    const { step, part } = current.owner;
    if (step.verb === 'try')
      for (const [name, steps] of partsOf(step)) if (name !== part && comesBefore(name, part)) add(steps);
    current = indexOf(plan).get(step.id);
  }
  return kept;
}

/** Whether one part of a `try` may have run when another one does. */
function comesBefore(part: string, other: string): boolean {
  return part === 'body' || (other === 'finally' && part.startsWith('catch'));
}

function demandReached({ run, plan, state }: Adoption['from'], place: Place, kept: ReadonlySet<string>): void {
  const { outcomes } = state.root;
  const address = place.step.id;
  const reached = Object.hasOwn(outcomes, address);
  const isNew = !plan.byId.has(address);
  const missing = place.list.slice(0, place.index).find(({ id }) => !Object.hasOwn(outcomes, id));
  if (missing) throw errors.step_not_reached({ address, run, missing: missing.id });
  if (!reached && !isNew && place.owner.kind === 'part')
    throw errors.step_not_reached({ address, run, missing: address });
  if (kept.size > 0 && Object.keys(outcomes).length === 0)
    throw errors.step_not_reached({ address, run, missing: address });
}

/** An approval covers what it showed, in the run that showed it: what it covers cannot begin without it. */
function demandNoApproval(plan: Plan, address: string, kept: ReadonlySet<string>): void {
  for (const id of kept) {
    const step = plan.byId.get(id) as Step;
    if (step.verb !== 'approval') continue;
    const covered = (step as ApprovalStep).covers.find((one) => !kept.has(one));
    if (covered !== undefined) throw errors.retry_approval({ address, approval: id, covered });
  }
}

function pick<Value>(values: Readonly<Record<string, Value>>, ids: ReadonlySet<string>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([id]) => ids.has(id)));
}

function entering({ step, part }: Around, state: RunState): readonly Entry[] {
  const address = step.id;
  if (step.verb !== 'try') return [{ kind: 'branch_taken', address, data: { branch: Number(part) } }];
  const entered: Entry = { kind: 'try_entered', address, data: {} };
  if (part === 'body') return [entered];
  const error = errorIn(step.steps, state);
  if (part === 'finally') return [entered, { kind: 'try_moved', address, data: { part, clause: -1, error } }];
  const clause = Number(part.slice('catch '.length));
  return [entered, { kind: 'try_moved', address, data: { part: 'catch', clause, error } }];
}

/** The error that left a list of steps: that of the one that failed. */
function errorIn(steps: readonly Step[], state: RunState): ErrorValue | null {
  for (const { id } of steps) {
    const outcome = state.root.outcomes[id];
    if (outcome?.status === 'failed' && outcome.error) return outcome.error;
  }
  return null;
}

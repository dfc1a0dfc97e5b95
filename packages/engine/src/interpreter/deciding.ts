import { isCounterpointError } from '@counterpoint/core';
import type { CompiledExpression, CompiledTemplate } from '@counterpoint/expressions';
import type { Plan, Step } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { apply } from './apply.ts';
import type { Entry, RowName } from './entries.ts';
import type { ErrorValue } from './error-value.ts';
import type { ActionCall, Command, Happening, Moment, Settled, TimerKind } from './happening.ts';
import { indexOf, type Owner, type Place, type PlanIndex } from './plan-index.ts';
import { evaluationScope } from './scope.ts';
import { addressOf, lookupId, type OpenStep, type RunState, type Scope } from './state.ts';

/** The rules of one kind of step. Every rule may emit facts, give commands and hand on to the flow. */
export interface StepKind<Kind extends Step> {
  /** It ends as soon as it begins, so that nothing can run out of time or be cancelled. */
  readonly immediate: boolean;
  /** It is the step's turn, and its guard holds. */
  begin(d: Deciding, scope: Scope, step: Kind): void;
  /** An operator has it run anew, with the arguments in `open.input`. Without a rule it begins as at first. */
  again?(d: Deciding, open: OpenStep, step: Kind): void;
  /** One of the lists inside it came to its end. */
  partEnded?(d: Deciding, scope: Scope, step: Kind, end: PartEnd): void;
  /** An attempt ended. */
  settled?(d: Deciding, open: OpenStep, step: Kind, settled: Settled): void;
  /** An event came for one of its conditions. */
  arrived?(d: Deciding, open: OpenStep, step: Kind, arrived: Arrived): void;
  /** Its stored timer is due. Without a rule, `timeout` fails the step. */
  timerDue?(d: Deciding, open: OpenStep, step: Kind, timer: TimerKind): void;
  /** People decided about the inbox item that the step waits for. */
  decided?(d: Deciding, open: OpenStep, step: Kind, decided: Decided): void;
  /** The state was read back: what was under way goes on. */
  recover?(d: Deciding, open: OpenStep, step: Kind): void;
  /** It is about to be cancelled. */
  cancel?(d: Deciding, open: OpenStep, step: Kind): void;
}

/** An event that came. */
export type Arrived = Extract<Happening, { kind: 'arrived' }>;

/** How people decided. */
export type Decided = Extract<Happening, { kind: 'decided' }>;

/** Which list of a block ended, in which scope, and the error that left it, if any. */
export interface PartEnd {
  readonly part: string;
  readonly scope: Scope;
  readonly error: ErrorValue | undefined;
}

type OfVerb<Kind, V> = Kind extends { readonly verb: infer Own } ? (V extends Own ? Kind : never) : never;

/** The rules of every kind of step. */
export type StepKinds = { readonly [V in Step['verb']]: StepKind<OfVerb<Step, V>> };

/** One decision in the making. */
export interface Deciding {
  readonly kinds: StepKinds;
  readonly plan: Plan;
  readonly places: PlanIndex;
  readonly state: RunState;
  readonly moment: Moment;
  readonly entries: Entry[];
  readonly commands: Command[];
  /** What is still to be worked through, in order. */
  readonly queue: Task[];
  /** Steps that may still begin in this decision. */
  budget: number;
  /** The step that is beginning, which alone may look up rows of tables. */
  beginning: Beginning | undefined;
}

/** A step that is beginning, and the rows that it has asked for and that are not known yet. */
interface Beginning {
  readonly address: string;
  wants: Map<string, RowName> | undefined;
}

/** A step whose turn it is, or a list that came to its end. */
type Task =
  | { readonly kind: 'begin'; readonly scope: Scope; readonly step: Step }
  | { readonly kind: 'list_ended'; readonly scope: Scope; readonly owner: Owner };

/** Steps that one decision begins at most, so that no run holds the process up; the rest follows in the next. */
const STEPS_PER_DECISION = 2_000;

/** Begins a decision about `state`, which it advances. */
export function newDeciding(kinds: StepKinds, plan: Plan, state: RunState, moment: Moment): Deciding {
  const places = indexOf(plan);
  return {
    kinds,
    plan,
    places,
    state,
    moment,
    entries: [],
    commands: [],
    queue: [],
    budget: STEPS_PER_DECISION,
    beginning: undefined,
  };
}

/** The rules of a step. */
export function kindOf(d: Deciding, step: Step): StepKind<Step> {
  return d.kinds[step.verb];
}

/** Records a fact. */
export function emit(d: Deciding, entry: Entry): void {
  d.beginning = undefined;
  d.entries.push(entry);
  apply(d.state, entry);
}

/** The place of a step of the plan. */
export function placeOf(d: Deciding, step: Step): Place {
  const place = d.places.get(step.id);
  if (!place) throw new RangeError(`the plan ${d.plan.id} has no step ${step.id}`);
  return place;
}

/** The step with this id. */
export function stepOf(d: Deciding, id: string): Step {
  const place = d.places.get(id);
  if (!place) throw new RangeError(`the plan ${d.plan.id} has no step ${id}`);
  return place.step;
}

/** Evaluates an expression or template as step `step` in `scope` sees things. @throws errors of expressions */
export function evaluate(
  d: Deciding,
  scope: Scope,
  step: Step | undefined,
  compiled: CompiledExpression | CompiledTemplate,
): unknown {
  const place = step && d.places.get(step.id);
  const view = evaluationScope(d.state, scope, place, compiled);
  const { beginning } = d;
  const { at: now } = d.moment;
  return beginning ? lookingUp(d.state, beginning, view, compiled, now) : compiled.evaluate(view, { now });
}

/** Evaluates with the rows that were looked up. @throws RowsWanted when some are not known yet; then nothing else counts */
function lookingUp(
  state: RunState,
  beginning: Beginning,
  view: Readonly<Record<string, unknown>>,
  compiled: CompiledExpression | CompiledTemplate,
  now: number,
): unknown {
  const lookup = (table: string, key: unknown): unknown => lookUp(state, beginning, table, key);
  try {
    const value = compiled.evaluate(view, { now, lookup });
    if (!beginning.wants) return value;
  } catch (error) {
    if (!beginning.wants || !isCounterpointError(error)) throw error;
  }
  throw new RowsWanted([...beginning.wants.values()]);
}

/** Rows that one step may look up. */
const MOST_LOOKUPS = 10_000;

/** The row of a table when it is known. Else it is wanted, and null stands in, so that all that is wanted is found at once. */
function lookUp(state: RunState, beginning: Beginning, table: string, key: unknown): unknown {
  if (key === null || typeof key === 'object') throw errors.lookup_key_invalid({ table, actual: JSON.stringify(key) });
  const row = { table, key: String(key) };
  const id = lookupId(row);
  const known = state.open.get(beginning.address)?.lookups;
  if (known && Object.hasOwn(known, id)) return known[id];
  beginning.wants ??= new Map();
  if (beginning.wants.size < MOST_LOOKUPS) beginning.wants.set(id, row);
  return null;
}

/** Says that a step cannot begin before these rows are known. */
export class RowsWanted extends Error {
  readonly wants: readonly RowName[];

  constructor(wants: readonly RowName[]) {
    super('rows of tables are wanted first');
    this.wants = wants;
  }
}

/** Evaluates a condition. @throws engine.condition_not_boolean, errors of expressions */
export function holds(d: Deciding, scope: Scope, step: Step, condition: CompiledExpression): boolean {
  const value = evaluate(d, scope, step, condition);
  if (typeof value === 'boolean') return value;
  const actual = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  throw errors.condition_not_boolean({ step: step.id, actual });
}

/** Sets a stored timer of a step. @param due Unix milliseconds */
export function setTimer(d: Deciding, address: string, timer: TimerKind, due: number): void {
  d.commands.push({ kind: 'set_timer', address, timer, due });
}

/** Removes a stored timer of a step. */
export function clearTimer(d: Deciding, address: string, timer: TimerKind): void {
  d.commands.push({ kind: 'clear_timer', address, timer });
}

/** Puts the first step of a list to work; an empty list ends at once. */
export function enterList(d: Deciding, scope: Scope, owner: Owner, steps: readonly Step[]): void {
  const [first] = steps;
  d.queue.push(first ? { kind: 'begin', scope, step: first } : { kind: 'list_ended', scope, owner });
}

/** As {@link enterList}, for a part of the block `step`. */
export function enterPart(d: Deciding, scope: Scope, step: Step, part: string, steps: readonly Step[]): void {
  enterList(d, scope, { kind: 'part', step, part }, steps);
}

/** The address of `step` in `scope`. */
export function at(scope: Scope, step: Step): string {
  return addressOf(scope, step.id);
}

/** The call that an open step's current attempt makes. */
export function callOf(open: OpenStep): ActionCall {
  const { address, id: step, attempts, generation, input } = open;
  return { address, step, attempt: attempts, generation, input: input ?? {} };
}

import type { Json, JsonObject } from '@counterpoint/core';
import type { Plan } from '@counterpoint/playbook';
import { apply } from '../interpreter/apply.ts';
import { decide } from '../interpreter/decide.ts';
import type { Entry } from '../interpreter/entries.ts';
import type { ActionCall, Command, Happening, Settled } from '../interpreter/happening.ts';
import { newState, type RunState } from '../interpreter/state.ts';

/** How an action answers in a simulation. */
export type Answer = (call: ActionCall) => Settled;

/** What a simulation is given. */
export interface Simulation {
  readonly inputs?: JsonObject;
  readonly event?: Json;
  readonly answer?: Answer;
  /** Whether every event that is waited for comes; default: none does. */
  readonly events?: boolean;
  /** Which of the happenings that wait comes next; default: the first. */
  readonly choose?: (waiting: readonly Happening[]) => number;
  /** Stops after so many decisions. */
  readonly stopAfter?: number;
  /** Goes on from this state, as after a restart. */
  readonly from?: RunState;
  /** Decisions that were made before; the clock moves on by a second with each. */
  readonly before?: number;
  /** Handed to the run at the given decision (counted from 1), before what waits. */
  readonly inject?: Readonly<Record<number, Happening>>;
}

/** What became of a simulated run. */
export interface Simulated {
  readonly state: RunState;
  readonly entries: readonly Entry[];
  readonly commands: readonly Command[];
  /** Actions that were performed, as `address#attempt`. */
  readonly performed: readonly string[];
  /** At most so many actions were under way at once. */
  readonly widest: number;
  readonly decisions: number;
}

const succeed: Answer = () => ({ status: 'succeeded', output: {} });

/** Facts of a run for tests. */
export function factsOf(inputs: JsonObject = {}, event: Json = null) {
  return {
    id: 'run-1',
    playbook: 'p',
    cause: 'user:ada',
    trace: 'a'.repeat(32),
    simulated: false,
    created_at: 0,
    inputs,
    event,
  };
}

/**
 * Runs a plan without a store: every command is answered at once, timers are due when nothing else waits, and a row of
 * a table holds the length of its key as `n`.
 */
export function simulate(plan: Plan, simulation: Simulation = {}): Simulated {
  const {
    inputs,
    event,
    answer = succeed,
    events = false,
    choose = () => 0,
    inject = {},
    from,
    before = 0,
    stopAfter = Number.POSITIVE_INFINITY,
  } = simulation;
  const state = from ?? newState(factsOf(inputs, event));
  const entries: Entry[] = [];
  const commands: Command[] = [];
  const performed: string[] = [];
  const waiting: Happening[] = from ? [{ kind: 'recovered' }, ...timersOf(from)] : [{ kind: 'start' }];
  let widest = 0;
  let decisions = 0;
  while ((waiting.length > 0 || inject[decisions + 1]) && state.phase !== 'ended' && decisions < stopAfter) {
    decisions += 1;
    const [happening] = inject[decisions] ? [inject[decisions]] : waiting.splice(choose(waiting), 1);
    const decision = decide(plan, state, happening as Happening, { at: (before + decisions) * 1_000, jitter: 0 });
    entries.push(...decision.entries);
    commands.push(...decision.commands);
    for (const command of decision.commands) {
      if (command.kind === 'perform') performed.push(`${command.call.address}#${command.call.attempt}`);
      waiting.push(...happeningOf(command, answer, events));
    }
    widest = Math.max(widest, waiting.filter((one) => one.kind === 'settled').length);
  }
  return { state, entries, commands, performed, widest, decisions };
}

/** The stored timers of a state. */
function timersOf(state: RunState): Happening[] {
  return [...state.open.values()].flatMap(({ address, waiting, conditions }) => [
    ...(waiting ? [{ kind: 'timer_due', address, timer: waiting.for } as const] : []),
    ...(Object.values(conditions ?? {}).some(({ due }) => due !== null)
      ? [{ kind: 'timer_due', address, timer: 'wait' } as const]
      : []),
  ]);
}

function happeningOf(command: Command, answer: Answer, events: boolean): readonly Happening[] {
  switch (command.kind) {
    case 'perform':
    case 'poll':
    case 'reconcile': {
      const { address, attempt } = command.call;
      return [{ kind: 'settled', address, attempt, settled: answer(command.call) }];
    }
    case 'set_timer':
      return command.timer === 'timeout' ? [] : [{ kind: 'timer_due', address: command.address, timer: command.timer }];
    case 'lookup': {
      const rows = command.wants.map((want) => ({ ...want, value: { n: want.key.length } }));
      return [{ kind: 'looked_up', address: command.address, rows }];
    }
    case 'subscribe':
    case 'catch_up': {
      const { address, name, since } = command;
      if (!events) return [];
      return [{ kind: 'arrived', address, name, event: { id: address, at: since, data: { about: address } } }];
    }
    case 'continue':
      return [{ kind: 'continue' }];
    default:
      return [];
  }
}

/** The state that a journal gives. */
export function fold(entries: readonly Entry[], inputs: JsonObject = {}, event: Json = null): RunState {
  const state = newState(factsOf(inputs, event));
  for (const entry of entries) apply(state, entry);
  return state;
}

/** A failed attempt, for answers. */
export function failed(name: string, over: Partial<Extract<Settled, { status: 'failed' }>> = {}): Settled {
  const error = { code: `connector.${name}`, name, message: `it is ${name}`, step: '' };
  return { status: 'failed', error, retryable: false, retryAfter: undefined, performed: 'no', ...over };
}

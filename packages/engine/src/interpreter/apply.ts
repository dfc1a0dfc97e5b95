import type { Entry, EntryData } from './entries.ts';
import type { Happening } from './happening.ts';
import {
  addressOf,
  type Frame,
  lookupId,
  newScope,
  type OpenStatus,
  type OpenStep,
  type RunState,
  type Scope,
  splitAddress,
} from './state.ts';

/**
 * Folds one fact into the state, in place. It only records: nothing is evaluated, chosen or looked up elsewhere, so
 * that folding a journal gives the state that was lived.
 */
export function apply(state: RunState, entry: Entry): void {
  const fold = folds[entry.kind] as (state: RunState, address: string, data: Entry['data']) => void;
  fold(state, entry.address, entry.data);
}

type Folds = {
  readonly [Kind in keyof EntryData]: (state: RunState, address: string, data: EntryData[Kind]) => void;
};

const folds: Folds = {
  step_ready: (state, address) => void opened(state, address, 'ready'),
  step_started: (state, address, { attempt, input, waits }) => {
    const step = opened(state, address, waits ? 'waiting' : 'running');
    step.attempts = attempt;
    step.input = input;
    step.waiting = undefined;
    step.asked = false;
  },
  step_waiting: (state, address, data) => {
    const step = opened(state, address, 'waiting');
    step.waiting = { for: data.for, due: data.due, poll: data.poll };
    step.error = data.error;
  },
  step_unknown: (state, address, { error, asked }) => {
    const step = opened(state, address, 'unknown');
    step.error = error;
    step.asked = asked;
  },
  people_asked: (state, address, { item, covers }) => {
    const step = opened(state, address, 'waiting');
    step.approval = { item, hash: '' };
    if (covers) step.scope.approvals[step.id] = { item, covers, status: 'open', hash: '' };
  },
  people_decided: (state, address, { item, status, hash }) => {
    const step = opened(state, address, 'waiting');
    step.approval = { item, hash };
    const asked = step.scope.approvals[step.id];
    if (asked) step.scope.approvals[step.id] = { ...asked, status, hash };
  },
  step_held: (state, address, { item }) => {
    opened(state, address, 'waiting').approval = { item, hash: '' };
  },
  wait_began: (state, address, { conditions }) => {
    opened(state, address, 'waiting').conditions = conditions;
  },
  lookup_began: (state, address, { wants }) => {
    opened(state, address, 'ready').wants = wants;
  },
  looked_up: (state, address, { rows }) => {
    const step = opened(state, address, 'ready');
    step.wants = undefined;
    step.lookups = { ...step.lookups, ...Object.fromEntries(rows.map((row) => [lookupId(row), row.value])) };
  },
  step_timed_out: (state, address) => {
    opened(state, address, 'running').timedOut = true;
  },
  step_ended: (state, address, { status, output, error, by }) => {
    if (by) state.requests.add(by.request);
    const { prefix, id } = splitAddress(address);
    const scope = scopeAt(state, prefix);
    close(state, address);
    scope.outcomes[id] = error ? { status, error } : { status };
    if (output !== undefined) scope.outputs[id] = output;
  },
  step_retried: (state, address, { generation, input, request }) => {
    state.requests.add(request);
    const step = opened(state, address, 'ready');
    step.generation = generation;
    step.attemptsBefore = step.attempts;
    step.input = input ?? step.input;
    step.waiting = undefined;
    step.error = null;
    step.approval = undefined;
    step.timedOut = false;
    step.asked = false;
  },
  run_paused: (state, _address, { request }) => {
    state.requests.add(request);
    state.paused = true;
  },
  run_resumed: (state, _address, { request }) => {
    state.requests.add(request);
    state.paused = false;
    state.held = [];
  },
  happening_held: (state, _address, { happening }) => {
    state.held.push(happening as unknown as Happening);
  },
  adopted: (state, _address, { outputs, outcomes }) => {
    Object.assign(state.root.outputs, outputs);
    Object.assign(state.root.outcomes, outcomes);
  },
  migrated: (state, _address, { version, request }) => {
    state.requests.add(request);
    state.version = version;
  },
  branch_taken: (state, address, { branch }) => enter(state, address, { kind: 'branch', branch }),
  foreach_entered: (state, address, { items, as }) =>
    enter(state, address, {
      kind: 'foreach',
      items,
      as,
      next: 0,
      active: new Set(),
      ended: 0,
      values: [],
      failures: [],
    }),
  item_entered: (state, address, { index }) => {
    const { step, frame } = frameOf(state, address, 'foreach');
    frame.active.add(index);
    frame.next = index + 1;
    openScope(state, step, index, { [frame.as]: frame.items[index], index });
  },
  item_ended: (state, address, { index, value, error }) => {
    const { frame } = frameOf(state, address, 'foreach');
    frame.active.delete(index);
    frame.ended += 1;
    if (error) frame.failures.push({ index, error });
    else frame.values[index] = value;
    state.scopes.delete(`${address}[${index}]`);
  },
  while_entered: (state, address, { carry }) =>
    enter(state, address, { kind: 'while', carry, rounds: 0, current: undefined }),
  round_entered: (state, address, { index }) => {
    const { step, frame } = frameOf(state, address, 'while');
    frame.current = index;
    openScope(state, step, index, { carry: frame.carry, index });
  },
  round_ended: (state, address, { index, carry }) => {
    const { frame } = frameOf(state, address, 'while');
    frame.current = undefined;
    frame.rounds += 1;
    frame.carry = carry;
    state.scopes.delete(`${address}[${index}]`);
  },
  parallel_entered: (state, address, { branches }) =>
    enter(state, address, { kind: 'parallel', left: new Set(branches), failures: [] }),
  branch_ended: (state, address, { branch, error }) => {
    const { frame } = frameOf(state, address, 'parallel');
    frame.left.delete(branch);
    if (error) frame.failures.push({ branch, error });
  },
  try_entered: (state, address) => enter(state, address, { kind: 'try', part: 'body', clause: -1, error: null }),
  try_moved: (state, address, { part, clause, error }) => {
    const { frame } = frameOf(state, address, 'try');
    frame.part = part;
    frame.clause = clause;
    frame.error = error;
  },
  phase_entered: (state, _address, { phase, ending }) => {
    state.phase = phase;
    state.ending = ending;
  },
  run_ended: (state, _address, ending) => {
    state.phase = 'ended';
    state.ending = ending;
  },
};

function scopeAt(state: RunState, prefix: string): Scope {
  const scope = state.scopes.get(prefix);
  if (!scope) throw new RangeError(`run ${state.run} has no round ${prefix}`);
  return scope;
}

/** The open step at `address`, begun when it is not open yet, with its new status. */
function opened(state: RunState, address: string, status: OpenStatus): OpenStep {
  const known = state.open.get(address);
  const step = known ?? newOpenStep(state, address, status);
  if (known) state.busy -= busyness(known);
  step.status = status;
  state.busy += busyness(step);
  return step;
}

function newOpenStep(state: RunState, address: string, status: OpenStatus): OpenStep {
  const { prefix, id } = splitAddress(address);
  const step: OpenStep = {
    address,
    id,
    scope: scopeAt(state, prefix),
    status,
    attempts: 0,
    attemptsBefore: 0,
    generation: 0,
    input: null,
    waiting: undefined,
    error: null,
    conditions: undefined,
    wants: undefined,
    lookups: undefined,
    approval: undefined,
    timedOut: false,
    asked: false,
    frame: undefined,
  };
  state.open.set(address, step);
  return step;
}

function busyness(step: OpenStep): 0 | 1 {
  return step.frame === undefined && (step.status === 'ready' || step.status === 'running') ? 1 : 0;
}

function close(state: RunState, address: string): void {
  const step = state.open.get(address);
  if (!step) return;
  state.open.delete(address);
  state.busy -= busyness(step);
  if (step.frame?.kind === 'foreach') {
    for (const index of step.frame.active) state.scopes.delete(`${address}[${index}]`);
  } else if (step.frame?.kind === 'while') state.scopes.delete(`${address}[${step.frame.current}]`);
}

function enter(state: RunState, address: string, frame: Frame): void {
  const step = opened(state, address, 'running');
  state.busy -= busyness(step);
  step.frame = frame;
}

function frameOf<Kind extends Frame['kind']>(
  state: RunState,
  address: string,
  kind: Kind,
): { readonly step: OpenStep; readonly frame: Extract<Frame, { kind: Kind }> } {
  const step = state.open.get(address);
  if (step?.frame?.kind !== kind) throw new RangeError(`run ${state.run} is not in the ${kind} at ${address}`);
  return { step, frame: step.frame as Extract<Frame, { kind: Kind }> };
}

function openScope(state: RunState, step: OpenStep, index: number, names: Readonly<Record<string, unknown>>): void {
  const prefix = `${addressOf(step.scope, step.id)}[${index}]`;
  state.scopes.set(prefix, newScope(prefix, step.scope, { ...step.scope.names, ...names }));
}

import { isCounterpointError, type Json, type JsonObject, stableId } from '@counterpoint/core';
import type { ActionStep, Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { decide } from '../interpreter/decide.ts';
import { errorValue } from '../interpreter/error-value.ts';
import type { ActionCall, Command, Happening, Moment, Settled } from '../interpreter/happening.ts';
import { newState, type RunState, splitAddress } from '../interpreter/state.ts';
import type { EventCheck } from '../playbooks/event-check.ts';
import { defaultEngineLimits } from '../worker/options.ts';
import { inputsOf } from '../worker/run-row.ts';
import { type Agenda, createAgenda } from './agenda.ts';
import { actionName, contractOf } from './contracts.ts';
import { createStepObserver, type ObservedRun, type StepObserver } from './observe.ts';
import type { RunRecord } from './record.ts';
import type { StagedAction, World } from './world.ts';

/** What a rehearsed run begins with. */
export interface Opening {
  readonly plan: Plan;
  readonly inputs: JsonObject;
  readonly event: Json;
  /** When, Unix milliseconds. */
  readonly now: number;
  /** Id of the run; it only has to differ from others that are compared with it. */
  readonly run: string;
  /** Reference of who starts it. */
  readonly startedBy: string;
  /** Holds what is published against the declared topics; without it anything goes. */
  readonly checkEvent?: EventCheck | undefined;
}

/** Nothing is waited for longer than this, in milliseconds of the rehearsal's own time. */
const HORIZON = 400 * 86_400_000;
/** Decisions after which a run is taken for one that never ends. */
const DECISIONS = 200_000;

/** A run that is being rehearsed. */
interface Stage {
  readonly opening: Opening;
  readonly world: World;
  readonly record: RunRecord;
  readonly state: RunState;
  readonly agenda: Agenda;
  readonly observer: StepObserver;
  readonly inbox: Happening[];
  readonly underWay: Set<Promise<void>>;
  /** Actions with an effect that succeeded and were not undone, by whole address. */
  readonly performed: Set<string>;
  /** Address of the calling step with a `/` behind it; empty for the run itself. */
  readonly within: string;
  now: number;
}

/**
 * Plays a run on the real interpreter, without store, network or waiting: `world` answers what the run asks for, and
 * time passes at once. The inputs are checked and completed as those of a real run.
 *
 * @throws engine.inputs_invalid
 */
export async function perform(opening: Opening, world: World, record: RunRecord): Promise<ObservedRun> {
  return (await play(opening, world, record, { within: '', performed: new Set() })).run;
}

async function play(
  opening: Opening,
  world: World,
  record: RunRecord,
  around: Pick<Stage, 'within' | 'performed'>,
): Promise<{ readonly run: ObservedRun; readonly now: number }> {
  const stage = setStage(opening, world, record, around);
  const horizon = opening.now + HORIZON;
  for (let decisions = 0; stage.state.phase !== 'ended' && decisions < DECISIONS; decisions++) {
    const happening = await nextHappening(stage, horizon);
    if (!happening) break;
    const moment: Moment = { at: stage.now, jitter: 0, checkEvent: opening.checkEvent };
    const { entries, commands } = decide(opening.plan, stage.state, happening, moment);
    for (const entry of entries) stage.observer.add(entry);
    for (const command of commands) (orders[command.kind] as Order<Command> | undefined)?.(stage, command);
    if (happening.kind === 'continue') await new Promise((resume) => setImmediate(resume));
  }
  const { ending } = stage.state;
  const steps = stage.observer.steps();
  const run: ObservedRun = ending
    ? { status: ending.status, error: ending.error ?? undefined, outputs: ending.outputs, steps }
    : { status: 'unfinished', error: undefined, outputs: null, steps };
  return { run: stage.state.phase === 'ended' ? run : { ...run, status: 'unfinished' }, now: stage.now };
}

function setStage(
  opening: Opening,
  world: World,
  record: RunRecord,
  { within, performed }: Pick<Stage, 'within' | 'performed'>,
): Stage {
  const { plan, now, event, run, startedBy } = opening;
  const inputs = inputsOf(plan, opening.inputs);
  const trace = '0'.repeat(32);
  const facts = { id: run, playbook: plan.id, cause: startedBy, trace, simulated: true, created_at: now };
  return {
    opening,
    world,
    record,
    state: newState({ ...facts, inputs, event }),
    agenda: createAgenda(),
    observer: createStepObserver(),
    inbox: [{ kind: 'start' }],
    underWay: new Set(),
    performed,
    within,
    now,
  };
}

/** What happens next; undefined when nothing does. Time only passes when nothing else is to come. */
async function nextHappening(stage: Stage, horizon: number): Promise<Happening | undefined> {
  for (;;) {
    const waiting = stage.inbox.shift();
    if (waiting) return waiting;
    if (stage.underWay.size === 0) break;
    await Promise.race(stage.underWay);
  }
  const due = stage.agenda.next();
  if (!due || due.due > horizon) return undefined;
  stage.now = Math.max(stage.now, due.due);
  return due.happening;
}

type Order<Kind extends Command> = (stage: Stage, command: Kind) => void;

/** What a rehearsal does about each command; aborting has no meaning where every answer comes at once. */
const orders: { readonly [Kind in Command['kind']]?: Order<Extract<Command, { kind: Kind }>> } = {
  perform(stage, { call }) {
    const action = stagedAction(stage, call);
    const { step } = action;
    const lease = step.lease?.for;
    stage.record.calls.push({
      kind: 'action',
      name: actionName(step),
      address: action.address,
      with: call.input,
      lease,
    });
    const answer = stage.world.act(action);
    if (answer instanceof Promise)
      follow(
        stage,
        answer.then((settled) => settle(stage, action, settled)),
      );
    else settle(stage, action, answer);
  },
  reconcile(stage, { call }) {
    const action = stagedAction(stage, call);
    settle(stage, action, stage.world.findOut(action));
  },
  start_child(stage, command) {
    follow(stage, playCalled(stage, command));
  },
  release(stage, command) {
    const undone = command.targets.flatMap(({ step, calls }) => takeBack(stage, step, calls));
    const output = { undone: undone.length, kept: [] };
    const { address, attempt } = command;
    stage.inbox.push({ kind: 'settled', address, attempt, settled: { status: 'succeeded', output } });
  },
  publish(stage, { topic, data }) {
    stage.record.published.push({ topic, data });
  },
  set_timer(stage, { address, timer, due }) {
    stage.agenda.put(`${address} ${timer}`, due, { kind: 'timer_due', address, timer });
  },
  clear_timer(stage, { address, timer }) {
    stage.agenda.remove(`${address} ${timer}`);
  },
  continue(stage) {
    stage.inbox.push({ kind: 'continue' });
  },
};

function stagedAction(stage: Stage, call: ActionCall): StagedAction {
  const { plan, run } = stage.opening;
  const step = plan.byId.get(call.step) as ActionStep;
  return { plan, step, call, run, address: stage.within + call.address, at: stage.now };
}

function settle(stage: Stage, { plan, step, call, address }: StagedAction, settled: Settled): void {
  const lasting = contractOf(step, plan, stage.world.catalogue)?.effect !== 'read';
  if (settled.status === 'succeeded' && lasting) stage.performed.add(address);
  stage.inbox.push({ kind: 'settled', address: call.address, attempt: call.attempt, settled });
}

function follow(stage: Stage, work: Promise<void>): void {
  const done = work.finally(() => stage.underWay.delete(done));
  stage.underWay.add(done);
}

type StartChild = Extract<Command, { kind: 'start_child' }>;

/** Rehearses a called playbook in its own time; its end reaches the caller when that time has come. */
async function playCalled(stage: Stage, { address, playbook, inputs, detach }: StartChild): Promise<void> {
  const whole = stage.within + address;
  stage.record.calls.push({ kind: 'playbook', name: playbook, address: whole, with: inputs, lease: undefined });
  const tell = (settled: Settled, due = stage.now): void =>
    stage.agenda.put(`${address} called`, due, { kind: 'settled', address, attempt: 1, settled });
  const run = stableId('rehearsed', stage.opening.run, address);
  if (detach) tell({ status: 'succeeded', output: { run } });
  try {
    const limit = defaultEngineLimits.callDepth;
    if (whole.split('/').length > limit) throw errors.call_too_deep({ playbook, limit });
    const called = await stage.world.call({ playbook, inputs, address: whole });
    if ('settled' in called) {
      if (!detach) tell(called.settled);
      return;
    }
    const { now, startedBy, checkEvent } = { ...stage.opening, now: stage.now };
    const opening = { plan: called.plan, inputs, event: null, now, run, startedBy, checkEvent };
    const end = await play(opening, stage.world, stage.record, { within: `${whole}/`, performed: stage.performed });
    // A called playbook that never ends leaves its caller waiting.
    if (!detach && end.run.status !== 'unfinished') tell(settledCall(run, end.run, address), end.now);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    if (!detach) tell(failedWith(error, address, 'no'));
  }
}

/** How a called run's end looks to the step that called it. */
function settledCall(run: string, { status, error, outputs }: ObservedRun, address: string): Settled {
  if (status === 'succeeded') return { status, output: outputs };
  const reason = error?.message ?? 'it gave no reason';
  return failedWith(errors.call_failed({ run, status, reason }), address, 'maybe');
}

/** A failure that trying again does not mend. */
export function failedWith(
  error: Parameters<typeof errorValue>[0],
  address: string,
  performed: 'no' | 'maybe' = 'no',
): Extract<Settled, { status: 'failed' }> {
  const value = errorValue(error, address);
  return { status: 'failed', error: value, retryable: error.retryable, retryAfter: undefined, performed };
}

/** Takes the effects of a step back: of one round by its address, of all of them by its id; or of what it called. */
function takeBack(stage: Stage, step: string, calls: boolean): readonly string[] {
  const { within, performed, record } = stage;
  const undone = [...performed].filter((address) => {
    if (!address.startsWith(within)) return false;
    const [own = '', ...called] = address.slice(within.length).split('/');
    return calls === called.length > 0 && (own === step || own.endsWith(`.${step}`));
  });
  for (const address of undone) {
    performed.delete(address);
    record.undone.add(splitAddress(address.slice(within.length).split('/')[0] ?? '').id);
  }
  return undone;
}

import { isCounterpointError, stableId } from '@counterpoint/core';
import type { ActionStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { errorValue } from '../interpreter/error-value.ts';
import { targetOfRound } from '../interpreter/fan-out.ts';
import type { ActionCall, Command, Happening, Settled } from '../interpreter/happening.ts';
import { splitAddress } from '../interpreter/state.ts';
import { defaultEngineLimits } from '../worker/options.ts';
import { actionName, contractOf } from './contracts.ts';
import type { ObservedRun } from './observe.ts';
import { follow, type Play, type Stage } from './stage.ts';
import type { PeoplesAnswer, StagedAction } from './world.ts';

/** Does what a decision of a rehearsed run says. `play` plays the runs that it calls. */
export function carryOut(stage: Stage, command: Command, play: Play): void {
  (orders[command.kind] as Order<Command> | undefined)?.(stage, command, play);
}

type Order<Kind extends Command> = (stage: Stage, command: Kind, play: Play) => void;

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
  start_child(stage, command, play) {
    follow(stage, playCalled(stage, command, play));
  },
  release(stage, command) {
    const undone = command.targets.flatMap(({ step, calls }) => takeBack(stage, step, calls));
    const output = { undone: undone.length, kept: [] };
    const { address, attempt } = command;
    stage.inbox.push({ kind: 'settled', address, attempt, settled: { status: 'succeeded', output } });
  },
  ask_people(stage, { address, item, question }) {
    const { id: step } = splitAddress(address);
    const answer = stage.world.ask({ step, address: stage.within + address, question });
    if (answer) stage.inbox.push(decided(address, item, answer));
  },
  expire_inbox(stage, { address, item }) {
    const otherwise = stage.opening.plan.byId.get(splitAddress(address).id);
    const approves = otherwise?.verb === 'approval' && otherwise.deadline?.then === 'approve';
    const status = approves ? 'approved' : 'expired';
    stage.inbox.push({ kind: 'decided', address, item, status, by: [], reason: '', form: null, hash: '' });
  },
  subscribe(stage, { address, name, topic, since }) {
    stage.world.events.forEach((event, index) => {
      const at = stage.opening.now + event.after;
      if (event.topic !== topic || at < since) return;
      const arrived = { id: `event-${index + 1}`, at, data: event.data };
      const due = Math.max(at, stage.now);
      stage.agenda.put(`${address} ${name} ${index}`, due, { kind: 'arrived', address, name, event: arrived });
    });
  },
  lookup(stage, { address, wants }) {
    const read = async (): Promise<void> => {
      const rows = await Promise.all(
        wants.map(async (row) => ({ ...row, value: await stage.world.lookup(row, stage.within + address) })),
      );
      stage.inbox.push({ kind: 'looked_up', address, rows });
    };
    follow(stage, read());
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

function decided(address: string, item: string, { approved, by, reason, form }: PeoplesAnswer): Happening {
  const status = approved === null ? 'answered' : approved ? 'approved' : 'denied';
  return { kind: 'decided', address, item, status, by, reason, form, hash: '' };
}

function stagedAction(stage: Stage, call: ActionCall): StagedAction {
  const { plan, run } = stage.opening;
  const step = plan.byId.get(call.step) as ActionStep;
  const target = targetOfRound(stage.state, call.address);
  return { plan, step, call, target, run, address: stage.within + call.address, at: stage.now };
}

function settle(stage: Stage, { plan, step, call, address }: StagedAction, settled: Settled): void {
  const lasting = contractOf(step, plan, stage.world.catalogue)?.effect !== 'read';
  if (settled.status === 'succeeded' && lasting) stage.performed.add(address);
  stage.inbox.push({ kind: 'settled', address: call.address, attempt: call.attempt, settled });
}

type StartChild = Extract<Command, { kind: 'start_child' }>;

/** Rehearses a called playbook in its own time; its end reaches the caller when that time has come. */
async function playCalled(stage: Stage, { address, playbook, inputs, detach }: StartChild, play: Play): Promise<void> {
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
    const opening = { ...stage.opening, plan: called.plan, inputs, event: null, now: stage.now, run };
    const end = await play(opening, { ...stage, within: `${whole}/` });
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

/** A failed attempt. */
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

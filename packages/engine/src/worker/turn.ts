import { type Command, isPeopleCommand } from '../interpreter/happening.ts';
import { statusOf } from '../interpreter/state.ts';
import type { ActiveRun } from './active-run.ts';
import type { Batch } from './batch.ts';
import { admit, poll, reconcile, send } from './calls.ts';
import { changeOf } from './change-of.ts';
import { prepareChild } from './children.ts';
import { promoteSoon } from './concurrency.ts';
import { decideInbox } from './decide-inbox.ts';
import { finish, forget } from './finish.ts';
import { prepareInbox } from './inbox.ts';
import { prepareLookup } from './lookups.ts';
import { readTargets } from './migration.ts';
import { surelyOwns, trustMillis } from './own.ts';
import { letCallerGo, prepareEnd } from './parents.ts';
import { queuedRun } from './queue.ts';
import { release } from './release.ts';
import { catchUp } from './subscriptions.ts';
import { clearTimer, setTimer } from './timers.ts';
import { leavesWith } from './unload.ts';
import type { Worker } from './worker.ts';

/** How often what settles without sending is decided on before the turn is committed. */
const ROUNDS = 50;

/**
 * One turn: decide on everything in the inbox, make it durable in one commit, and only then do what was decided.
 *
 * @throws what committing throws; nothing has been exposed then, and the state in memory is ahead of the store
 */
export async function takeTurn(worker: Worker, run: ActiveRun, batch: Batch): Promise<void> {
  for (let round = 0; run.inbox.length > 0 && round < ROUNDS; round++) {
    if (run.inbox.some(({ happening }) => happening.kind === 'migrate')) await readTargets(worker, run);
    const commands = decideInbox(worker, run, batch);
    if (commands.some(needsPreparing)) await prepare(worker, run, batch, commands);
  }
  const ends = run.state.phase === 'ended';
  if (ends && run.row.parent !== '') await prepareEnd(worker, run, batch);
  let durable = false;
  try {
    await writeTurn(worker, run, batch);
    durable = true;
  } finally {
    if (ends) letCallerGo(worker, run, batch, durable);
  }
  carryOut(worker, run, batch);
  for (const item of batch.items) item.done?.();
}

async function writeTurn(worker: Worker, run: ActiveRun, batch: Batch): Promise<void> {
  const { clock, store } = worker.options;
  const asked = clock.monotonic();
  run.leaving = leavesWith(worker, run, batch);
  run.leave = false;
  const change = changeOf(worker, run, batch);
  if (!change) return;
  run.renew = false;
  try {
    await store.commit(change);
  } catch (error) {
    run.leaving = false;
    throw error;
  }
  run.stored = true;
  run.failures = 0;
  run.seq += batch.entries.length;
  run.quietSince = asked;
  run.ownedUntil = asked + trustMillis(worker);
}

const PREPARED: ReadonlySet<Command['kind']> = new Set([
  'perform',
  'start_child',
  'lookup',
  'ask_people',
  'expire_inbox',
  'close_inbox',
]);

function needsPreparing(command: Command): boolean {
  return PREPARED.has(command.kind);
}

async function prepare(worker: Worker, run: ActiveRun, batch: Batch, commands: readonly Command[]): Promise<void> {
  // All of them end before the turn does, so that nothing of one that failed comes to the next.
  const prepared = await Promise.allSettled(
    commands.map(async (command) => {
      if (command.kind === 'start_child') await prepareChild(worker, run, batch, command);
      else if (command.kind === 'lookup') await prepareLookup(worker, run, batch, command);
      else if (command.kind === 'perform') {
        const call = await admit(worker, run, batch, command.call);
        if (!call) return;
        batch.calls.push(call);
        batch.changes.push(call.admission.change);
      } else if (isPeopleCommand(command)) await prepareInbox(worker, run, batch, command);
    }),
  );
  const failed = prepared.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

function carryOut(worker: Worker, run: ActiveRun, batch: Batch): void {
  for (const { command } of batch.commands) {
    (orders[command.kind] as ((worker: Worker, run: ActiveRun, command: Command) => void) | undefined)?.(
      worker,
      run,
      command,
    );
  }
  for (const child of batch.children) worker.enqueue(child);
  for (const child of batch.parked) promoteSoon(worker, child);
  for (const prepared of batch.calls) {
    const open = run.state.open.get(prepared.call.address);
    if (open?.status !== 'running' || open.attempts !== prepared.call.attempt) continue;
    if (surelyOwns(worker, run)) send(worker, run, prepared);
    else findOutLater(worker, run, prepared.call.address);
  }
  if (run.state.phase === 'ended') finish(worker, run);
  else if (run.leaving) letGo(worker, run);
  else if (statusOf(run.state) === 'waiting' && run.inbox.length === 0) worker.releaseSlot(run);
}

/** The store alone has it now. One that has not begun waits for its turn again, unless it is paused. */
function letGo(worker: Worker, run: ActiveRun): void {
  forget(worker, run);
  if (!run.begun && !run.state.paused) worker.enqueue(queuedRun(run.row));
}

/** The ownership may have passed on while the commit took so long: it is renewed first, then the run looks again. */
function findOutLater(worker: Worker, run: ActiveRun, address: string): void {
  run.renew = true;
  worker.post(run, { kind: 'lost', address });
}

type Orders = {
  readonly [Kind in Command['kind']]?: (
    worker: Worker,
    run: ActiveRun,
    command: Extract<Command, { kind: Kind }>,
  ) => void;
};

/** What is done after the commit; the other commands were part of it. */
const orders: Orders = {
  poll,
  reconcile,
  release,
  abort: (_worker, run, { address }) => run.calls.get(address)?.abort(),
  set_timer: setTimer,
  clear_timer: clearTimer,
  subscribe: catchUp,
  catch_up: catchUp,
  continue: (worker, run) => void setImmediate(() => worker.post(run, { kind: 'continue' })),
};

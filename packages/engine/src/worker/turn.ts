import type { Command } from '../interpreter/happening.ts';
import { statusOf } from '../interpreter/state.ts';
import type { ActiveRun } from './active-run.ts';
import { type Batch, changeOf, decideInbox } from './batch.ts';
import { admit, poll, reconcile, send } from './calls.ts';
import { prepareChild } from './children.ts';
import { finish } from './finish.ts';
import { release } from './release.ts';
import { armTimer, disarmTimer } from './timers.ts';
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
    const commands = decideInbox(worker, run, batch);
    if (commands.some(needsPreparing)) await prepare(worker, run, batch, commands);
  }
  const change = changeOf(worker, run, batch);
  if (change) {
    run.renew = false;
    await worker.options.store.commit(change);
    run.stored = true;
    run.failures = 0;
    run.seq += batch.entries.length;
    run.leaseUntil = worker.options.clock.now() + worker.limits.leaseMillis;
  }
  carryOut(worker, run, batch);
  for (const item of batch.items) item.done?.();
}

function needsPreparing(command: Command): boolean {
  return command.kind === 'perform' || command.kind === 'start_child';
}

async function prepare(worker: Worker, run: ActiveRun, batch: Batch, commands: readonly Command[]): Promise<void> {
  await Promise.all(
    commands.map(async (command) => {
      if (command.kind === 'start_child') await prepareChild(worker, run, batch, command);
      else if (command.kind === 'perform') {
        const prepared = await admit(worker, run, batch, command.call);
        if (!prepared) return;
        batch.calls.push(prepared);
        batch.changes.push(prepared.admission.change);
      }
    }),
  );
}

function carryOut(worker: Worker, run: ActiveRun, batch: Batch): void {
  for (const { command } of batch.commands) {
    (orders[command.kind] as ((worker: Worker, run: ActiveRun, command: Command) => void) | undefined)?.(
      worker,
      run,
      command,
    );
  }
  for (const child of batch.children) worker.enqueue(child.run, child.priority);
  for (const prepared of batch.calls) {
    const open = run.state.open.get(prepared.call.address);
    if (open?.status !== 'running' || open.attempts !== prepared.call.attempt) continue;
    if (worker.options.clock.now() < run.leaseUntil) send(worker, run, prepared);
    else {
      // The ownership may have passed on while the commit took so long: renew it first, then find out again.
      run.renew = true;
      worker.post(run, { kind: 'lost', address: prepared.call.address });
    }
  }
  if (run.state.phase === 'ended') finish(worker, run);
  else if (statusOf(run.state) === 'waiting' && run.inbox.length === 0) worker.releaseSlot(run);
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
  cancel_child: (worker, run, { child }) => {
    worker
      .cancel(child, run.row.principal, `the run that called it, ${run.row.id}, does not wait any more`)
      .catch(() => {
        // It has ended already, or another worker owns it.
      });
  },
  set_timer: armTimer,
  clear_timer: disarmTimer,
  continue: (worker, run) => void setImmediate(() => worker.post(run, { kind: 'continue' })),
};

import { cancelHeld } from '@counterpoint/actions';
import { askPeople, type CoveredCall, cancelItem, expireItem } from '@counterpoint/cases';
import { isCounterpointError } from '@counterpoint/core';
import { type Change, isEmptyChange, mergeChanges, type Rows } from '@counterpoint/events';
import type { Happening, PeopleCommand, PeopleQuestion } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { type Batch, derive } from './batch.ts';
import { effectKey, failure } from './calls.ts';
import { causalityOfStep } from './causality.ts';
import { targetOf } from './target.ts';
import type { Worker } from './worker.ts';

/**
 * Makes what a turn has to do with the inbox of people part of its commit. Whatever is decided at the same moment makes
 * that commit conflict; the turn is taken again, and then goes by the row.
 */
export async function prepareInbox(
  worker: Worker,
  run: ActiveRun,
  batch: Batch,
  command: PeopleCommand,
): Promise<void> {
  const { store, clock } = worker.options;
  switch (command.kind) {
    case 'ask_people':
      ask(worker, run, batch, command);
      return;
    case 'expire_inbox': {
      // The step may have been left in the same turn.
      if (run.state.open.get(command.address)?.approval?.item !== command.item) return;
      const { change, decided } = await expireItem(store, command.item, clock.now());
      // Its signal tells the run in the next turn: what it approves may begin only when the approval is durable.
      if (!isEmptyChange(change)) batch.changes.push(change);
      else if (decided) derive(run, batch, { happening: decided, change: undefined });
      return;
    }
    case 'close_inbox': {
      const change = await callOff(worker, run, batch, command);
      if (!isEmptyChange(change)) batch.changes.push(change);
    }
  }
}

/** Ends the item and what the ledger holds for it, also when they are as young as this turn. */
async function callOff(
  worker: Worker,
  run: ActiveRun,
  batch: Batch,
  { item: id, address, generation }: Extract<PeopleCommand, { kind: 'close_inbox' }>,
): Promise<Change> {
  const { store, clock } = worker.options;
  const key = effectKey(run.row.id, address, generation);
  const [stored] = await store.find('effects', { where: { key }, limit: 1 });
  const effect = written(batch, 'effects', (row) => row.key === key) ?? stored;
  const item = written(batch, 'inbox_items', (row) => row.id === id) ?? (await store.get('inbox_items', id));
  return mergeChanges(cancelItem(item, clock.now()), cancelHeld(effect, clock.now()));
}

/** The row that the turn itself writes, as it will stand. */
function written<Table extends 'effects' | 'inbox_items'>(
  batch: Batch,
  table: Table,
  wanted: (row: Rows[Table]) => boolean,
): Rows[Table] | undefined {
  for (const write of batch.changes.flatMap((change) => change.rows ?? []).toReversed()) {
    if (write.table === table && write.op !== 'delete' && wanted(write.row as Rows[Table])) {
      return write.row as Rows[Table];
    }
  }
  return undefined;
}

function ask(
  worker: Worker,
  run: ActiveRun,
  batch: Batch,
  { address, item, question }: Extract<PeopleCommand, { kind: 'ask_people' }>,
): void {
  try {
    const { due, covers, ...asked } = question;
    const { id: runId, playbook, simulated } = run.row;
    batch.changes.push(
      askPeople({
        ...asked,
        id: item,
        run: runId,
        address,
        playbook,
        covers: covers.map((one) => coveredCall(worker, run, one)),
        due_at: due,
        simulated,
        causality: causalityOfStep(run.row, address),
        now: worker.options.clock.now(),
      }),
    );
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    const happening: Happening = { kind: 'settled', address, attempt: 1, settled: failure(error, address) };
    derive(run, batch, { happening, change: undefined });
  }
}

/** @throws engine.capability_unbound, engine.connection_gone */
function coveredCall(worker: Worker, run: ActiveRun, covered: PeopleQuestion['covers'][number]): CoveredCall {
  const { step: id, address, input, target } = covered;
  const step = run.published.plan.byId.get(id);
  if (step?.verb === 'call') return { step: id, address, input, kind: 'call', playbook: step.playbook };
  if (step?.verb !== 'action') throw new RangeError(`the step ${id} cannot be covered`);
  const named = target?.connector ? target : targetOf(run.published.plan, step, worker.options.bind);
  const { connector, action } = named;
  const connection = named.connection || null;
  const lease = step.lease?.for ?? null;
  return { step: id, address, input, kind: 'action', connector, action, connection, lease };
}

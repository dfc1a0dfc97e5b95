import { cancelHeld } from '@counterpoint/actions';
import { askPeople, type CoveredCall, cancelItem, expireItem } from '@counterpoint/cases';
import { isCounterpointError } from '@counterpoint/core';
import { mergeChanges } from '@counterpoint/events';
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
      const { change, decided } = await expireItem(store, command.item, clock.now());
      if (decided) derive(run, batch, { happening: decided, change });
      return;
    }
    case 'close_inbox':
      batch.changes.push(
        mergeChanges(
          await cancelItem(store, command.item, clock.now()),
          await cancelHeld(store, effectKey(run.row.id, command.address, command.generation), clock.now()),
        ),
      );
  }
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
  const { step: id, address, input } = covered;
  const step = run.published.plan.byId.get(id);
  if (step?.verb === 'call') return { step: id, address, input, kind: 'call', playbook: step.playbook };
  if (step?.verb !== 'action') throw new RangeError(`the step ${id} cannot be covered`);
  const { connector, action, connection = null } = targetOf(run.published.plan, step, worker.options.bind);
  const lease = step.lease?.for ?? null;
  return { step: id, address, input, kind: 'action', connector, action, connection, lease };
}

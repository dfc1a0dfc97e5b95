import { type BuiltinConnector, builtinConnectors, isOver } from '@counterpoint/cases';
import type { Connector } from '@counterpoint/connector-kit';
import { CounterpointError, isCounterpointError, type JsonObject } from '@counterpoint/core';
import { admitBuiltin } from './admit-builtin.ts';
import { admitEffect } from './admit-effect.ts';
import { type CallDependencies, callAction } from './call.ts';
import type { ActionOutcome, ActionRequest, Admission, Door } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { errors } from './errors.ts';
import { connectorOf } from './find-connector.ts';
import { type Joining, pollJoined } from './join-effect.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { conclude, type Pending } from './ledger/conclude.ts';
import { keepReceipt } from './ledger/late-receipt.ts';
import { pollEffect } from './poll-effect.ts';
import { type Prepared, prepare } from './prepare.ts';
import { reconcileEffect } from './reconcile-effect.ts';
import { refusal } from './refusal.ts';
import { release } from './undo/release.ts';

/** What the door is made of. */
export interface DoorOptions extends CallDependencies, Pick<DoorContext, 'store' | 'guard' | 'tables'> {
  readonly connectors: Iterable<Connector>;
  /** Default: the built-in connectors of `cases`. */
  readonly builtins?: Iterable<BuiltinConnector>;
}

/** The parts that the door shares with the lease keeper and with whoever reads the ledger. */
export function createDoorContext(options: DoorOptions): DoorContext {
  const { connectors, builtins = builtinConnectors, ...rest } = options;
  return {
    ...rest,
    extensions: createKeyedQueue(),
    lanes: createKeyedQueue(),
    connectors: new Map([...connectors].map((one) => [one.manifest.id, one])),
    builtins: new Map([...builtins].map((one) => [one.manifest.id, one])),
  };
}

/** Makes the one door; see {@link Door}. */
export function createDoor(context: DoorContext): Door {
  const preparing = (request: ActionRequest): Promise<Prepared> =>
    prepare(context.store, connectorOf(context, request), bounded(context, request));

  const admit = async (request: ActionRequest): Promise<Admission> => {
    try {
      const builtin = context.builtins.get(request.connector);
      if (builtin) return admitBuiltin(context, builtin, request);
      const prepared = await preparing(request);
      await demandOpenCase(context, request);
      return prepared.action.effect === 'read' ? admitRead(context, prepared) : await admitEffect(context, prepared);
    } catch (error) {
      return refusal(request, expected(error));
    }
  };

  const reconcile: Door['reconcile'] = async (request, signal) => {
    try {
      if (context.builtins.has(request.connector)) return repeatable(request);
      const prepared = await preparing(request);
      if (prepared.action.effect === 'read') return repeatable(request);
      return await reconcileEffect(context, prepared, signal);
    } catch (error) {
      return outcomeOf(refusal(request, expected(error)));
    }
  };

  const poll: Door['poll'] = async (request, pending, signal) => {
    try {
      const prepared = await preparing(request);
      if ('joining' in pending) return await pollJoined(context, prepared, pending as Joining, signal);
      return await pollEffect(context, prepared, pending as Pending, signal);
    } catch (error) {
      return outcomeOf(refusal(request, expected(error)));
    }
  };

  return {
    admit,
    poll,
    reconcile,
    perform: (request, signal) => performNow(context, { admit, poll }, request, signal),
    release: (request) => release(context, request),
  };
}

/** @throws actions.case_over */
async function demandOpenCase({ store }: DoorContext, { whileCase }: ActionRequest): Promise<void> {
  // One that is not there is being opened in the commit that this request becomes part of.
  const row = whileCase && (await store.get('cases', whileCase.case));
  if (row && isOver(row)) throw errors.case_over({ case: row.id, status: row.status });
}

/** A case that stays open for ever keeps nothing for longer than the policy allows. */
function bounded({ guard }: DoorContext, request: ActionRequest): ActionRequest {
  const { whileCase } = request;
  if (!whileCase || whileCase.max !== undefined) return request;
  const max = guard.longestLease(`${request.connector}.${request.action}`);
  return { ...request, whileCase: { ...whileCase, max } };
}

/** Expected errors become outcomes; defects and a failing store are the caller's to see. */
function expected(error: unknown): CounterpointError {
  if (error instanceof CounterpointError && !error.code.startsWith('events.')) return error;
  throw error;
}

function outcomeOf(admission: Admission): ActionOutcome {
  if (admission.kind === 'settled') return admission.outcome;
  throw new TypeError('a refusal is settled');
}

/** Reading, or writing our own records under the same key, does no harm a second time. */
function repeatable({ connector, action }: ActionRequest): ActionOutcome {
  const error = errors.outcome_unknown({ connector, action, reason: 'its answer was lost' });
  return {
    status: 'failed',
    error,
    retryable: true,
    retryAfter: undefined,
    performed: 'no',
    effect: undefined,
    change: {},
  };
}

function admitRead(context: DoorContext, prepared: Prepared): Admission {
  const { request, connector, action, connection, input } = prepared;
  const { key, timeout, causality: origin } = request;
  return {
    kind: 'send',
    change: {},
    effect: undefined,
    async send(signal, isMine) {
      const call = { connector, name: request.action, action, connection, input, key, timeout, signal, isMine, origin };
      return conclude(context.store, prepared, undefined, await callAction(context, call), context.clock.now());
    },
  };
}

const ADMISSIONS = 10;
const LONGEST_WAIT = 60_000;

/** Admits and commits; admits again when somebody else was first on the target. */
async function admitted(context: DoorContext, admit: Door['admit'], request: ActionRequest): Promise<Admission> {
  for (let count = 1; ; count++) {
    const admission = await admit(request);
    try {
      await context.store.commit(admission.kind === 'send' ? admission.change : admission.outcome.change);
      return admission;
    } catch (error) {
      if (count === ADMISSIONS || !isCounterpointError(error, 'events.conflict')) throw error;
    }
  }
}

async function performNow(
  context: DoorContext,
  door: Pick<Door, 'admit' | 'poll'>,
  request: ActionRequest,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { store, clock } = context;
  const admission = await admitted(context, door.admit, request);
  let outcome = admission.kind === 'send' ? await admission.send(signal) : admission.outcome;
  if (admission.kind === 'send') await keepReceipt(store, outcome.change, clock.now());
  const until = clock.now() + (request.timeout ?? LONGEST_WAIT);
  // What takes longer goes on: the keeper asks after it, and the same key tells how it ended.
  while (outcome.status === 'pending' && outcome.at <= until && !signal.aborted) {
    const { at, poll } = outcome;
    await new Promise<void>((resolve) => clock.after(Math.max(0, at - clock.now()), resolve));
    outcome = await door.poll({ ...request, now: clock.now() }, poll as JsonObject, signal);
    await keepReceipt(store, outcome.change, clock.now());
  }
  return outcome;
}

import type { Door, DoorContext } from '@counterpoint/actions';
import { type Clock, isCounterpointError, type Json } from '@counterpoint/core';
import type { EventEnvelope, Store } from '@counterpoint/events';
import { createTurns } from '../../participants/in-turn.ts';
import { type EdgeBundle, readBundle } from '../bundle.ts';
import type { NodeRequest } from '../centre/sites.ts';
import type { SignedText } from '../signed-text.ts';
import { answerRequest } from './answer-request.ts';
import { type Asking, keepAsking } from './keep-asking.ts';
import type { CentreLink, NodeIdentity, Standing } from './node.ts';
import { type Obeyed, obey } from './obey.ts';
import type { Outgoing } from './outgoing.ts';
import { uploadOnce } from './upload.ts';

/** What an edge node at work stands on. */
export interface EdgeNodeOptions {
  /** Notes what changes; see {@link Outgoing}. */
  readonly store: Store;
  /** The same store without that: what comes from the centre is written to it. */
  readonly inner: Store;
  readonly clock: Clock;
  readonly identity: NodeIdentity;
  readonly link: CentreLink;
  readonly outgoing: Outgoing;
  readonly door: Door;
  readonly context: DoorContext;
  /** Number of the bundle that it works by; 0: none. */
  readonly bundle: number;
  /** The topics that its reactions subscribe to, by that bundle. */
  readonly topics: () => Promise<readonly string[]>;
  /** Takes over a bundle that was found to be right, and remembers it. Safe to repeat. */
  readonly apply: (bundle: EdgeBundle, signed: SignedText) => Promise<void>;
  readonly onStanding: (standing: Standing) => void;
  readonly onProblem: (what: string, error: unknown) => void;
}

/** An edge node at work: everything it asks of the centre goes on in rounds of its own. */
export interface EdgeNodeAtWork {
  /** Number of the bundle that it works by. */
  bundle(): number;
  standing(): Standing;
  stop(): Promise<void>;
}

const EVENTS_AT_ONCE = 50;
const CALLS_AT_ONCE = 4;
/** How long something new is waited for, in seconds. */
const WAIT = 25;
/** How often the own audit log is looked at; what changes otherwise is brought home at once. */
const LOOK = 2_000;

interface Working {
  readonly options: EdgeNodeOptions;
  number: number;
  done: readonly Obeyed[];
  acks: readonly string[];
  /** Begins with what it may not have got when it was stopped. */
  afresh: boolean;
  /** Aborted when the topics have changed. */
  asking: AbortController;
  readonly turn: ReturnType<typeof createTurns>;
}

/** Lets a node work with its centre, whether it is there or not. */
export function startEdgeNode(options: EdgeNodeOptions): EdgeNodeAtWork {
  const { clock, outgoing, onProblem } = options;
  const working: Working = {
    options,
    number: options.bundle,
    done: [],
    acks: [],
    afresh: true,
    asking: new AbortController(),
    turn: createTurns(),
  };
  let standing: Standing = 'away';
  const keep = (
    what: string,
    idle: number,
    round: (signal: AbortSignal) => Promise<boolean>,
    decides = false,
  ): Asking =>
    keepAsking({
      ...{ clock, round, idle },
      onStanding(now, error) {
        if (error !== undefined && now === 'connected') onProblem(what, error);
        if (!decides || now === standing) return;
        standing = now;
        options.onStanding(now);
      },
    });
  const upload = keep('what happened here could not be brought home', LOOK, () => bringHome(working));
  const all = [
    keep(
      'the centre could not be asked what is new',
      0,
      (signal) => syncOnce(working, standing === 'connected' ? WAIT : 0, signal),
      true,
    ),
    keep('events could not be taken', 0, (signal) => takeEvents(working, signal, WAIT)),
    keep('calls could not be taken', 0, (signal) => offerCalls(working, signal)),
    upload,
  ];
  const stopHearing = outgoing.onNew(() => upload.wake());
  return {
    bundle: () => working.number,
    standing: () => standing,
    async stop() {
      stopHearing();
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}

/** @param wait in seconds; 0 to learn at once how the node stands to its centre */
async function syncOnce(working: Working, wait: number, signal: AbortSignal): Promise<boolean> {
  const { link, identity, clock, door, apply } = working.options;
  const { done } = working;
  const { bundle, commands } = await link.ask<{
    readonly bundle: SignedText | null;
    readonly commands: SignedText | null;
  }>('POST', '/edge/sync', { bundle: working.number, done, wait }, signal);
  working.done = working.done.filter((one) => !done.includes(one));
  const trust = { publicKey: identity.centreKey, installation: identity.installation, node: identity.node };
  if (bundle) {
    const read = readBundle(bundle, { ...trust, current: working.number });
    await apply(read, bundle);
    // Only then it says that it works by it: what is announced from then on is reacted to.
    working.asking.abort();
    await takeEvents(working, signal, 0);
    working.number = read.number;
  }
  if (commands) working.done = [...working.done, ...(await obey({ clock, door, trust }, commands))];
  return true;
}

/** Takes the next events, in its turn; gives up waiting when the topics change. */
function takeEvents(working: Working, signal: AbortSignal, wait: number): Promise<boolean> {
  return working.turn('events', async () => {
    if (working.asking.signal.aborted) working.asking = new AbortController();
    const { signal: changed } = working.asking;
    try {
      await takeSome(working, AbortSignal.any([signal, changed]), wait);
    } catch (error) {
      working.afresh = true;
      if (!changed.aborted) throw error;
    }
    return true;
  });
}

async function takeSome(working: Working, signal: AbortSignal, wait: number): Promise<void> {
  const { link, inner, topics } = working.options;
  const body = { ack: working.acks, topics: await topics(), afresh: working.afresh, max: EVENTS_AT_ONCE, wait };
  const { events } = await link.ask<{
    readonly events: readonly { readonly ack: string; readonly event: EventEnvelope }[];
  }>('POST', '/edge/events', body, signal);
  [working.acks, working.afresh] = [[], false];
  const known = await Promise.all(events.map(({ event }) => inner.get('outbox', event.id)));
  const fresh = new Map(events.flatMap(({ event }, index) => (known[index] ? [] : [[event.id, event] as const])));
  if (fresh.size > 0) await inner.commit({ events: [...fresh.values()] });
  working.acks = events.map((one) => one.ack);
}

interface Request {
  readonly id: string;
  readonly payload: Json;
  readonly timeout: number;
}

/** Offers to perform calls, and performs those that come, several at once, until the centre no longer answers. */
async function offerCalls(working: Working, signal: AbortSignal): Promise<boolean> {
  const { link } = working.options;
  await link.ask('PUT', '/services/perform', undefined, signal);
  const failed = new AbortController();
  const over = AbortSignal.any([signal, failed.signal]);
  const readers = Array.from({ length: CALLS_AT_ONCE }, async () => {
    try {
      while (!over.aborted) await takeCall(working, over);
    } catch (error) {
      failed.abort();
      throw error;
    }
  });
  const ended = await Promise.allSettled(readers);
  for (const one of ended) if (one.status === 'rejected' && !isAborted(one.reason)) throw one.reason;
  return true;
}

function isAborted(error: unknown): boolean {
  return isCounterpointError(error) && error.cause instanceof Error && error.cause.name === 'AbortError';
}

async function takeCall({ options }: Working, signal: AbortSignal): Promise<void> {
  const { link, identity, context } = options;
  const { request } = await link.ask<{ readonly request: Request | null }>('GET', '/requests/next', undefined, signal);
  if (!request) return;
  const trust = { publicKey: identity.centreKey, installation: identity.installation, node: identity.node };
  const over = AbortSignal.any([signal, AbortSignal.timeout(request.timeout * 1_000)]);
  let answer: Json;
  try {
    const asked = request.payload as unknown as NodeRequest;
    answer = { payload: (await answerRequest({ context, trust }, asked, over)) as unknown as Json };
  } catch (error) {
    const code = isCounterpointError(error, 'fabric.edge_message_refused') ? { code: 'forbidden' } : {};
    answer = { error: (error instanceof Error ? error.message : String(error)).slice(0, 2_000), ...code };
  }
  await link.ask('POST', `/requests/${request.id}/answer`, answer, signal);
}

function bringHome({ options }: Working): Promise<boolean> {
  const { store, link, outgoing, onProblem } = options;
  return uploadOnce({
    ...{ store, link, outgoing, node: options.identity.node },
    onRefused: (refused) => onProblem('the centre refused rows of this node', refused),
  });
}

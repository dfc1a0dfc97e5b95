import type { LoggedEvent, StartOfReading } from '@counterpoint/events';
import { fabricErrors, mayReceive, maySubscribe, type Participant } from '@counterpoint/fabric';
import { errors } from '../errors.ts';
import { type Durable, type DurableWish, type Handed, openDurable } from './durable.ts';
import type { Presence } from './presence.ts';
import type { FabricServices } from './services.ts';

/** How many durable subscriptions one participant has. */
const MOST_NAMES = 100;

/** What a request asks of the log, as it stands in its query. */
export interface Place {
  readonly topics?: string | undefined;
  readonly after?: number | undefined;
  readonly since?: string | undefined;
}

/**
 * The topic patterns that are asked for; default all that the participant may subscribe to.
 *
 * @throws fabric.subscribe_denied
 */
export function topicsOf({ refusals }: FabricServices, participant: Participant, { topics }: Place): readonly string[] {
  const { id, rights } = participant;
  const wanted = topics?.split(',').map((pattern) => pattern.trim()) ?? rights.subscribe;
  const denied = wanted.length === 0 ? 'anything' : wanted.find((pattern) => !maySubscribe(participant, pattern));
  if (denied === undefined) return wanted;
  const reason = rights.subscribe.length === 0 ? 'it has no right to' : `only to ${rights.subscribe.join(', ')}`;
  const error = fabricErrors.subscribe_denied({ participant: id, pattern: denied, reason });
  refusals.note(id, 'subscribe', denied, error);
  throw error;
}

/** Where reading begins. */
export function startOf({ after, since }: Place): StartOfReading {
  if (after !== undefined) return { after };
  return since === undefined ? 'new' : { since: Date.parse(since) };
}

/** Whether a participant may see an event now; rights may have changed since it subscribed. */
export function receivable({ participants }: FabricServices, id: string): (logged: LoggedEvent) => boolean {
  return ({ event }) => {
    const participant = participants.get(id);
    return participant?.enabled === true && mayReceive(participant, event.type);
  };
}

function sameTopics(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}

/**
 * The durable subscription of a participant under a name: the one at work, or a new one when there is none or other
 * topics are asked for.
 */
export async function durableOf(
  services: FabricServices,
  presence: Presence,
  participant: string,
  name: string,
  wish: DurableWish,
): Promise<Durable> {
  presence.keep(name);
  const before = presence.durables.get(name);
  const open = async () => {
    const known = await before?.catch(() => undefined);
    if (known && sameTopics(known.wish.topics, wish.topics)) return known;
    await known?.stop();
    const consumer = `participant:${participant}/${name}`;
    await demandFewNames(services, presence, participant, consumer);
    const forget = () => {
      if (presence.durables.get(name) === opening) presence.durables.delete(name);
    };
    return openSeated(services, consumer, wish, receivable(services, participant), forget);
  };
  // Known at once, so that a second request of the same moment waits for this one.
  const opening: Promise<Durable> = Promise.resolve().then(open);
  presence.durables.set(name, opening);
  try {
    return await opening;
  } catch (error) {
    if (presence.durables.get(name) === opening) presence.durables.delete(name);
    throw error;
  }
}

/** Each name is remembered for good, whether anybody reads on or not. @throws api.too_many_subscriptions */
async function demandFewNames({ log }: FabricServices, presence: Presence, participant: string, consumer: string) {
  const limit = MOST_NAMES;
  const own = (await log.standings()).filter((one) => one.name.startsWith(`participant:${participant}/`));
  const known = own.some((one) => one.name === consumer);
  if (!known && Math.max(own.length, presence.durables.size - 1) >= limit)
    throw errors.too_many_subscriptions({ participant, limit });
}

/** Opens a durable subscription that no other process reads, until another wants it. */
async function openSeated(
  services: FabricServices,
  name: string,
  wish: DurableWish,
  allowed: (logged: LoggedEvent) => boolean,
  forget: () => void,
): Promise<Durable> {
  const { seats } = services;
  if (!seats) return openDurable(services, name, wish, allowed);
  const wanted = Promise.withResolvers<Durable | undefined>();
  const letGo = await seats.take(name, async () => {
    forget();
    await (await wanted.promise)?.stop();
  });
  try {
    const durable = await openDurable(services, name, wish, allowed);
    const stop = async () => {
      await durable.stop();
      await letGo();
    };
    wanted.resolve(durable);
    return { ...durable, stop };
  } catch (error) {
    wanted.resolve(undefined);
    await letGo();
    throw error;
  }
}

/** A delivery as it is sent. */
export function deliveryOf({ ack, logged }: Handed) {
  return { ack, position: logged.position, event: logged.event };
}

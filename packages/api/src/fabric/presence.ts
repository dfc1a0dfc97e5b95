import { newId } from '@counterpoint/core';
import type { Participant, ParticipantDeclaration, Session } from '@counterpoint/fabric';
import { errors } from '../errors.ts';
import type { Durable } from './durable.ts';
import { createRequestDesk, type RequestDesk } from './request-desk.ts';
import type { FabricServices } from './services.ts';

const MAX_READERS = 16;
/** How long a durable subscription outlives its reader: long enough to connect again. */
const GRACE = 60_000;

/** A participant that is here over HTTP: all its connections and requests are one session. */
export interface Presence {
  readonly session: Session;
  readonly desk: RequestDesk;
  /** Action -> id of the instance that offers it. */
  readonly offers: Map<string, string>;
  /** By name; a promise while one is being opened. */
  readonly durables: Map<string, Promise<Durable>>;
  /** Aborted when it leaves; says why. */
  readonly gone: AbortSignal;
  /** Counts a stream or long poll until the returned function is called. @throws api.too_many_streams */
  read(): () => void;
  /** Stops a durable subscription that nobody reads any more, unless somebody does within a minute. */
  abandon(name: string): void;
  /** Somebody reads it again. */
  keep(name: string): void;
}

/** The participants that are here over HTTP. */
export interface Presences {
  get(id: string): Presence | undefined;
  /** Brings a participant in, or takes over what it declares now. @throws as {@link Participants.join} */
  enter(participant: Participant, declaration?: ParticipantDeclaration): Promise<Presence>;
  /** A sign of life of somebody who may be here. */
  heard(id: string): void;
  leave(id: string, reason: string): Promise<void>;
  /** Everybody leaves this process, to come again elsewhere. */
  stop(): Promise<void>;
}

interface Kept extends Presence {
  readonly close: (reason: string) => Promise<void>;
}

function createPresence({ services, clock }: FabricServices, id: string, forget: () => void): Kept {
  const gone = new AbortController();
  const desk = createRequestDesk(clock);
  const offers = new Map<string, string>();
  const durables = new Map<string, Promise<Durable>>();
  const abandoned = new Map<string, () => void>();
  let readers = 0;
  const keep = (name: string) => {
    abandoned.get(name)?.();
    abandoned.delete(name);
  };
  const stopDurable = async (name: string) => {
    const durable = durables.get(name);
    durables.delete(name);
    // One that could not be opened has nothing to stop.
    await durable?.then((opened) => opened.stop()).catch(() => undefined);
  };
  const close = async (reason: string) => {
    if (gone.signal.aborted) return;
    forget();
    gone.abort(reason);
    desk.close();
    for (const cancel of abandoned.values()) cancel();
    await Promise.all([
      ...[...durables.keys()].map(stopDurable),
      ...[...offers.values()].map((instance) => services.withdraw(instance)),
    ]);
  };
  return {
    session: { id: newId(), via: 'http', close: (reason) => void close(reason) },
    desk,
    offers,
    durables,
    gone: gone.signal,
    read() {
      if (readers >= MAX_READERS) throw errors.too_many_streams({ reader: id, limit: MAX_READERS });
      readers += 1;
      return () => {
        readers -= 1;
      };
    },
    abandon(name) {
      keep(name);
      abandoned.set(
        name,
        clock.after(GRACE, () => {
          abandoned.delete(name);
          void stopDurable(name);
        }),
      );
    },
    keep,
    close,
  };
}

/** Makes {@link Presences}. */
export function createPresences(services: FabricServices): Presences {
  const { participants } = services;
  const here = new Map<string, Kept>();
  const entering = new Map<string, Promise<Kept>>();

  const join = async (id: string, declaration?: ParticipantDeclaration) => {
    const known = here.get(id);
    const presence = known ?? createPresence(services, id, () => here.delete(id));
    await participants.join(id, presence.session, declaration);
    if (!presence.gone.aborted) here.set(id, presence);
    return presence;
  };
  const leave = async (id: string, reason: string) => {
    const presence = here.get(id);
    if (!presence) return;
    await presence.close(reason);
    await participants.leave(id, presence.session.id, reason);
  };

  return {
    get: (id) => here.get(id),
    enter({ id }, declaration) {
      // One after the other: who comes with two connections at once is here once.
      const before = entering.get(id)?.catch(() => undefined) ?? Promise.resolve();
      const entered = before.then(() => {
        const known = here.get(id);
        return known && declaration === undefined ? known : join(id, declaration);
      });
      entering.set(id, entered);
      const done = () => {
        if (entering.get(id) === entered) entering.delete(id);
      };
      entered.then(done, done);
      return entered;
    },
    heard(id) {
      const presence = here.get(id);
      if (presence) participants.heard(id, presence.session.id);
    },
    leave,
    async stop() {
      await Promise.all([...here.keys()].map((id) => leave(id, 'the server stops')));
    },
  };
}

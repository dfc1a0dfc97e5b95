import type { Clock } from '@counterpoint/core';
import type { KnownSession, Session } from './participant.ts';

/** The sessions that end in this process. */
export interface Sessions {
  add(participant: string, session: Session): void;
  /** Whether it was there. */
  remove(participant: string, session: string): boolean;
  heard(participant: string, session: string): void;
  count(participant: string): number;
  of(participant: string): readonly Session[];
  known(participant: string): readonly KnownSession[];
  participants(): readonly string[];
  /** Sessions over HTTP without a sign of life for {@link SILENCE}. */
  silent(): readonly { readonly participant: string; readonly session: Session }[];
}

/** How long a session over HTTP counts without a sign of life, in milliseconds. */
export const SILENCE = 60_000;

interface Open {
  readonly session: Session;
  heardAt: number;
}

/** Makes {@link Sessions}. */
export function createSessions(clock: Clock): Sessions {
  const open = new Map<string, Map<string, Open>>();
  return {
    add(participant, session) {
      const own = open.get(participant) ?? new Map<string, Open>();
      open.set(participant, own.set(session.id, { session, heardAt: clock.monotonic() }));
    },
    remove(participant, session) {
      const own = open.get(participant);
      const was = own?.delete(session) ?? false;
      if (own?.size === 0) open.delete(participant);
      return was;
    },
    heard(participant, session) {
      const one = open.get(participant)?.get(session);
      if (one) one.heardAt = clock.monotonic();
    },
    count: (participant) => open.get(participant)?.size ?? 0,
    of: (participant) => [...(open.get(participant)?.values() ?? [])].map(({ session }) => session),
    known: (participant) =>
      [...(open.get(participant)?.values() ?? [])].map(({ session, heardAt }) => ({
        id: session.id,
        via: session.via,
        heardAt: session.heardAt?.() ?? clock.now() - Math.round(clock.monotonic() - heardAt),
        silence: session.via === 'http' ? SILENCE : session.silence,
      })),
    participants: () => [...open.keys()],
    silent() {
      const since = clock.monotonic() - SILENCE;
      return [...open].flatMap(([participant, own]) =>
        [...own.values()].flatMap(({ session, heardAt }) =>
          session.via === 'http' && heardAt < since ? [{ participant, session }] : [],
        ),
      );
    },
  };
}

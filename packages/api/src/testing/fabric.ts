import { isCounterpointError, type ManualClock, newId } from '@counterpoint/core';
import {
  type EventConsumer,
  type EventEnvelope,
  type EventLog,
  type LoggedEvent,
  newEvent,
  type ParticipantRights,
  topicMatches,
} from '@counterpoint/events';
import {
  fabricErrors,
  type KnownInstance,
  type LocalInstance,
  type Participant,
  type Participants,
  type Publisher,
  type Refusals,
  readAnnounced,
  type Services,
  type Session,
} from '@counterpoint/fabric';

/** The ports of the fabric in memory, to look at from a test of the surface for participants. */
export interface MemoryFabric {
  readonly participants: Participants;
  readonly publisher: Publisher;
  readonly refusals: Refusals;
  /** Topic patterns that somebody was refused. */
  readonly refused: string[];
  readonly services: Services;
  readonly log: EventLog;
  /** Lets somebody in; the token is `cpp_<id>`. */
  admit(id: string, rights?: Partial<ParticipantRights>): void;
  /** Its tokens no longer count; its sessions stay. */
  revoke(id: string): void;
  /** Sessions that are open, by participant. */
  readonly sessions: ReadonlyMap<string, Session>;
  /** What each consumer failed at, with the reason. */
  readonly failures: { readonly consumer: string; readonly event: string; readonly reason: string }[];
  /** How many consumers are at work. */
  consuming(): number;
}

const ANYTHING: ParticipantRights = { publish: ['>'], subscribe: ['>'], offer: ['*'], invoke: ['*'] };

function memoryLog(failures: MemoryFabric['failures']) {
  const events: LoggedEvent[] = [];
  const tails = new Set<(logged: LoggedEvent) => void>();
  const cursors = new Map<string, number>();
  const working = new Set<string>();
  const wanted = (topics: readonly string[], { event }: LoggedEvent) =>
    topics.some((pattern) => topicMatches(pattern, event.type));
  const consume = async ({ name, topics, start = 'new', handle }: EventConsumer) => {
    working.add(name);
    const from =
      cursors.get(name) ??
      (start === 'new' ? events.length : typeof start === 'object' && 'after' in start ? start.after : 0);
    cursors.set(name, from);
    const done = new Set<number>();
    let stopped = false;
    const give = (logged: LoggedEvent): void => {
      if (stopped || !wanted(topics, logged)) return;
      handle(logged).then(
        () => {
          done.add(logged.position);
          while (done.has((cursors.get(name) ?? 0) + 1)) cursors.set(name, (cursors.get(name) ?? 0) + 1);
        },
        (error: unknown) => {
          if (stopped) return;
          const reason = String((error as Error).message);
          if (!isCounterpointError(error, 'events.given_back'))
            failures.push({ consumer: name, event: logged.event.id, reason });
          setImmediate(() => give(logged));
        },
      );
    };
    for (const logged of events.slice(from)) give(logged);
    tails.add(give);
    return {
      drain: async () => {},
      stop: async () => {
        stopped = true;
        tails.delete(give);
        working.delete(name);
      },
    };
  };
  const log = {
    consume,
    standings: async () => [...cursors].map(([name, position]) => ({ name, position })),
    async append(list: readonly EventEnvelope[]) {
      for (const event of list) {
        const logged = { position: events.length + 1, event };
        events.push(logged);
        for (const tell of tails) tell(logged);
      }
    },
    async read({ topics, start, limit = 100 }: Parameters<EventLog['read']>[0]) {
      const after = typeof start === 'object' && 'after' in start ? start.after : 0;
      return events.filter((one) => one.position > after && wanted(topics, one)).slice(0, limit);
    },
    async tail(topics: readonly string[], listener: (logged: LoggedEvent) => void) {
      const tell = (logged: LoggedEvent) => wanted(topics, logged) && listener(logged);
      tails.add(tell);
      return () => void tails.delete(tell);
    },
  };
  return { log: log as unknown as EventLog, consuming: () => working.size };
}

function memoryServices(): Services {
  const instances = new Map<string, LocalInstance>();
  const known = (one: LocalInstance): KnownInstance => ({ ...one, local: true, expiresAt: null });
  const services: Partial<Services> = {
    async register(instance) {
      instances.set(instance.id, instance);
    },
    async withdraw(id) {
      instances.delete(id);
    },
    async invokeFor(participant, request) {
      const instance = [...instances.values()].find(({ service }) => service === request.service);
      if (!instance) throw fabricErrors.service_unknown({ service: request.service, suggestion: '' });
      const causality = { principal: `participant:${participant}`, trace: '0'.repeat(32), cause: '', hop: 0 };
      return instance.call({ ...request, causality }, request.signal ?? new AbortController().signal);
    },
    instances: () => [...instances.values()].map(known),
  };
  return services as Services;
}

/** Makes a {@link MemoryFabric} with nobody on it. */
export function createMemoryFabric(clock: ManualClock): MemoryFabric {
  const failures: MemoryFabric['failures'] = [];
  const { log, consuming } = memoryLog(failures);
  const admitted = new Map<string, Participant>();
  const revoked = new Set<string>();
  const refused: string[] = [];
  const sessions = new Map<string, Session>();
  const participants: Partial<Participants> = {
    get: (id) => admitted.get(id),
    async byToken(token) {
      const found = admitted.get(token.replace(/^cpp_/, ''));
      if (!found || revoked.has(found.id)) throw fabricErrors.participant_unauthenticated();
      return found;
    },
    declare: (participant, said) => readAnnounced(participant, said),
    async join(id, session, announced) {
      sessions.set(id, session);
      const before = admitted.get(id);
      if (before && announced) admitted.set(id, { ...before, announced });
    },
    heard() {},
    async leave(id) {
      sessions.delete(id);
    },
  };
  return {
    participants: participants as Participants,
    services: memoryServices(),
    log,
    failures,
    refused,
    refusals: {
      note: (_participant, _kind, subject) => void refused.push(subject),
      list: () => [],
      flush: async () => {},
    },
    sessions,
    consuming,
    publisher: {
      async publish(by, { topic, subject = by.id, data, id }) {
        if (topic === 'not.allowed.v1') {
          throw fabricErrors.publish_denied({ participant: by.id, topic, reason: 'it has no right to' });
        }
        const causality = { principal: `participant:${by.id}`, trace: '0'.repeat(32), cause: '', hop: 0 };
        const event = { ...newEvent(topic, subject, data, causality, clock.now()), id: id ?? newId(clock.now()) };
        await log.append([{ ...event, participant: by.id }]);
        return event;
      },
    },
    admit(id, rights = {}) {
      const nothing = { declared: undefined, announced: undefined };
      const row = { id, title: id, kind: 'token', site: '', trust: [], enabled: true, state: 'offline' } as const;
      admitted.set(id, { ...row, ...nothing, rights: { ...ANYTHING, ...rights } });
    },
    revoke: (id) => void revoked.add(id),
  };
}

import { retryOnConflict } from '@counterpoint/cases';
import type { CapabilityContract } from '@counterpoint/connector-kit';
import { type Clock, newTraceId } from '@counterpoint/core';
import { type Change, mergeChanges, type ParticipantRow, type RowWrite, type Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { createTokenBucket, type TokenBucket } from '../publishing/token-bucket.ts';
import { leftEvent } from './announce.ts';
import { noteArrival, noteDeparture } from './attendance.ts';
import { offerProblems } from './check-offers.ts';
import { audited, type Credentials, createCredentials } from './credentials.ts';
import { createTurns } from './in-turn.ts';
import type { DeclaredParticipant } from './parse-participant.ts';
import type { Actor, NewParticipant, Participant, ParticipantPatch, Participants, Session } from './participant.ts';
import { readAnnounced } from './read-declaration.ts';
import { createRevocations, type Revocations } from './revocations.ts';
import { mayOffer } from './rights.ts';
import { createRoster, type Roster } from './roster.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { demandFreeId, demandValid, newParticipantRow, unknownParticipant } from './wish.ts';

/** What {@link createParticipants} is made of. */
export interface ParticipantsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names this process among those that share the store. */
  readonly node: string;
  /** No other process uses the store. */
  readonly alone: boolean;
  /** What git declares, by id. */
  readonly declared: ReadonlyMap<string, DeclaredParticipant>;
  /** The capabilities that offers are held against; undefined: they are not looked at. */
  readonly contracts?: ReadonlyMap<string, CapabilityContract>;
  /** Whether an id stands for something else: a shipped connector, a built-in, a capability. */
  readonly isTaken: (id: string) => boolean;
  /** What else is to be written when a participant joins, in the same commit. */
  readonly alongside?: (participant: Participant) => Promise<readonly RowWrite[]>;
  /** Told of what went wrong where nobody waits for it. */
  readonly onProblem?: (error: unknown) => void;
}

/** {@link Participants} with what keeps them going. */
export interface KeptParticipants extends Participants {
  /**
   * Reads the participants, creates those that git declares, and begins to look for sessions that fell silent. When this
   * process is alone everybody is offline until they join again.
   *
   * @throws fabric.participant_invalid when git declares one whose id is taken
   */
  start(): Promise<void>;
  /** Another process changed participants or credentials. */
  refresh(): Promise<void>;
  /** The processes that participants are connected to. */
  nodes(): Iterable<string>;
  /** A process that shared the store is gone, and so are the sessions that ended there. */
  processGone(node: string): Promise<void>;
  /** Ends every session of this process. */
  close(): Promise<void>;
}

interface Keeping {
  readonly options: ParticipantsOptions;
  readonly roster: Roster;
  readonly sessions: Sessions;
  readonly credentials: Credentials;
  /** What other processes revoked; undefined when there are none. */
  readonly revocations: Revocations | undefined;
  readonly turn: ReturnType<typeof createTurns>;
  /** How often each may come and go: both are events that others hear of. */
  readonly comings: Map<string, TokenBucket>;
  /** How many characters each may say of itself. */
  readonly sayings: Map<string, TokenBucket>;
}

const LOOK_FOR_SILENCE = 10_000;
const COMINGS_PER_SECOND = 1;
const COMINGS_AT_ONCE = 30;
/** Of a declaration, in characters: the longest may be said eight times at once, and then every quarter of a minute. */
const SAID_PER_SECOND = 16 * 1024;
const SAID_AT_ONCE = 2 * 1024 * 1024;
const IN_FORCE = ['intended', 'held', 'pending', 'performed', 'unknown', 'undoing', 'undo_failed'] as const;

/** Makes {@link KeptParticipants}; nothing is known before `start`. */
export function createParticipants(options: ParticipantsOptions): KeptParticipants {
  const { store, clock, node } = options;
  const credentials = createCredentials(store, clock);
  const keeping: Keeping = {
    options,
    roster: createRoster(store, options.declared),
    sessions: createSessions(clock),
    credentials,
    revocations: options.alone ? undefined : createRevocations(credentials),
    turn: createTurns(),
    comings: new Map(),
    sayings: new Map(),
  };
  const { roster, sessions } = keeping;
  let disarm = () => {};

  return {
    get: (id) => roster.get(id),
    all: () => roster.all(),
    byToken: async (token) => enabled(keeping, await credentials.ofToken(token)),
    byCertificate: async (thumbprint) => enabled(keeping, await credentials.ofCertificate(thumbprint)),
    declare(participant, said) {
      demandMeasure(keeping, participant.id, JSON.stringify(said).length);
      return readAnnounced(participant, said);
    },
    join: (id, session, declaration) => join(keeping, id, session, declaration),
    heard: (id, session) => sessions.heard(id, session),
    leave: (id, session, reason) => leave(keeping, id, session, reason),
    create: (wish, by) => create(keeping, wish, by),
    update: (id, patch, by) => update(keeping, id, patch, by),
    remove: (id, by) => remove(keeping, id, by),
    issueToken: async (id, title, by, validFor) => credentials.issueToken(known(keeping, id).id, title, by, validFor),
    addCertificate: async (id, certificate, by) => credentials.addCertificate(known(keeping, id).id, certificate, by),
    async revoke(credential, by) {
      const row = await credentials.revoke(credential, by);
      if (!row) return;
      const ended = sessions
        .of(row.participant)
        .filter((one) => one.credential === undefined || one.credential === row.id || one.credential === row.hash);
      for (const session of ended) await end(keeping, row.participant, session, 'its credential was revoked');
    },
    credentials: async (id) => credentials.list(known(keeping, id).id),
    isHere: (id) => sessions.count(id) > 0,
    sessions: (id) => sessions.known(id),
    onChanged: (listener) => roster.onChanged(listener),
    async start() {
      await roster.refresh();
      await takeFromGit(keeping);
      if (options.alone) await everybodyLeft(keeping, () => true, 'the server was started anew');
      disarm = watchSessions(keeping);
    },
    async refresh() {
      await roster.refresh();
      await endRefused(keeping);
    },
    nodes: () => new Set([...roster.rows()].flatMap((row) => row.nodes)),
    processGone: (gone) =>
      everybodyLeft(keeping, (one) => one === gone, 'the process that it was connected to is gone'),
    async close() {
      disarm();
      for (const id of sessions.participants()) {
        for (const session of sessions.of(id))
          await end(keeping, id, session, 'the server stops').catch(options.onProblem);
      }
      await everybodyLeft(keeping, (one) => one === node, 'the server stops').catch(options.onProblem);
      roster.close();
      credentials.close();
    },
  };
}

/** @throws fabric.participant_unknown */
function known({ roster }: Keeping, id: string): Participant {
  const participant = roster.get(id);
  if (participant) return participant;
  throw unknownParticipant(
    id,
    roster.all().map((one) => one.id),
  );
}

/** @throws fabric.participant_unauthenticated, fabric.participant_disabled */
async function enabled({ roster }: Keeping, id: string): Promise<Participant> {
  // Another process may have let it in a moment ago.
  if (!roster.get(id)) await roster.refresh();
  const participant = roster.get(id);
  if (!participant) throw errors.participant_unauthenticated();
  if (!participant.enabled) throw errors.participant_disabled({ participant: id });
  return participant;
}

async function join(
  keeping: Keeping,
  id: string,
  session: Session,
  declaration: Parameters<Participants['join']>[2],
): Promise<void> {
  const { options, sessions, turn } = keeping;
  const participant = await enabled(keeping, known(keeping, id).id);
  if (declaration && declaration.id !== id) {
    throw errors.declaration_invalid({ participant: id, reason: `it names itself ${declaration.id}` });
  }
  const [problem] = declaration ? offerProblems(declaration, options.contracts, 'always') : [];
  if (problem) {
    const reason = `${problem.path.join('.')}: ${problem.message}`;
    throw errors.declaration_invalid({ participant: id, reason });
  }
  for (const action of Object.keys(declaration?.offers ?? {})) {
    const service = `${id}.${action}`;
    const reason = 'it has no right to';
    if (!mayOffer(participant, service)) throw errors.offer_denied({ participant: id, service, reason });
  }
  if (sessions.count(id) === 0) demandCalm(keeping, id);
  if (session.credential === undefined && !isOpen(sessions, id, session)) await keeping.revocations?.begin(id);
  sessions.add(id, session);
  await turn(id, async () => {
    if (sessions.count(id) > 0) await noteArrival(options, id, options.node, declaration);
  });
}

function isOpen(sessions: Sessions, id: string, session: Session): boolean {
  return sessions.of(id).some((one) => one.id === session.id);
}

/** @throws fabric.joins_too_often */
function demandCalm({ comings, options: { clock } }: Keeping, id: string): void {
  const bucket = comings.get(id) ?? createTokenBucket(COMINGS_PER_SECOND, COMINGS_AT_ONCE, () => clock.monotonic());
  comings.set(id, bucket);
  if (!bucket.take()) throw errors.joins_too_often({ participant: id });
}

/** @throws fabric.declares_too_much */
function demandMeasure({ sayings, options: { clock } }: Keeping, id: string, characters: number): void {
  const bucket = sayings.get(id) ?? createTokenBucket(SAID_PER_SECOND, SAID_AT_ONCE, () => clock.monotonic());
  sayings.set(id, bucket);
  if (!bucket.take(characters)) throw errors.declares_too_much({ participant: id });
}

async function leave(
  { options, sessions, revocations, turn }: Keeping,
  id: string,
  session: string,
  reason: string,
): Promise<void> {
  if (!sessions.remove(id, session)) return;
  if (sessions.count(id) === 0) revocations?.forget(id);
  await turn(id, async () => {
    if (sessions.count(id) === 0) await noteDeparture(options, id, (node) => node === options.node, reason);
  });
}

async function end(keeping: Keeping, id: string, session: Session, reason: string): Promise<void> {
  try {
    session.close(reason);
  } finally {
    await leave(keeping, id, session.id, reason);
  }
}

async function endAll(keeping: Keeping, id: string, reason: string): Promise<void> {
  for (const session of keeping.sessions.of(id)) await end(keeping, id, session, reason);
}

/** Ends the sessions of whoever another process disabled, removed, or whose credential it revoked. */
async function endRefused(keeping: Keeping): Promise<void> {
  const { roster, sessions, credentials, revocations } = keeping;
  for (const id of sessions.participants()) {
    if (roster.get(id)?.enabled !== true) {
      await endAll(keeping, id, 'it was disabled or removed');
      continue;
    }
    const open = sessions.of(id);
    const unnamed = open.some((one) => one.credential === undefined) && ((await revocations?.more(id)) ?? false);
    for (const session of open) {
      const { credential } = session;
      const over = credential === undefined ? unnamed : await credentials.isRevoked(credential);
      if (over) await end(keeping, id, session, 'its credential was revoked');
    }
  }
}

/** Ends sessions that fell silent, and those whose credential came to its end. Gives the way to stop. */
function watchSessions(keeping: Keeping): () => void {
  const { clock, onProblem } = keeping.options;
  let cancel = () => {};
  let lookedAt = clock.now();
  const look = (): void => {
    void endExpired(keeping, lookedAt).catch(onProblem);
    lookedAt = clock.now();
    for (const { participant, session } of keeping.sessions.silent()) {
      void end(keeping, participant, session, 'nothing was heard of it').catch(onProblem);
    }
    cancel = clock.after(LOOK_FOR_SILENCE, look);
  };
  look();
  return () => cancel();
}

/** Ends the sessions whose credential came to its end; those over HTTP prove themselves again and again. */
async function endExpired(keeping: Keeping, since: number): Promise<void> {
  const { sessions, credentials } = keeping;
  if (sessions.participants().length === 0) return;
  for (const { id, hash, participant } of await credentials.endedSince(since)) {
    const over = sessions.of(participant).filter(({ credential }) => credential === id || credential === hash);
    for (const session of over) await end(keeping, participant, session, 'its credential has ended');
  }
}

async function everybodyLeft({ options, roster, turn }: Keeping, isGone: (node: string) => boolean, reason: string) {
  const gone = [...roster.rows()].filter(
    ({ state, nodes }) => nodes.some(isGone) || (state === 'online' && nodes.length === 0),
  );
  for (const { id } of gone) await turn(id, () => noteDeparture(options, id, isGone, reason));
}

async function create(keeping: Keeping, wish: NewParticipant, by: Actor): Promise<Participant> {
  const { options, roster } = keeping;
  const { store, clock, isTaken } = options;
  demandFreeId(wish.id, isTaken);
  demandValid(wish.id, wish);
  if (roster.get(wish.id) ?? (await store.get('participants', wish.id))) {
    throw errors.participant_exists({ participant: wish.id });
  }
  await store.commit(insertion(wish, by, clock.now()));
  return known(keeping, wish.id);
}

function insertion(wish: NewParticipant, by: Actor, now: number): Change {
  const row = newParticipantRow(wish, now);
  const { title, kind, site, rights, trust } = row;
  const data = { title, kind, site, rights: { ...rights }, trust };
  return {
    rows: [{ op: 'insert', table: 'participants', row }],
    audit: [audited(by, 'participant.created', row.id, data, now)],
  };
}

async function update(keeping: Keeping, id: string, patch: ParticipantPatch, by: Actor): Promise<Participant> {
  const { options } = keeping;
  const before = known(keeping, id);
  demandValid(id, patch);
  if (before.kind === 'edge' && patch.site !== undefined && patch.site !== before.site) {
    throw errors.participant_invalid({ participant: id, reason: 'an edge node stays at its site; let another one in' });
  }
  const fromGit = (['title', 'site', 'rights', 'trust'] as const).find((field) => patch[field] !== undefined);
  if (fromGit && options.declared.has(id)) throw errors.participant_declared({ participant: id, what: fromGit });
  await write(options, id, patch, by);
  if (patch.enabled === false) await endAll(keeping, id, 'it was disabled');
  return known(keeping, id);
}

async function write({ store, clock }: ParticipantsOptions, id: string, patch: ParticipantPatch, by: Actor) {
  await retryOnConflict(async () => {
    const row = await store.get('participants', id);
    if (!row) throw errors.participant_unknown({ participant: id, suggestion: '' });
    const after: ParticipantRow = { ...row, ...patch, rev: row.rev + 1 };
    const { title, site, rights, trust, enabled: on } = after;
    const data = { title, site, rights: { ...rights }, trust, enabled: on };
    await store.commit({
      rows: [{ op: 'update', table: 'participants', row: after }],
      audit: [audited(by, 'participant.updated', id, data, clock.now())],
    });
  });
}

async function remove(keeping: Keeping, id: string, by: Actor): Promise<void> {
  const { options, credentials, comings } = keeping;
  comings.delete(id);
  const { store, clock, declared } = options;
  known(keeping, id);
  if (declared.has(id)) throw errors.participant_declared({ participant: id, what: 'being there' });
  const standing = await store.find('effects', { where: { connection: id, state: { in: IN_FORCE } }, limit: 1_000 });
  const count = standing.filter((effect) => effect.inverse !== null && !effect.preexisting).length;
  if (count > 0) throw errors.participant_in_use({ participant: id, count });
  await endAll(keeping, id, 'it was removed');
  const services = await store.find('services', { where: { participant: id }, limit: 1_000 });
  const now = clock.now();
  const left = keeping.roster.row(id)?.state === 'online' ? [leftEvent(known(keeping, id), 'it was removed', now)] : [];
  await store.commit(
    mergeChanges(
      await credentials.removal(id),
      {
        rows: [
          ...services.map((row) => ({ op: 'delete' as const, table: 'services' as const, id: row.id })),
          { op: 'delete', table: 'participants', id },
        ],
      },
      { events: left, audit: [audited(by, 'participant.removed', id, {}, now)] },
    ),
  );
}

/** Creates what git declares, and lets its rights and trust win over stored ones. */
async function takeFromGit({ options, roster }: Keeping): Promise<void> {
  const { store, clock, declared, isTaken } = options;
  const by: Actor = { principal: 'system', trace: newTraceId(clock.now()) };
  for (const [id, { declaration, kind, rights, trust }] of declared) {
    demandFreeId(id, isTaken);
    const { title, site } = declaration;
    const row = roster.row(id);
    const wanted = { title, site, rights, trust };
    if (!row) await store.commit(insertion({ id, kind, ...wanted }, by, clock.now()));
    else if (JSON.stringify(wanted) !== JSON.stringify(pick(row))) await write(options, id, wanted, by);
  }
}

function pick({ title, site, rights, trust }: ParticipantRow) {
  const { publish, subscribe, offer, invoke } = rights;
  return { title, site, rights: { publish, subscribe, offer, invoke }, trust };
}

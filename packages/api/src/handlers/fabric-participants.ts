import type { FabricParticipantEndpointName } from '@counterpoint/contracts';
import { type Clock, type Json, newId, newTraceId, parseDuration } from '@counterpoint/core';
import type { ParticipantRights, ParticipantRow, Store } from '@counterpoint/events';
import {
  type Actor,
  type CredentialInfo,
  type Drift,
  declarationOf,
  driftOf,
  type EdgeCentre,
  fabricErrors,
  type KnownInstance,
  type KnownSession,
  type Participant,
  type Participants,
  type Refusals,
  refusedSince,
  type Services,
  testParticipant,
} from '@counterpoint/fabric';
import type { Principal } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { causalityOfPrincipal } from '../occasion.ts';
import { conditions, pageRows } from '../paging.ts';

const DAY = 86_400_000;

/** What the handlers of participants and services need. */
export interface FabricParticipantServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly participants: Participants;
  readonly services: Services;
  readonly refusals: Refusals;
  readonly edge: Pick<EdgeCentre, 'ping'>;
}

type Group<Names extends FabricParticipantEndpointName> = Pick<Handlers<FabricParticipantEndpointName>, Names>;

const NOTHING: ParticipantRights = { publish: [], subscribe: [], offer: [], invoke: [] };

function actor(principal: Principal): Actor {
  return { principal: principal.ref, trace: newTraceId() };
}

function rightsView({ publish, subscribe, offer, invoke }: ParticipantRights) {
  return { publish: [...publish], subscribe: [...subscribe], offer: [...offer], invoke: [...invoke] };
}

/** What people see of a participant. The row tells of times, the participant of what git and itself say. */
function view(participant: Participant, row: Pick<ParticipantRow, 'joined_at' | 'seen_at' | 'created_at'>) {
  const { id, title, kind, site, rights, trust, enabled, state } = participant;
  const said = declarationOf(participant);
  return {
    ...{ id, title, kind, site, enabled, state },
    rights: rightsView(rights),
    trust: [...trust],
    declared: participant.declared !== undefined,
    drifted: driftOf(participant).length > 0,
    services: Object.keys(said?.offers ?? {}).map((action) => `${id}.${action}`),
    capabilities: Object.keys(said?.capabilities ?? {}),
    ...{ joined_at: row.joined_at, seen_at: row.seen_at, created_at: row.created_at },
  };
}

function instanceView({ id, participant, service, topics, site, metadata, local, expiresAt }: KnownInstance) {
  return { id, participant, service, topics: [...topics], site, metadata, local, expires_at: expiresAt };
}

const credentialView = ({ participant: _participant, ...rest }: CredentialInfo) => rest;
const sessionView = ({ id, via, heardAt, silence }: KnownSession) => {
  return { id, via, heard_at: heardAt, silence: silence ?? null };
};

const driftView = (drift: readonly Drift[]) => drift.map((one) => ({ ...one }));

async function rowOf({ store }: FabricParticipantServices, id: string): Promise<ParticipantRow> {
  const row = await store.get('participants', id);
  if (row) return row;
  throw fabricErrors.participant_unknown({ participant: id, suggestion: '' });
}

async function shown(services: FabricParticipantServices, id: string) {
  const row = await rowOf(services, id);
  const participant = services.participants.get(id);
  // Another process may have let it in a moment ago.
  if (!participant) throw fabricErrors.participant_unknown({ participant: id, suggestion: '' });
  return view(participant, row);
}

function lookingHandlers(
  services: FabricParticipantServices,
): Group<'listParticipants' | 'getParticipant' | 'testParticipant'> {
  const { store, clock, participants, refusals } = services;
  return {
    async listParticipants({ query }) {
      const where = conditions<ParticipantRow>({ state: query.state });
      const { rows, next } = await pageRows(store, 'participants', query, { column: 'created_at', key: 'id', where });
      const items = rows.flatMap((row) => {
        const participant = participants.get(row.id);
        return participant ? [view(participant, row)] : [];
      });
      return { items, next };
    },
    async getParticipant({ params }) {
      const id = params.id ?? '';
      const basics = await shown(services, id);
      const participant = participants.get(id);
      const { announced } = participant ?? {};
      return {
        ...basics,
        declaration: ((participant && declarationOf(participant)) ?? null) as Json,
        announced: (announced ?? null) as Json,
        drift: driftView(participant ? driftOf(participant) : []),
        credentials: (await participants.credentials(id)).map(credentialView),
        refusals: refusals.list(id).map(({ participant: _participant, ...one }) => one),
        refused_day: (await refusedSince(store, [id], clock.now() - DAY)).get(id) ?? 0,
        instances: services.services
          .instances()
          .filter((one) => one.participant === id)
          .map(instanceView),
        sessions: participants.sessions(id).map(sessionView),
      };
    },
    async testParticipant({ params }) {
      const { error, sessions, ...rest } = await testParticipant(services, params.id ?? '');
      const told = error === undefined ? null : { code: error.code, message: error.message, help: error.help };
      return { ...rest, error: told, sessions: sessions.map(sessionView), at: clock.now() };
    },
  };
}

function changingHandlers(
  services: FabricParticipantServices,
): Group<'createParticipant' | 'updateParticipant' | 'deleteParticipant'> {
  const { participants } = services;
  return {
    async createParticipant({ body, principal }) {
      const { rights, ...wish } = body;
      await participants.create({ ...wish, rights: { ...NOTHING, ...given(rights) } }, actor(principal));
      return shown(services, body.id);
    },
    async updateParticipant({ params, body, principal }) {
      const id = params.id ?? '';
      const { rights, ...patch } = given(body);
      const before = await rowOf(services, id);
      const merged = rights && { rights: { ...before.rights, ...given(rights) } };
      await participants.update(id, { ...patch, ...merged }, actor(principal));
      return shown(services, id);
    },
    async deleteParticipant({ params, principal }) {
      const id = params.id ?? '';
      await participants.remove(id, actor(principal));
      return { id };
    },
  };
}

/** Without the members that were left out. */
function given<Body extends object>(body: Body): { [Name in keyof Body]: Exclude<Body[Name], undefined> } {
  const entries = Object.entries(body).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Body]: Exclude<Body[Name], undefined> };
}

function credentialHandlers({
  participants,
}: FabricParticipantServices): Group<'createParticipantToken' | 'revokeParticipantCredential'> {
  return {
    async createParticipantToken({ params, body, principal }) {
      const validFor = body.valid_for === undefined ? undefined : parseDuration(body.valid_for);
      return participants.issueToken(params.id ?? '', body.title, actor(principal), validFor);
    },
    async revokeParticipantCredential({ params, principal }) {
      const credential = params.credential ?? '';
      const own = await participants.credentials(params.id ?? '');
      // Only under the participant that it belongs to: a slip of the pen must not hit another one.
      if (!own.some(({ id }) => id === credential)) throw fabricErrors.credential_unknown({ credential });
      await participants.revoke(credential, actor(principal));
      return { id: credential };
    },
  };
}

function serviceHandlers({ services, clock }: FabricParticipantServices): Group<'listServices' | 'invokeService'> {
  return {
    async listServices({ query: { service, limit, cursor } }) {
      const place = ({ service: name, id }: KnownInstance) => JSON.stringify([name, id]);
      const all = services.instances(service).toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const behind = after === undefined ? all : all.filter((one) => place(one) > after);
      const page = behind.slice(0, limit);
      const last = page.at(-1);
      const next = behind.length > limit && last ? Buffer.from(place(last)).toString('base64url') : null;
      return { items: page.map(instanceView), next };
    },
    async invokeService({ body, principal }) {
      const { timeout, lease, key = newId(clock.now()), ...wish } = given(body);
      const { ref, permissions } = principal;
      const asker = { principal: ref, permissions, causality: causalityOfPrincipal(principal) };
      const more = lease === undefined ? {} : { lease: parseDuration(lease) };
      const answer = await services.invokeAs(asker, { ...wish, ...more, key, timeout: parseDuration(timeout) });
      return { answer, key };
    },
  };
}

/** @throws api.cursor_invalid */
function readCursor(cursor: string): string {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && place.length === 2) return JSON.stringify(place);
  } catch {
    // Falls through: anything that is not one of our cursors is refused in the same words.
  }
  throw errors.cursor_invalid();
}

/** Performs the operations on participants and services. */
export function fabricParticipantHandlers(
  services: FabricParticipantServices,
): Handlers<FabricParticipantEndpointName> {
  return {
    ...lookingHandlers(services),
    ...changingHandlers(services),
    ...credentialHandlers(services),
    ...serviceHandlers(services),
  };
}

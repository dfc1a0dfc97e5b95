import { type Json, type ManualClock, manualClock } from '@counterpoint/core';
import { createEventCheck } from '@counterpoint/engine';
import type { EventEnvelope, Store } from '@counterpoint/events';
import { parseTopic } from '@counterpoint/playbook';
import {
  createParticipants,
  type KeptParticipants,
  type ParticipantsOptions,
} from '../participants/create-participants.ts';
import type { DeclaredParticipant } from '../participants/parse-participant.ts';
import type { Participant, ParticipantDeclaration, Session } from '../participants/participant.ts';
import { readAnnounced } from '../participants/read-declaration.ts';
import { createPublisher, type PublishingLimits } from '../publishing/create-publisher.ts';
import type { Publisher } from '../publishing/publisher.ts';
import { createRefusals, type Refusals } from '../publishing/refusals.ts';
import { createServices, type ServiceRegistry, type ServicesOptions } from '../services/create-services.ts';

/** Somebody who may change participants, for tests. */
export const BY = { principal: 'user:ada', trace: '0'.repeat(31).concat('1') };

const TOPIC = parseTopic({
  topic: 'verdict.file.v1',
  title: 'Verdict',
  schema: {
    type: 'object',
    properties: { sha256: { type: 'string', minLength: 4 } },
    required: ['sha256'],
    additionalProperties: false,
  },
});

/** Participants, services and publishing on a store in memory. */
export interface Members {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly participants: KeptParticipants;
  readonly services: ServiceRegistry;
  readonly publisher: Publisher;
  readonly refusals: Refusals;
  readonly events: EventEnvelope[];
  /** Everything that went wrong where nobody waited for it. */
  readonly problems: unknown[];
  /** Lets a participant in with rights to everything, but for those given. */
  let(id: string, rights?: Partial<Participant['rights']>, site?: string): Promise<Participant>;
}

/** What a test may choose. */
export interface MembersWish {
  readonly clock?: ManualClock;
  readonly node?: string;
  readonly alone?: boolean;
  readonly declared?: ReadonlyMap<string, DeclaredParticipant>;
  readonly contracts?: NonNullable<ParticipantsOptions['contracts']>;
  readonly limits?: PublishingLimits;
  readonly calls?: ServicesOptions['calls'];
}

/** Makes {@link Members}, started. */
export async function membersOn(store: Store, wish: MembersWish = {}): Promise<Members> {
  const { clock = manualClock(1_760_000_000_000), node = 'here', alone = true } = wish;
  const problems: unknown[] = [];
  const events: EventEnvelope[] = [];
  store.onCommitted((change) => events.push(...(change.events ?? [])));
  const own = { store, clock, node, alone, onProblem: (error: unknown) => void problems.push(error) };
  const refusals = createRefusals(store, clock);
  const isTaken = (id: string) => id === 'fortigate';
  const participants = createParticipants({
    ...own,
    declared: wish.declared ?? new Map(),
    contracts: wish.contracts ?? new Map(),
    isTaken,
  });
  const services = createServices({ ...own, participants, refusals, calls: wish.calls });
  await participants.start();
  await services.start();
  const check = createEventCheck(new Map([[TOPIC.topic, TOPIC]]));
  const limits = wish.limits ? { limits: wish.limits } : {};
  const publisher = createPublisher({ store, clock, participants, refusals, check, ...limits });
  return {
    ...{ store, clock, participants, services, publisher, refusals, events, problems },
    let(id, rights = {}, site = '') {
      const all = { publish: ['>'], subscribe: ['>'], offer: ['*'], invoke: ['*'], ...rights };
      return participants.create({ id, title: id, kind: 'token', site, rights: all, trust: [] }, BY);
    },
  };
}

/** A session that remembers why it was closed. */
export function session(id: string, more: Partial<Session> = {}): Session & { readonly closed: string[] } {
  const closed: string[] = [];
  return { id, via: 'mqtt', close: (reason) => void closed.push(reason), ...more, closed };
}

/** An offer that blocks a domain, with its undo and its look. */
export const BLOCKS = {
  block_domain: {
    title: 'Block',
    effect: 'contain',
    idempotent: true,
    target: '"domain-name:" + input.domain',
    inverse: { action: 'unblock_domain', with: { domain: `$${'{{ input.domain }}'}` } },
    verify: { action: 'is_blocked', with: { domain: `$${'{{ input.domain }}'}` }, holds: 'output.blocked' },
    input: { type: 'object', properties: { domain: { type: 'string' } }, required: ['domain'] },
    output: { type: 'object', properties: { domain: { type: 'string' } }, required: ['domain'] },
  },
  unblock_domain: {
    title: 'Unblock',
    effect: 'change',
    idempotent: true,
    input: { type: 'object', properties: { domain: { type: 'string' } }, required: ['domain'] },
    output: { type: 'object' },
  },
  is_blocked: {
    title: 'Blocked?',
    effect: 'read',
    idempotent: true,
    input: { type: 'object', properties: { domain: { type: 'string' } }, required: ['domain'] },
    output: { type: 'object', properties: { blocked: { type: 'boolean' } }, required: ['blocked'] },
  },
} satisfies Json;

/** What a participant with {@link BLOCKS} says of itself. */
export function says(id: string, more: { readonly [field: string]: Json } = {}): ParticipantDeclaration {
  return readAnnounced({ id, title: id, site: '' }, { offers: BLOCKS, ...more });
}

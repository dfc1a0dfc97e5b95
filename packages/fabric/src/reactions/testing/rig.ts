import type { ActionRequest, Door } from '@counterpoint/actions';
import { type Json, type ManualClock, manualClock, newId } from '@counterpoint/core';
import { createEngine, createPlanSource, type Engine, publishPlaybook } from '@counterpoint/engine';
import type { EventEnvelope, ReactionEventRow, RunRow, Store } from '@counterpoint/events';
import { type Catalogue, compilePlaybook } from '@counterpoint/playbook';
import type { Participant } from '../../participants/participant.ts';
import type { Reactions, ReactionsOptions } from '../reaction.ts';
import { createReactions } from '../reactions.ts';

/** Reactions with their engine, on a store, with a product that counts what reaches it. */
export interface Rig {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly engine: Engine;
  readonly reactions: Reactions;
  /** What reached the product, in order. */
  readonly sent: ActionRequest[];
  readonly problems: unknown[];
  publish(text: string): Promise<void>;
  /** Announces an event as the log would hand it over, without handling it. */
  announce(data: Json, patch?: Partial<EventEnvelope>): Promise<EventEnvelope>;
  /** Announces events and has them handled, all at once. */
  give(...events: readonly (Json | EventEnvelope)[]): Promise<void>;
  handle(event: EventEnvelope): Promise<void>;
  /** Hands every event of the store to the reactions, also those that their runs publish, until there are none; how many. */
  dance(): Promise<number>;
  settle(): Promise<void>;
  pass(millis: number): Promise<void>;
  runs(reaction?: string): Promise<readonly RunRow[]>;
  outcomes(reaction?: string): Promise<readonly ReactionEventRow[]>;
  /** Another one on the same store, as after a restart. */
  again(over?: RigOptions): Promise<Rig>;
}

const action = (effect: 'contain' | 'change' | 'read') => ({
  title: 'T',
  effect,
  idempotent: true,
  input: { type: 'object' },
  output: { type: 'object' },
});

const catalogue = {
  connectors: new Map([
    [
      'fw',
      {
        id: 'fw',
        actions: { block: action('contain'), note: action('change'), look: action('read') },
      },
    ],
  ]),
  capabilities: new Map(),
  topics: new Map(),
  playbooks: new Map(),
  connections: undefined,
} as unknown as Catalogue;

/** A reaction to `seen.v1` that notes what it saw. */
export function reactionText(head = '', tail = '', id = 'r'): string {
  const step = `do:\n  - { id: note, action: fw.note, with: { what: "\${{ event.what }}" } }\n`;
  const on = head.includes('subscribe:') ? '' : 'subscribe: { topic: seen.v1 }\n';
  return `kind: reaction/v1\nid: ${id}\ntitle: R\n${head.includes('mode:') ? '' : 'mode: act\n'}uses: { fw: fw }\n${on}${head}\n${tail.includes('do:') ? '' : step}${tail}`;
}

/** Participants that trust lists are looked up in: id -> topic patterns. */
export type Trusting = Readonly<Record<string, readonly string[]>>;

/** What tests can choose. */
export type RigOptions = Partial<Omit<ReactionsOptions, 'clock'>> & {
  readonly trusting?: Trusting;
  readonly clock?: ManualClock;
};

/** Makes a {@link Rig}; engine and reactions are started. */
export async function createRig(store: Store, over: RigOptions = {}): Promise<Rig> {
  const { trusting = {}, ...options } = over;
  const clock = options.clock ?? manualClock();
  const sent: ActionRequest[] = [];
  const problems: unknown[] = [];
  const plans = createPlanSource({
    store,
    permissionsOf: async () => new Set(['action:change', 'action:contain']),
    names: { connectors: catalogue.connectors, capabilities: catalogue.capabilities },
  });
  const engine = createEngine({
    store,
    door: fakeDoor(sent),
    clock,
    plans,
    workerId: newId(),
    version: 'test',
    exclusive: true,
    resolveEffect: () => Promise.reject(new Error('nothing is settled here')),
    onProblem: ({ error }) => problems.push(error),
  });
  await engine.start();
  const reactions = createReactions({
    store,
    clock,
    plans,
    engine,
    participants: { get: (id) => participantOf(id, trusting) },
    catalogue: () => catalogue,
    rehearse: () => Promise.reject(new Error('nothing is rehearsed here')),
    maxHops: 20,
    storm: { events: 1_000, window: 60_000 },
    onProblem: (error) => problems.push(error),
    ...options,
  });
  await reactions.start();
  const parts = { store, clock, engine, reactions, sent, problems };
  return { ...parts, ...doings(parts), again: (other = {}) => createRig(store, { ...over, clock, ...other }) };
}

type Parts = Pick<Rig, 'store' | 'clock' | 'engine' | 'reactions'>;

function doings({ store, clock, reactions }: Parts): Omit<Rig, keyof Parts | 'sent' | 'problems' | 'again'> {
  const announce: Rig['announce'] = async (data, patch = {}) => {
    const event = envelope(data, clock.now(), patch);
    await store.commit({ events: [event] });
    return event;
  };
  const handle: Rig['handle'] = (event) => reactions.handle({ position: 0, event });
  return {
    announce,
    handle,
    async publish(text) {
      const { plan, findings } = compilePlaybook(text, {
        names: { connectors: catalogue.connectors, capabilities: catalogue.capabilities, connections: undefined },
      });
      if (!plan) throw new Error(findings.map((one) => `${one.position.line}: ${one.message}`).join('\n'));
      await publishPlaybook(store, plan, { principal: 'user:ada', now: clock.now() });
    },
    async give(...events) {
      const all = await Promise.all(events.map((one) => (isEnvelope(one) ? one : announce(one))));
      await Promise.all(all.map(handle));
      await settled();
    },
    dance: () => dance(store, handle),
    settle: settled,
    async pass(millis) {
      for (let left = millis; left > 0; left -= 100) {
        clock.advance(Math.min(left, 100));
        await settled();
      }
    },
    runs: (reaction = 'r') =>
      store.find('runs', { where: { playbook: reaction }, orderBy: [{ column: 'created_at' }], limit: 10_000 }),
    outcomes: (reaction = 'r') =>
      store.find('reaction_events', { where: { reaction }, orderBy: [{ column: 'at' }], limit: 10_000 }),
  };
}

async function dance(store: Store, handle: Rig['handle']): Promise<number> {
  const seen = new Set<string>();
  for (;;) {
    await settled();
    const rows = await store.find('outbox', { orderBy: [{ column: 'at' }], limit: 10_000 });
    const news = rows.filter(({ id }) => !seen.has(id));
    if (news.length === 0) return seen.size;
    for (const { id, envelope: event } of news) {
      seen.add(id);
      await handle(event as unknown as EventEnvelope);
    }
  }
}

function participantOf(id: string, trusting: Trusting): Participant | undefined {
  const trust = trusting[id];
  return trust && ({ id, enabled: true, trust } as unknown as Participant);
}

function isEnvelope(value: Json | EventEnvelope): value is EventEnvelope {
  return typeof value === 'object' && value !== null && 'specversion' in value;
}

/** An event of the server on `seen.v1`. */
export function envelope(data: Json, now: number, patch: Partial<EventEnvelope> = {}): EventEnvelope {
  const id = newId(now);
  return {
    specversion: '1.0',
    id,
    source: '/participants/server',
    type: 'seen.v1',
    subject: 's',
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data,
    trace: 'a'.repeat(32),
    cause: '',
    hop: 1,
    principal: 'system',
    participant: 'server',
    ...patch,
  };
}

function fakeDoor(sent: ActionRequest[]): Door {
  return {
    async admit(request) {
      return {
        kind: 'send',
        change: {},
        effect: undefined,
        async send() {
          sent.push(request);
          return { status: 'succeeded', output: {}, effect: undefined, change: {} };
        },
      };
    },
    poll: () => Promise.reject(new Error('nothing is pending here')),
    reconcile: () => Promise.reject(new Error('nothing is lost here')),
    perform: () => Promise.reject(new Error('only runs act here')),
    release: () => Promise.reject(new Error('nothing is undone here')),
  };
}

/** Lets promises and immediates run out. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
}

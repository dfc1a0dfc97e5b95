import {
  type Clock,
  type CounterpointError,
  formatDuration,
  isCounterpointError,
  type Json,
  nearest,
} from '@counterpoint/core';
import type { ProcessCalls, ServiceRow, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Participants } from '../participants/participant.ts';
import { mayOffer, serviceMatches } from '../participants/rights.ts';
import { declarationOf } from '../participants/view.ts';
import type { Refusals } from '../publishing/refusals.ts';
import { askInstance } from './ask-instance.ts';
import { createExpected, type Expected } from './expected.ts';
import { createInstances, type Entry, entryOf, type Instances } from './instances.ts';
import { answerElsewhere, callElsewhere } from './process-calls.ts';
import { inOrder } from './route.ts';
import type { LocalInstance, ServiceRequest, Services } from './service.ts';

/** What {@link createServices} is made of. */
export interface ServicesOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names this process among those that share the store. */
  readonly node: string;
  /** No other process uses the store. */
  readonly alone: boolean;
  readonly participants: Participants;
  readonly refusals: Refusals;
  /** How other processes are asked; undefined: only instances of this one can be. */
  readonly calls?: ProcessCalls | undefined;
  readonly onProblem?: (error: unknown) => void;
}

/** The registry and the routing of {@link Services}, without those who ask. */
export interface ServiceRegistry extends Omit<Services, 'invokeFor' | 'invokeAs'> {
  /** Why nobody can be asked for a service now; undefined when somebody can. */
  whyNot(service: string): CounterpointError | undefined;
  /** Whether a service only looks something up, as whoever offers it declares. */
  isRead(service: string): boolean;
  /** Reads what other processes registered, and begins to answer them. */
  start(): Promise<void>;
  refresh(): Promise<void>;
  /** The processes that instances are connected to. */
  nodes(): Iterable<string>;
  /** Forgets what a process that is gone had registered. */
  processGone(node: string): Promise<void>;
  close(): Promise<void>;
}

interface Keeping {
  readonly options: ServicesOptions;
  readonly instances: Instances;
  readonly turns: Map<string, number>;
  readonly expected: Expected;
}

const LOOK_FOR_ENDED = 5_000;
const PAGE = 500;
const CAPABILITY = 'capability:';

/** Makes the {@link ServiceRegistry}. */
export function createServices(options: ServicesOptions): ServiceRegistry {
  const { clock, calls, node, participants, alone } = options;
  const keeping: Keeping = { options, instances: createInstances(), turns: new Map(), expected: createExpected(clock) };
  const { instances } = keeping;
  let disarm = () => {};
  let stopServing = async () => {};
  const watch = (): void => {
    const now = clock.now();
    for (const { id, own, expiresAt } of instances.all()) {
      if (own && expiresAt !== null && expiresAt <= now) void withdraw(keeping, id).catch(options.onProblem);
    }
    disarm = clock.after(LOOK_FOR_ENDED, watch);
  };
  const unfollow = participants.onChanged(({ id, participant }) => {
    // Gateways withdraw what they registered; this is for those that could not.
    if (participant?.state === 'online' && participant.enabled) return;
    for (const entry of instances.ofParticipant(id)) {
      if (entry.own && !participants.isHere(id)) void withdraw(keeping, entry.id).catch(options.onProblem);
    }
  });

  return {
    register: (instance) => register(keeping, instance),
    withdraw: (id) => withdraw(keeping, id),
    invoke: (request) => invoke(keeping, request),
    instances: (service) => (service === undefined ? instances.all() : candidates(keeping, { service })),
    isLive: (service) => candidates(keeping, { service }).length > 0 || isAwaited(keeping, { service }),
    whyNot: (service) => (candidates(keeping, { service }).length > 0 ? undefined : missing(keeping, { service })),
    isRead: (service) => {
      const found = candidates(keeping, { service });
      return found.length > 0 && found.every((entry) => isRead(participants, service, entry.participant));
    },
    onChanged: (listener) => instances.onChanged(listener),
    async start() {
      if (alone) await forgetAll(keeping);
      else await readRows(keeping);
      if (calls) {
        stopServing = await calls.serve(node, (message) =>
          answerElsewhere(message, (id, request) => {
            const own = instances.get(id)?.own;
            if (!own) throw errors.service_gone({ instance: id, service: request.service });
            return askInstance(clock, own, request, request.timeout);
          }),
        );
      }
      watch();
    },
    refresh: () => (alone ? Promise.resolve() : readRows(keeping)),
    nodes: () => new Set(instances.all().map((entry) => entry.node)),
    async processGone(gone) {
      keeping.expected.expect((await allRows(keeping)).filter((row) => row.node === gone));
      for (const entry of instances.all()) if (entry.node === gone) await withdraw(keeping, entry.id);
    },
    async close() {
      disarm();
      unfollow();
      await stopServing();
      // Alone, what stays in the store tells the next start who is about to come back.
      if (alone) return;
      for (const { id, own } of instances.all()) if (own) await withdraw(keeping, id).catch(options.onProblem);
    },
  };
}

async function register({ options, instances }: Keeping, instance: LocalInstance): Promise<void> {
  const { store, clock, node, participants, refusals } = options;
  const { id, participant, service, topics, site, metadata, ttl } = instance;
  const refuse = (reason: string): CounterpointError => {
    const error = errors.offer_denied({ participant, service, reason });
    refusals.note(participant, 'offer', service, error);
    return error;
  };
  const owner = participants.get(participant);
  if (!owner?.enabled) throw refuse('it is not on the fabric');
  if (!mayOffer(owner, service)) throw refuse('it has no right to');
  const known = instances.get(id);
  if (known && known.participant !== participant) throw refuse('another participant has an instance of that id');
  const now = clock.now();
  const expires_at = ttl === undefined ? null : now + ttl;
  const row: ServiceRow = {
    ...{ id, participant, service, topics, site: site === '' ? owner.site : site, node, metadata },
    created_at: now,
    expires_at,
  };
  await store.commit({ rows: [{ op: 'put', table: 'services', row }] });
  instances.set(entryOf(row, instance));
}

async function withdraw({ options, instances }: Keeping, id: string): Promise<void> {
  // First for whoever asks now, then for everybody else.
  instances.remove(id);
  await options.store.commit({ rows: [{ op: 'delete', table: 'services', id }] });
}

async function allRows({ options: { store } }: Keeping): Promise<readonly ServiceRow[]> {
  const all: ServiceRow[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await store.find('services', { limit: PAGE, ...(last ? { after: [last.id] } : {}) });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** Nobody else is there: what is registered was so before this start. */
async function forgetAll(keeping: Keeping): Promise<void> {
  const rows = await allRows(keeping);
  if (rows.length === 0) return;
  keeping.expected.expect(rows);
  await keeping.options.store.commit({ rows: rows.map(({ id }) => ({ op: 'delete', table: 'services', id })) });
}

async function readRows(keeping: Keeping): Promise<void> {
  const { instances, options } = keeping;
  const rows = await allRows(keeping);
  const there = new Set(rows.map(({ id }) => id));
  for (const { id, own } of instances.all()) if (!own && !there.has(id)) instances.remove(id);
  for (const row of rows) {
    if (row.node !== options.node) instances.set(entryOf(row, undefined));
  }
}

/** Who can be asked: those registered under the name, and those that take the offer's topic on OpenDXL. */
function candidates(
  { options, instances }: Keeping,
  request: Pick<ServiceRequest, 'service' | 'instance' | 'topic'>,
): Entry[] {
  const { service, instance, topic } = request;
  const names = service.startsWith(CAPABILITY) ? providers(options.participants, service) : [service];
  const found = names.flatMap((name) => [...instances.of(name), ...overDxl(options.participants, instances, name)]);
  const wanted = instance === undefined ? found : found.filter(({ id }) => id === instance);
  return topic === undefined ? wanted : wanted.filter(({ topics }) => topics.includes(topic));
}

function providers(participants: Participants, service: string): string[] {
  const capability = service.slice(CAPABILITY.length);
  return participants.all().flatMap((one) => {
    const offers = one.enabled ? declarationOf(one)?.capabilities : undefined;
    return offers && Object.hasOwn(offers, capability) ? [`${one.id}.${offers[capability]}`] : [];
  });
}

function offerOf(participants: Participants, service: string) {
  const [id = '', action = ''] = service.split('.', 2);
  const participant = participants.get(id);
  const offers = participant && declarationOf(participant)?.offers;
  return offers && Object.hasOwn(offers, action) ? offers[action] : undefined;
}

function overDxl(participants: Participants, instances: Instances, service: string): readonly Entry[] {
  const topic = offerOf(participants, service)?.dxl;
  if (topic === undefined) return [];
  return instances
    .ofParticipant(service.slice(0, service.indexOf('.')))
    .filter((entry) => entry.service !== service && entry.topics.includes(topic));
}

/** Whether a service only looks something up, as its provider's declaration says. */
function isRead(participants: Participants, service: string, provider: string): boolean {
  if (offerOf(participants, service)?.effect === 'read') return true;
  const participant = participants.get(provider);
  const reads = participant && declarationOf(participant)?.reads;
  return reads?.some((pattern) => serviceMatches(pattern, service)) ?? false;
}

async function invoke(keeping: Keeping, request: ServiceRequest): Promise<Json> {
  const { options, turns } = keeping;
  const { clock, participants } = options;
  const { service, site = '' } = request;
  const turn = turns.get(service) ?? 0;
  const here = candidates(keeping, request);
  const found = here.length > 0 ? here : await comingBack(keeping, request);
  turns.set(service, (turn + 1) % Number.MAX_SAFE_INTEGER);
  const ordered = inOrder(found, site, turn);
  const due = clock.monotonic() + request.timeout;
  let last: CounterpointError | undefined;
  for (const [index, entry] of ordered.entries()) {
    const left = due - clock.monotonic();
    if (left <= 0) break;
    const read = isRead(participants, service, entry.participant);
    try {
      // What may be asked of several shares the time out among them; anything else has all of it.
      return await ask(options, entry, request, read ? left / (ordered.length - index) : left);
    } catch (error) {
      if (!mayGoOn(error, read)) throw error;
      last = error;
    }
  }
  if (last && !isCounterpointError(last, 'fabric.service_gone')) throw last;
  if (last) throw errors.service_unavailable({ service, reason: 'no instance took the request' }, { cause: last });
  throw errors.service_timeout({ service, timeout: formatDuration(request.timeout) });
}

/** Who can be asked after a moment, because they are about to come back. @throws fabric.service_unavailable */
async function comingBack(keeping: Keeping, request: ServiceRequest): Promise<readonly Entry[]> {
  const found = () => candidates(keeping, request);
  if (isAwaited(keeping, request)) {
    await keeping.expected.wait(serving(keeping, request), () => found().length > 0, request.timeout);
  }
  if (found().length === 0) throw missing(keeping, request);
  return found();
}

type Asked = Pick<ServiceRequest, 'service' | 'instance'>;

function isAwaited(keeping: Keeping, request: Asked): boolean {
  return keeping.expected.isAwaited(serving(keeping, request));
}

/** Whether an instance, as it was registered, would serve a request. */
function serving({ options: { participants } }: Keeping, { service, instance }: Asked) {
  const names = service.startsWith(CAPABILITY) ? providers(participants, service) : [service];
  return (row: ServiceRow): boolean => {
    if (instance !== undefined && row.id !== instance) return false;
    return names.some((name) => {
      const topic = offerOf(participants, name)?.dxl;
      const overTopic = topic !== undefined && name.startsWith(`${row.participant}.`) && row.topics.includes(topic);
      return row.service === name || overTopic;
    });
  };
}

function mayGoOn(error: unknown, read: boolean): error is CounterpointError {
  if (isCounterpointError(error, 'fabric.service_gone')) return true;
  return (
    read && (isCounterpointError(error, 'fabric.service_lost') || isCounterpointError(error, 'fabric.service_timeout'))
  );
}

function ask(options: ServicesOptions, entry: Entry, request: ServiceRequest, timeout: number): Promise<Json> {
  const { clock, calls } = options;
  const addressed = addressedTo(options.participants, entry, request);
  if (entry.own) return askInstance(clock, entry.own, addressed, timeout);
  if (calls) return callElsewhere(calls, entry.node, entry.id, addressed, timeout);
  const reason = 'its instance is connected to another process, and this one has no bus to reach it (`bus.url`)';
  throw errors.service_unavailable({ service: request.service, reason });
}

function addressedTo(participants: Participants, entry: Entry, request: ServiceRequest): ServiceRequest {
  const topic =
    request.topic ?? (entry.service === request.service ? undefined : offerOf(participants, request.service)?.dxl);
  return topic === undefined ? request : { ...request, topic };
}

function missing(
  { options, instances }: Keeping,
  { service, instance }: Pick<ServiceRequest, 'service' | 'instance'>,
): CounterpointError {
  const { participants } = options;
  if (instance !== undefined)
    return errors.service_unavailable({ service, reason: `there is no instance ${instance}` });
  const offered = participants.all().flatMap((one) => {
    const { offers = {}, capabilities = {} } = declarationOf(one) ?? {};
    return [
      ...Object.keys(offers).map((name) => `${one.id}.${name}`),
      ...Object.keys(capabilities).map((name) => `${CAPABILITY}${name}`),
    ];
  });
  if (offered.includes(service))
    return errors.service_unavailable({ service, reason: 'nobody who offers it is connected' });
  const near = nearest(service, new Set([...offered, ...instances.services()]));
  return errors.service_unknown({ service, suggestion: near === undefined ? '' : `; did you mean ${near}?` });
}

import { GLOBAL_SWITCH, setSwitch } from '@counterpoint/actions';
import { addParticipants, createApi, createGate } from '@counterpoint/api';
import { sharedEgressAgents } from '@counterpoint/connector-kit';
import { connectors as shipped } from '@counterpoint/connectors';
import { newTraceId, systemClock } from '@counterpoint/core';
import type { EventConsumer, Store } from '@counterpoint/events';
import {
  createLink,
  createOutgoing,
  type EdgeNodeAtWork,
  fingerprintOf,
  type Outgoing,
  startEdgeNode,
} from '@counterpoint/fabric';
import { identityErrors } from '@counterpoint/identity';
import { type Automation, createAutomation, limitsOf, manifestsOf } from '../automation.ts';
import { createCapabilityBinder } from '../capability-binder.ts';
import { keepChores } from '../chores.ts';
import type { Config } from '../config/settings.ts';
import { type Content, loadContent } from '../content.ts';
import { createDesk } from '../desk.ts';
import { watchDrift } from '../drift-watch.ts';
import { type Duty, keepDuties } from '../duties.ts';
import { consumerDuty, openServerLog, type ServerLog } from '../fabric/log.ts';
import { type FabricMembers, openMembers } from '../fabric/participants.ts';
import { createServerReactions, reactionsDuty } from '../fabric/reactions.ts';
import { openWorkers } from '../fabric/workers.ts';
import { type Foundations, openFoundations } from '../foundations.ts';
import { leaseDuty } from '../lease-duty.ts';
import { listenOn } from '../listen.ts';
import { removeOld } from '../retention.ts';
import { rolesOf } from '../roles.ts';
import type { ServerSeams } from '../seams.ts';
import { VERSION } from '../version.ts';
import { type Guided, openGuided } from './guided.ts';
import { type JoinedNode, joinOnce } from './identity.ts';

/** An edge node that is up. */
export interface RunningEdge {
  /** Where `/healthz` and `/readyz` are answered. */
  readonly url: string;
  readonly node: string;
  readonly site: string;
  readonly centre: string;
  /** Fingerprints that people compare with what the centre shows. */
  readonly fingerprint: string;
  readonly centreFingerprint: string;
  readonly store: Store;
  /** How it stands to its centre, and the number of the bundle that it works by. */
  standing(): { readonly centre: ReturnType<EdgeNodeAtWork['standing']>; readonly bundle: number };
  stop(): Promise<void>;
}

type Closer = () => Promise<void> | void;

async function closeAll(closers: Closer[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

interface Composed {
  readonly foundations: Foundations;
  readonly joined: JoinedNode;
  readonly guided: Guided;
  readonly automation: Automation;
  readonly members: FabricMembers;
  readonly serverLog: ServerLog;
  readonly duties: readonly Duty[];
}

async function compose(foundations: Foundations, seams: ServerSeams, closers: Closer[]): Promise<Composed> {
  const { store } = foundations;
  const joined = await joinOnce(foundations);
  const { node, site } = joined.identity;
  const connectors = new Map([...shipped, ...(seams.connectors ?? []).map((one) => [one.manifest.id, one] as const)]);
  const guided = await openGuided(foundations, joined, connectors);
  const { topics, capabilities, policy } = guided;
  const content: Content = { ...loadContent(), topics, capabilities, policy, participants: new Map() };
  const binder = await createCapabilityBinder(store, connectors);
  closers.push(() => binder.close());
  const workers = openWorkers(foundations);
  closers.push(() => workers.close());
  const { permissionsOf } = guided;
  const automation = createAutomation(foundations, content, connectors, binder, workers, seams, {
    node,
    permissionsOf,
  });
  closers.push(() => automation.plans.close());
  const serverLog = await openServerLog(foundations, workers);
  closers.push(() => serverLog.close());
  const members = await openMembers({ foundations, content, connectors, automation });
  closers.push(() => members.close());
  const { catalogue } = createDesk(store, content, manifestsOf(automation.context));
  const participants = guided.publishers;
  const reactions = createServerReactions({ foundations, automation, catalogue, participants, site });
  const waiting: EventConsumer = {
    name: 'triggers',
    topics: ['>'],
    start: 'first',
    handle: async ({ event }) => void (await automation.engine.handleEvent(event)),
  };
  const chores = [
    { name: 'look for drift', work: () => watchDrift(foundations, automation.context) },
    { name: 'remove what is no longer kept', work: () => removeOld(foundations, () => false) },
  ];
  const duties: Duty[] = [
    leaseDuty(automation.keeper),
    consumerDuty(serverLog, waiting),
    reactionsDuty(serverLog, reactions),
    serverLog.relay,
    { name: 'chores', begin: async () => keepChores(foundations, chores) },
  ];
  return { foundations, joined, guided, automation, members, serverLog, duties };
}

const OUT = 'the centre lets this edge node in no longer';

/** Who is let in no longer begins nothing new, also after a restart; what is in force still ends. */
async function stopBeginning({ store, clock }: Foundations): Promise<void> {
  const at = clock.now();
  const by = { principal: 'system', at, trace: newTraceId(at) };
  await store.commit(await setSwitch(store, { ...by, id: GLOBAL_SWITCH, engaged: true, reason: OUT }));
}

async function letBegin({ store }: Foundations, guided: Guided): Promise<void> {
  const row = await store.get('switches', GLOBAL_SWITCH);
  if (row?.engaged && row.reason === OUT) await guided.applySwitches();
}

function work(
  { foundations, joined, guided, automation, members }: Composed,
  outgoing: Outgoing,
  inner: Store,
  closers: Closer[],
) {
  const { store, clock, log } = foundations;
  const { door, context } = automation;
  const link = createLink({ url: joined.url, ca: joined.ca, token: () => joined.token });
  closers.push(() => link.close());
  const node: EdgeNodeAtWork = startEdgeNode({
    ...{ store, inner, clock, link, outgoing, door, context, identity: joined.identity },
    bundle: guided.number(),
    topics: () => topicsOf(automation, guided),
    async apply(bundle, signed) {
      await guided.apply(bundle, signed);
      automation.plans.refresh();
      members.refresh();
    },
    onStanding(standing) {
      log.info({ standing }, 'how this edge node stands to its centre has changed');
      const then = { refused: () => stopBeginning(foundations), connected: () => letBegin(foundations, guided) };
      if (standing !== 'away') {
        then[standing]().catch((error: unknown) => log.error({ err: String(error) }, 'kill switches could not be set'));
      }
    },
    onProblem: (what, error) => log.warn({ err: describe(error) }, what),
  });
  closers.push(() => node.stop());
  return node;
}

/** What the reactions of the bundle subscribe to; those that cannot be compiled to nothing. */
async function topicsOf({ plans }: Automation, guided: Guided): Promise<readonly string[]> {
  const published = await Promise.all(guided.reactions().map((id) => plans.current(id).catch(() => undefined)));
  return [...new Set(published.flatMap((one) => one?.plan.reaction?.topic ?? []))].sort();
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.message}` : JSON.stringify(error);
}

/** What listens on an edge node: health, and the door for participants of its site. */
async function listen(
  { foundations, members, serverLog }: Composed,
  state: () => object,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const { config, clock, redactor, log } = foundations;
  const limits = limitsOf(foundations);
  const nobody = () => {
    throw identityErrors.unauthenticated();
  };
  const app = await createApi({
    ...{ handlers: undefined, limits, redactor, clock, version: VERSION, trustProxy: config['server.trust_proxy'] },
    gate: createGate({ authenticate: async () => nobody() }),
    authenticateParticipant: (token) => members.participants.byToken(token),
    authorise: nobody,
    onDefect: (reference, thrown) => log.error({ reference, err: String(thrown) }, 'a request met a defect'),
  });
  addParticipants(app, { ...members, log: serverLog.eventLog, clock, limits, redactor });
  const open = { config: { permission: 'anonymous' }, schema: { hide: true } } as const;
  for (const path of ['/healthz', '/readyz']) app.get(path, open, async () => ({ status: 'ok', ...state() }));
  return { url: await listenOn(app, config), close: () => app.close() };
}

/**
 * Starts an edge node in this process: it joins with its one-time token, once, and from then on reacts at its site, with its
 * centre or without.
 *
 * @throws server.edge_not_joined, server.edge_store, server.edge_without_tls, server.port_taken, fabric.edge_join_refused,
 *   fabric.edge_centre_unreachable (while it has not joined), and what opening store and vault throws
 */
export async function startEdge(config: Config, seams: ServerSeams = {}): Promise<RunningEdge> {
  rolesOf(config);
  const outgoing = createOutgoing(seams.clock ?? systemClock);
  let inner: Store | undefined;
  const foundations = await openFoundations(config, {
    ...seams,
    store(opened) {
      inner = seams.store?.(opened) ?? opened;
      return outgoing.wrap(inner);
    },
  });
  const { store } = foundations;
  const closers: Closer[] = [() => store.close()];
  try {
    const parts = await compose(foundations, seams, closers);
    const { automation, joined } = parts;
    await automation.engine.start();
    closers.push(() => automation.engine.stop());
    closers.push(await keepDuties({ ...foundations, worker: automation.workerId, alone: true }, parts.duties));
    const node = work(parts, outgoing, inner ?? store, closers);
    const standing = () => ({ centre: node.standing(), bundle: node.bundle() });
    const { url, close } = await listen(parts, standing);
    closers.push(close);
    closers.splice(1, 0, () => sharedEgressAgents().close());
    return {
      ...{ url, store, standing },
      ...{ node: joined.identity.node, site: joined.identity.site, centre: joined.url },
      fingerprint: fingerprintOf(joined.publicKey),
      centreFingerprint: fingerprintOf(joined.identity.centreKey),
      stop: () => closeAll(closers),
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

import { lookup } from 'node:dns/promises';
import {
  actionsErrors,
  createDoor,
  createDoorContext,
  createGuard,
  createLeaseKeeper,
  type Door,
  type DoorContext,
  type LeaseKeeper,
  policyFile,
  readLocalNetwork,
  resolveUnknown,
  type Sites,
} from '@counterpoint/actions';
import { type Connector, ConnectorError, type ConnectorManifest, createEgress } from '@counterpoint/connector-kit';
import { defaultLimits, type Limits } from '@counterpoint/core';
import {
  createEngine,
  createEventCheck,
  createOpenStepCheck,
  createPlanSource,
  type Engine,
  type EngineOptions,
  type StoredPlanSource,
} from '@counterpoint/engine';
import { type Publishers, trustsPublisher } from '@counterpoint/fabric';
import { permissionsOfRole, principalOfToken, principalOfUser } from '@counterpoint/identity';
import { createChangeWindows } from '@counterpoint/playbook';
import type { CapabilityBinder } from './capability-binder.ts';
import type { Content } from './content.ts';
import type { Workers } from './fabric/workers.ts';
import type { Foundations } from './foundations.ts';
import { liveMap } from './live-map.ts';
import { rolesOf } from './roles.ts';
import type { ServerSeams } from './seams.ts';
import { VERSION } from './version.ts';

/** The parts that act: the door, what runs playbooks, and what ends leases. */
export interface Automation {
  readonly context: DoorContext;
  readonly door: Door;
  readonly keeper: LeaseKeeper;
  readonly plans: StoredPlanSource;
  readonly engine: Engine;
  /** Finds who provides a capability. */
  readonly bind: NonNullable<EngineOptions['bind']>;
  /** The same for somebody at a site: what is near comes first. */
  readonly bindNear: CapabilityBinder['bind'];
  /** Finds everybody who provides a capability. */
  readonly bindAll: NonNullable<EngineOptions['bindAll']>;
  /** Says who the participants are: events of those that are not trusted start runs that ask for each effect. */
  trustPublishers(publishers: Publishers): void;
  /** Says how edge nodes are reached; before that, nothing reaches them. */
  reachSites(sites: Sites): void;
  /** Names this process among those that share the store. */
  readonly workerId: string;
}

/** Where a process stands that is no centre. */
export interface EdgePlace {
  /** Id of the edge node. */
  readonly node: string;
  /** What a principal may do there. */
  readonly permissionsOf: (principal: string) => Promise<ReadonlySet<string>>;
}

/** How long a worker that shares the store owns a run without renewing, in milliseconds. */
const SHARED_LEASE = 5_000;

/** The limits that the configuration sets. */
export function limitsOf({ config }: Pick<Foundations, 'config'>): Limits {
  return {
    ...defaultLimits,
    bodyBytes: config['limits.body_bytes'],
    jsonDepth: config['limits.json_depth'],
    outputBytes: config['limits.output_bytes'],
  };
}

async function resolveName(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

function makeContext(
  foundations: Foundations,
  content: Content,
  connectors: ReadonlyMap<string, Connector>,
  place: Pick<DoorContext, 'sites' | 'node'>,
): DoorContext {
  const { store, clock, vault, config, redactor } = foundations;
  const limits = limitsOf(foundations);
  const policy = policyFile(config['policy.file'] || content.policy);
  const guard = createGuard({ store, policy, network: readLocalNetwork, resolve: resolveName, clock });
  const context = createDoorContext({
    store,
    guard,
    clock,
    limits,
    connectors: [],
    tables: content.tables,
    egress: (connection, connector) =>
      createEgress({ connection, connector, clock, redactor, limits: { outputBytes: limits.outputBytes } }),
    openSecret: (id) => vault.open(id, { purpose: 'action' }),
  });
  // The map itself: participants come and go in it.
  return { ...context, ...place, connectors };
}

/**
 * What a principal may do now. Shipped content acts with the rights of an engineer; what a token published acts with no
 * more than the token was given, also after the token has expired.
 */
async function permissionsOf({ store }: Foundations, principal: string): Promise<ReadonlySet<string>> {
  if (principal === 'system') return permissionsOfRole('engineer');
  const [kind, id = ''] = principal.split(':');
  const token = kind === 'token' ? await store.get('tokens', id) : undefined;
  const user = await store.get('users', token?.user ?? id);
  if (!user) return new Set();
  return (token ? principalOfToken(token, user) : principalOfUser(user)).permissions;
}

/** The manifests of all connectors and built-ins, as they stand whenever they are asked for. */
export function manifestsOf({ connectors, builtins }: Pick<DoorContext, 'connectors' | 'builtins'>) {
  return liveMap<Pick<Connector, 'manifest'>, ConnectorManifest>([builtins, connectors], ({ manifest }) => manifest);
}

/** What reaches edge nodes stands on the fabric, which stands on the door: so it comes later. */
function sitesLater(): { readonly sites: Sites; readonly reachSites: (sites: Sites) => void } {
  let reached: Sites | undefined;
  return {
    sites: {
      async perform(call, signal) {
        if (reached) return reached.perform(call, signal);
        const reason = 'this process does not reach edge nodes yet';
        throw new ConnectorError('unavailable', { connector: call.connector, reason }, { performed: 'no' });
      },
      async extend(extension, signal) {
        if (reached) return reached.extend(extension, signal);
        throw actionsErrors.effect_elsewhere({ id: extension.effect, site: extension.site });
      },
      release: async (...asked) => reached?.release(...asked),
    },
    reachSites(sites) {
      reached = sites;
    },
  };
}

/** Puts the acting parts together; nothing runs yet. */
export function createAutomation(
  foundations: Foundations,
  content: Content,
  connectors: ReadonlyMap<string, Connector>,
  binder: CapabilityBinder,
  { id: workerId, others }: Pick<Workers, 'id' | 'others'>,
  seams: ServerSeams = {},
  edge?: EdgePlace,
): Automation {
  const { store, clock, log, config } = foundations;
  const { sites, reachSites } = sitesLater();
  const context = makeContext(foundations, content, connectors, edge ? { node: edge.node } : { sites });
  const made = createDoor(context);
  const door = seams.door?.(made) ?? made;
  const { alone, worker } = rolesOf(config);
  const keeper = createLeaseKeeper({
    context,
    alone,
    stepIsOpen: createOpenStepCheck({ store, clock, version: VERSION }),
    onAlarm: ({ effect, error }) =>
      log.error({ effect: effect?.id, err: String(error) }, 'an effect could not be undone; it is tried again'),
  });
  const plans = createPlanSource({
    store,
    permissionsOf: edge?.permissionsOf ?? ((principal) => permissionsOf(foundations, principal)),
    names: {
      connectors: manifestsOf(context),
      capabilities: content.capabilities,
    },
    onProblem: (playbook, error) =>
      log.error({ playbook, err: String(error) }, 'a published playbook cannot be compiled'),
  });
  const bind: Automation['bind'] = ({ capability }) => binder.bind(capability);
  const bindAll: Automation['bindAll'] = ({ capability }) => binder.bindAll(capability);
  let publishers: Publishers = { get: () => undefined };
  const engine = createEngine({
    store,
    door,
    clock,
    plans,
    workerId,
    version: VERSION,
    exclusive: alone,
    submitOnly: !worker,
    ...(others ? { workQueue: others.queue, notices: others.notices } : {}),
    checkEvent: createEventCheck(content.topics),
    windows: createChangeWindows(content.calendars),
    tables: content.tables,
    resolveEffect: (resolution) => resolveUnknown(context, resolution),
    limits: {
      ...(alone ? {} : { leaseMillis: SHARED_LEASE }),
      ...seams.limits,
      activeRuns: config['engine.max_active_runs'],
      runsPerPlaybook: config['engine.max_runs_per_playbook'],
      reservedRuns: config['engine.reserved_runs'],
      runEntries: config['engine.max_entries'],
      hops: config['engine.max_hops'],
    },
    bind,
    bindAll,
    trusts: (envelope) => trustsPublisher(publishers, envelope),
    onProblem: ({ kind, run, error }) => log.error({ kind, run, err: String(error) }, 'the engine met a problem'),
  });
  const trustPublishers = (given: Publishers): void => {
    publishers = given;
  };
  const bindNear = binder.bind;
  return { context, door, keeper, plans, engine, workerId, bind, bindNear, bindAll, trustPublishers, reachSites };
}

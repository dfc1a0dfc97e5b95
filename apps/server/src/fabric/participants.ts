import type { Connector } from '@counterpoint/connector-kit';
import { createEventCheck } from '@counterpoint/engine';
import type { ProcessCalls } from '@counterpoint/events';
import {
  connectionWrites,
  createInvoker,
  createParticipants,
  createPublisher,
  createRefusals,
  createSeats,
  createServices,
  defaultPublishingLimits,
  type KeptParticipants,
  keepOffers,
  type Publisher,
  type Refusals,
  type Seats,
  type Services,
  watchProcesses,
} from '@counterpoint/fabric';
import type { Automation } from '../automation.ts';
import type { Content } from '../content.ts';
import type { Foundations } from '../foundations.ts';
import { rolesOf } from '../roles.ts';

/** Who is on the fabric, what they offer, and how they publish. */
export interface FabricMembers {
  readonly participants: KeptParticipants;
  readonly services: Services;
  readonly publisher: Publisher;
  readonly refusals: Refusals;
  /** Which process reads a durable subscription; undefined when there is only this one. */
  readonly seats: Seats | undefined;
  /** Another process changed participants, credentials or services. */
  refresh(): void;
  close(): Promise<void>;
}

/** What the members of the fabric are put together from. */
export interface MembersOptions {
  readonly foundations: Foundations;
  readonly content: Content;
  /** The connectors of the door; those of participants are kept among them. */
  readonly connectors: Map<string, Connector>;
  readonly automation: Automation;
  /** How other processes are asked; undefined: there are none, or no bus to reach them. */
  readonly calls?: ProcessCalls | undefined;
}

/** Names that no participant may have besides those of connectors, built-ins and capabilities. */
const RESERVED: ReadonlySet<string> = new Set(['server', 'fabric', 'system', 'dxl', 'mqtt', 'capability']);

/** Reads who is known, creates who is declared, and lets them in from now on. @throws fabric.participant_invalid */
export async function openMembers(options: MembersOptions): Promise<FabricMembers> {
  const { foundations, content, connectors, automation, calls } = options;
  const { store, clock, config, log } = foundations;
  const { alone } = rolesOf(config);
  const onProblem = (error: unknown) => log.error({ err: String(error) }, 'the fabric met a problem');
  const shipped = new Set([...connectors.keys(), ...automation.context.builtins.keys()]);
  const isShipped = (id: string) => shipped.has(id) || RESERVED.has(id) || content.capabilities.has(id);
  // Those of the lab exist where the lab does.
  const declared = new Map(
    [...content.participants].filter(([, one]) => config['lab.enabled'] || !one.declaration.simulated),
  );
  const own = { store, clock, node: automation.workerId, alone, onProblem };
  const refusals = createRefusals(store, clock);
  const participants = createParticipants({
    ...own,
    declared,
    isTaken: isShipped,
    contracts: content.capabilities,
    alongside: (participant) => connectionWrites({ store, clock, isShipped }, participant),
  });
  const registry = createServices({ ...own, participants, refusals, calls });
  await participants.start();
  await registry.start();
  const stopOffers = await keepOffers({
    ...{ store, clock, participants, connectors, isShipped, onProblem },
    services: registry,
    onChanged: () => automation.plans.refresh(),
  });
  const invoker = createInvoker({
    ...{ store, clock, participants, registry, refusals },
    door: automation.door,
    context: automation.context,
    bind: (capability, site) => {
      const isAt = (id: string, own: string) => (own === '' ? participants.get(id)?.site : own) === site;
      return automation.bindNear(capability, site === '' ? undefined : ({ id, site: own }) => isAt(id, own));
    },
  });
  const perSecond = config['fabric.events_per_second'];
  const publisher = createPublisher({
    ...{ store, clock, participants, refusals },
    check: createEventCheck(content.topics),
    limits: { ...defaultPublishingLimits, eventsPerSecond: perSecond, burst: 2 * perSecond },
  });
  const seats = alone ? undefined : createSeats(own);
  const stopWatching = alone
    ? async () => {}
    : watchProcesses({
        ...own,
        mentioned: () => [...participants.nodes(), ...registry.nodes()],
        async onGone(node) {
          await registry.processGone(node);
          await participants.processGone(node);
        },
      });
  return {
    participants,
    services: { ...registry, ...invoker },
    publisher,
    refusals,
    seats,
    refresh: () => void Promise.all([participants.refresh(), registry.refresh()]).catch(onProblem),
    async close() {
      seats?.close();
      await stopWatching();
      await participants.close();
      await registry.close();
      await refusals.flush();
      stopOffers();
    },
  };
}

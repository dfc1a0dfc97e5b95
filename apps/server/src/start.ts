import { createConnections } from '@counterpoint/actions';
import { sharedEgressAgents } from '@counterpoint/connector-kit';
import { connectors as shipped } from '@counterpoint/connectors';
import { newTraceId } from '@counterpoint/core';
import type { EventConsumer, Store } from '@counterpoint/events';
import { createIngest, pruneDedupWindows } from '@counterpoint/ingest';
import type { Lab, LabTools } from '@counterpoint/lab';
import { createAutomation, limitsOf, manifestsOf } from './automation.ts';
import { createCapabilityBinder } from './capability-binder.ts';
import { openCheckpointSigner, signAuditChain } from './checkpoints.ts';
import { type Chore, keepChores } from './chores.ts';
import type { Config } from './config/settings.ts';
import { loadContent } from './content.ts';
import { createDesk } from './desk.ts';
import { watchDrift } from './drift-watch.ts';
import { type Duty, keepDuties } from './duties.ts';
import { openEdgeCentre } from './edge/centre.ts';
import { decisionsConsumer } from './fabric/decisions.ts';
import { openDxl } from './fabric/dxl.ts';
import { openLabTools } from './fabric/lab-tools.ts';
import { consumerDuty, openServerLog } from './fabric/log.ts';
import { openMembers } from './fabric/participants.ts';
import { openPlain } from './fabric/plain.ts';
import { createServerReactions, judgeReactions, reactionDecisions, reactionsDuty } from './fabric/reactions.ts';
import { openSafety } from './fabric/safety.ts';
import { openWorkers } from './fabric/workers.ts';
import { type Foundations, openFoundations } from './foundations.ts';
import { openFrost } from './frozen.ts';
import { createHttp } from './http.ts';
import { createStoryDesk, type StoryPlace } from './lab-stories.ts';
import { addLabSources, type LabSource, unwireLab, wireLab } from './lab-wiring.ts';
import { leaseDuty } from './lease-duty.ts';
import { takeUpLeftovers } from './leftovers.ts';
import { listenOn } from './listen.ts';
import { doorAfterRestore } from './restored-door.ts';
import { removeOld } from './retention.ts';
import { rolesOf } from './roles.ts';
import { savingsDuty } from './savings.ts';
import { scheduleDuty } from './schedule-keeper.ts';
import type { ServerSeams } from './seams.ts';
import { publishShipped } from './shipped-playbooks.ts';
import { watchOthers } from './watch-others.ts';

/** A server that is up. */
export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:7300`. */
  readonly url: string;
  /** The one-time code for `counterpoint setup`; undefined once there is an owner. */
  readonly setupCode: string | undefined;
  /** The simulators, when the lab is on. */
  readonly lab: Lab | undefined;
  /** The tools of the lab, once they have joined the fabric; undefined without the lab, or when they could not. */
  readonly labTools: Promise<LabTools | undefined>;
  /** Lab sources that were made by this start, with their tokens. */
  readonly newSources: readonly LabSource[];
  readonly store: Store;
  /** Stops taking in, waits for what is under way, and closes everything; safe to call again. */
  stop(): Promise<void>;
}

/** What is told while the server starts, in order. */
export type StartStage = 'store' | 'content' | 'lab' | 'playbooks' | 'listening';

type Closer = () => Promise<void> | void;

type Parts = Awaited<ReturnType<typeof compose>>;

async function compose(
  foundations: Foundations,
  seams: ServerSeams,
  closers: Closer[],
  onStage: (stage: StartStage) => void,
) {
  const { config, store, clock, vault, log } = foundations;
  const content = loadContent(config.content_dir || undefined);
  onStage('content');
  const connectors = new Map([...shipped, ...(seams.connectors ?? []).map((one) => [one.manifest.id, one] as const)]);
  const binder = await createCapabilityBinder(store, connectors);
  closers.push(() => binder.close());
  const workers = openWorkers(foundations);
  closers.push(() => workers.close());
  const automation = createAutomation(foundations, content, connectors, binder, workers, seams);
  closers.push(() => automation.plans.close());
  const serverLog = await openServerLog(foundations, workers);
  closers.push(() => serverLog.close());
  const members = await openMembers({ foundations, content, connectors, automation, calls: workers.others?.calls });
  closers.push(() => members.close());
  const edge = await openEdgeCentre({ foundations, content, automation, members });
  closers.push(() => edge.close());
  const dxl = await openDxl({ foundations, members, eventLog: serverLog.eventLog });
  closers.push(() => dxl.close());
  closers.push(await openPlain({ foundations, members, eventLog: serverLog.eventLog }));
  const connections = createConnections({ store, vault, connectors, clock });
  const { api } = rolesOf(config);
  const lab = config['lab.enabled'] && api ? await (await import('@counterpoint/lab')).startLab() : undefined;
  if (lab) closers.push(() => lab.close());
  if (lab) await wireLab(store, connections, lab);
  else if (api) await unwireLab(store, connections);
  onStage('lab');
  const desk = createDesk(store, content, manifestsOf(automation.context));
  if (api) await publishShipped(store, clock, desk, content);
  onStage('playbooks');
  const reactions = createServerReactions({ foundations, automation, catalogue: desk.catalogue, ...members });
  const safety = await openSafety({ foundations, automation, desk, members, reactions, eventLog: serverLog.eventLog });
  closers.push(() => safety.stop());
  const ingest = createIngest({
    store,
    clock,
    normalizers: content.normalizers,
    noise: content.noise,
    openSecret: (id) => vault.open(id, { purpose: 'source' }),
    limits: limitsOf(foundations),
    onRetry: (error) => log.warn({ err: String(error) }, 'deciding about an input is tried again'),
  });
  const { eventLog } = serverLog;
  return {
    content,
    automation,
    members,
    ...members,
    dxl: dxl.dxl,
    edge,
    binder,
    workers,
    serverLog,
    eventLog,
    connections,
    lab,
    desk,
    ingest,
    reactions,
    safety,
  };
}

/** Who gets every event, across restarts: each of them one process at a time. */
function consumersOf({ store }: Foundations, { automation, reactions, safety }: Parts): readonly EventConsumer[] {
  return [
    {
      name: 'triggers',
      topics: ['>'],
      start: 'first',
      async handle({ event }) {
        await automation.engine.handleEvent(event);
      },
    },
    safety.consumer,
    decisionsConsumer(store, [...reactionDecisions(reactions), ...safety.decisions]),
  ];
}

/** The work that one process does for all that share the store. */
function dutiesOf(foundations: Foundations, parts: Parts, chores: readonly Chore[], alone: boolean): readonly Duty[] {
  const { automation, ingest, serverLog } = parts;
  return [
    leaseDuty(automation.keeper),
    ...consumersOf(foundations, parts).map((consumer) => consumerDuty(serverLog, consumer)),
    reactionsDuty(serverLog, parts.reactions),
    serverLog.relay,
    {
      name: 'intake',
      begin: async () => {
        if (!alone) return takeUpLeftovers(foundations, ingest);
        ingest.recover();
        return () => {};
      },
    },
    scheduleDuty(foundations, automation),
    savingsDuty(foundations, automation),
    { name: 'chores', begin: async () => keepChores(foundations, chores) },
  ];
}

async function setGoing(
  foundations: Foundations,
  parts: Parts,
  chores: readonly Chore[],
  closers: Closer[],
): Promise<void> {
  const { automation, ingest } = parts;
  const { alone } = rolesOf(foundations.config);
  await automation.engine.start();
  closers.push(() => automation.engine.stop());
  closers.push(() => ingest.stop());
  if (!alone) {
    const noticed = {
      playbooks: () => automation.plans.refresh(),
      connections: () => refreshAll(parts),
      participants: () => parts.members.refresh(),
      credentials: () => parts.members.refresh(),
      services: () => parts.members.refresh(),
      secrets: () => foundations.vault.learn(),
    };
    closers.push(watchOthers(foundations, noticed, parts.workers.hearOfRows));
  }
  const { workerId: worker } = automation;
  const duties = dutiesOf(foundations, parts, chores, alone);
  closers.push(await keepDuties({ ...foundations, worker, alone }, duties));
}

function refreshAll({ automation, binder }: Parts): void {
  automation.plans.refresh();
  binder.refresh();
}

async function closeAll(closers: Closer[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** What plays stories here: with the lab, whose program is not even read without it. */
async function openStories(
  foundations: Foundations,
  { content, lab }: Parts,
  reach: Pick<StoryPlace, 'url' | 'tools'>,
) {
  if (!lab) return createStoryDesk(undefined);
  const { labStories } = await import('@counterpoint/lab');
  return createStoryDesk({ foundations, normalizers: content.normalizers, stories: labStories, ...reach });
}

/**
 * Starts the whole server in this process: store, vault, lab, engine, front door.
 *
 * @throws server.port_taken, server.content_missing, server.content_invalid, server.role_alone, and what opening store and vault throws; whatever was started by
 * then is stopped again
 */
export async function startServer(
  config: Config,
  onStage: (stage: StartStage) => void = () => {},
  seams: ServerSeams = {},
): Promise<RunningServer> {
  const { api } = rolesOf(config);
  const foundations = await openFoundations(config, seams);
  const { store } = foundations;
  const closers: Closer[] = [() => store.close(), () => foundations.bus?.close()];
  try {
    onStage('store');
    const frost = await openFrost(foundations);
    closers.push(() => frost.stop());
    const parts = await compose(foundations, doorAfterRestore(seams, store, frost), closers, onStage);
    const signer = await openCheckpointSigner(foundations);
    let ready = false;
    let url = '';
    let labTools: Promise<LabTools | undefined> = Promise.resolve(undefined);
    const stories = await openStories(foundations, parts, { url: () => url, tools: () => labTools });
    const { app, setup } = await createHttp({
      ...parts,
      stories,
      foundations,
      api,
      checkpointKeys: [signer.publicKey],
      baseUrl: () => url,
      ready: () => ready,
      frost,
    });
    const chores = [
      { name: 'sign the audit chain', work: () => signAuditChain(foundations, signer) },
      { name: 'look for drift', work: () => watchDrift(foundations, parts.automation.context) },
      { name: 'judge what reactions observed', work: () => judgeReactions(foundations, parts.automation) },
      { name: 'remove ended dedup windows', work: () => pruneDedupWindows(store, foundations.clock.now()) },
      { name: 'remove what is no longer kept', work: () => removeOld(foundations, () => !ready) },
    ];
    if (frost.frozen()) frost.onThaw(() => setGoing(foundations, parts, chores, closers));
    else await setGoing(foundations, parts, chores, closers);
    url = await listenOn(app, config);
    closers.push(() => app.close());
    const { lab, content } = parts;
    // Their tokens are told once, by a start that succeeds: not before the port is ours.
    const newSources = lab ? await addLabSources({ ...foundations, normalizers: content.normalizers }) : [];
    ready = true;
    closers.push(() => {
      ready = false;
    });
    onStage('listening');
    const setupCode = api ? await setup.prepare(newTraceId()) : undefined;
    labTools = openLabTools(foundations, parts.members.participants, lab, url);
    closers.push(async () => (await labTools)?.close());
    closers.splice(1, 0, () => sharedEgressAgents().close());
    return { url, setupCode, lab, labTools, newSources, store, stop: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

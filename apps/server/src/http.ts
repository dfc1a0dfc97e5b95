import { join } from 'node:path';
import type { Connections } from '@counterpoint/actions';
import {
  accessHandlers,
  addAuditExport,
  addHooks,
  addPages,
  addParticipants,
  addStream,
  alertHandlers,
  caseHandlers,
  connectionHandlers,
  connectorHandlers,
  cookieName,
  createApi,
  createGate,
  createOnce,
  type DxlDesk,
  dxlHandlers,
  edgeNodeHandlers,
  editingHandlers,
  effectHandlers,
  fabricHandlers,
  fabricParticipantHandlers,
  inboxHandlers,
  labHandlers,
  ledgerHandlers,
  operateHandlers,
  overviewHandlers,
  type PlaybookDesk,
  playbookHandlers,
  playbookTestHandlers,
  reactionHandlers,
  redactAnswers,
  restoreHandlers,
  runHandlers,
  runViewHandlers,
  type StoryDesk,
  searchHandlers,
  sessionHandlers,
  sourceHandlers,
  tableHandlers,
  traceHandlers,
  trialHandlers,
  versionsHandlers,
} from '@counterpoint/api';
import type { Connector } from '@counterpoint/connector-kit';
import { connectorGrades } from '@counterpoint/connectors';
import { createRunViews } from '@counterpoint/engine';
import type { EventLog } from '@counterpoint/events';
import type { EdgeCentre, Reactions } from '@counterpoint/fabric';
import {
  authorise,
  createAuthenticator,
  createSessions,
  createSetup,
  createSignIn,
  createTokens,
  identityErrors,
  isPermission,
  type Principal,
  type Sessions,
  type Setup,
} from '@counterpoint/identity';
import type { Ingest } from '@counterpoint/ingest';
import type { FastifyInstance } from 'fastify';
import { type Automation, limitsOf, manifestsOf } from './automation.ts';
import type { Config } from './config/settings.ts';
import type { Content } from './content.ts';
import type { ServerLog } from './fabric/log.ts';
import type { FabricMembers } from './fabric/participants.ts';
import { sameActions } from './fabric/reactions.ts';
import type { FabricSafety } from './fabric/safety.ts';
import type { Workers } from './fabric/workers.ts';
import type { Foundations } from './foundations.ts';
import { createRestoreDesk, type Frost } from './frozen.ts';
import { frozenEngine, refuseWhileFrozen } from './frozen-gate.ts';
import { addHealth } from './health.ts';
import { liveMap } from './live-map.ts';
import { createMetrics } from './metrics.ts';
import { sessionLimits } from './session-limits.ts';
import { VERSION } from './version.ts';

/** What the HTTP surface leads to. */
export interface HttpParts {
  readonly foundations: Foundations;
  readonly workers: Pick<Workers, 'hear'>;
  readonly content: Content;
  readonly automation: Automation;
  readonly members: FabricMembers;
  readonly dxl: DxlDesk;
  readonly edge: EdgeCentre;
  readonly connections: Connections;
  readonly desk: PlaybookDesk;
  readonly reactions: Reactions;
  readonly ingest: Ingest;
  readonly checkpointKeys: readonly string[];
  /** Whether the API and the front door are served; health and metrics always are. */
  readonly api: boolean;
  readonly baseUrl: () => string;
  readonly ready: () => boolean;
  /** Whether what the event log is kept in answers. */
  readonly serverLog: Pick<ServerLog, 'up'>;
  readonly safety: Pick<FabricSafety, 'fabricDesk' | 'retractions'>;
  readonly frost: Frost;
  readonly eventLog: EventLog;
  readonly stories: StoryDesk;
}

/** What the catalogue shows of a connector. */
type ListedConnector = Pick<Connector, 'manifest' | 'available'>;

/** What tells of what happened: it may hold what people, tools and products put in. */
function storyHandlers({ foundations, content, automation, safety }: HttpParts) {
  const { store, clock } = foundations;
  const { context, door, engine, plans } = automation;
  return {
    ...alertHandlers({ store, clock, normalizers: content.normalizers }),
    ...caseHandlers({ store, clock }),
    ...runHandlers({ store, engine, plans }),
    ...runViewHandlers({
      store,
      clock,
      views: createRunViews({ store, clock, plans, manifests: manifestsOf(context) }),
    }),
    ...operateHandlers({ store, engine }),
    ...effectHandlers({ context, door }),
    ...ledgerHandlers({ context, door, engine }),
    ...traceHandlers({ context, retractions: safety.retractions }),
    ...fabricHandlers(safety.fabricDesk),
    ...inboxHandlers(context),
    ...searchHandlers({ ...context, topics: content.topics }),
    ...overviewHandlers({ store, clock }),
  };
}

function handlersOf(parts: HttpParts, setup: Setup, sessions: Sessions) {
  const { foundations, content, automation, connections, desk, reactions, checkpointKeys, baseUrl, frost } = parts;
  const { store, clock, vault, installation, config, redactor } = foundations;
  const { context, door, plans, bind, bindAll } = automation;
  const manifests = manifestsOf(context);
  const tokens = createTokens(store, clock);
  const signIn = createSignIn(store, clock, sessions);
  const about = {
    version: VERSION,
    store: config['store.url'] === '' ? 'SQLite' : 'PostgreSQL',
    startedAt: clock.now(),
    lab: config['lab.enabled'],
  };
  const access = accessHandlers({
    store,
    clock,
    setup,
    signIn,
    tokens,
    installation,
    frozen: () => frost.frozen() ?? null,
    checkpointKeys,
    about,
    connectors: {
      *[Symbol.iterator]() {
        for (const [id, { title }] of manifests) yield { id, title, builtin: context.builtins.has(id) };
      },
    },
  });
  return {
    ...access,
    ...sessionHandlers({ store, sessions, signIn }),
    ...redactAnswers(redactor, { ...storyHandlers(parts), listAudit: access.listAudit }),
    ...playbookHandlers({ store, clock, desk }),
    ...trialHandlers({ store, clock, context, door, plans, desk, bind, bindAll }),
    ...versionsHandlers({ store, clock, desk }),
    ...editingHandlers({ store, desk }),
    ...playbookTestHandlers({ store, clock, desk, tests: content.tests }),
    ...labHandlers(parts.stories),
    ...tableHandlers({ store, tables: content.tables }),
    ...dxlHandlers({ store, ...parts.members, dxl: parts.dxl }),
    ...edgeNodeHandlers(parts.edge),
    ...fabricParticipantHandlers({ store, clock, edge: parts.edge, ...parts.members }),
    ...connectionHandlers({ store, context, door, connections, plans }),
    ...connectorHandlers({
      store,
      clock,
      grades: connectorGrades,
      connectors: liveMap<ListedConnector, ListedConnector>(
        [context.builtins, context.connectors],
        (connector) => connector,
      ),
    }),
    ...reactionHandlers({ store, clock, plans, reactions, sameAs: sameActions(automation) }),
    ...restoreHandlers(createRestoreDesk(foundations, context, frost), store),
    ...sourceHandlers({ store, clock, vault, normalizers: content.normalizers, baseUrl }),
  };
}

/** The HTTP server with everything it serves in the roles of this process, not listening yet, and the setup of the installation. */
export async function createHttp(parts: HttpParts): Promise<{ readonly app: FastifyInstance; readonly setup: Setup }> {
  const { foundations, automation, ingest } = parts;
  const { store, clock, config, redactor, log, vault } = foundations;
  const setup = createSetup(store, clock);
  const authenticator = createAuthenticator(store, clock);
  const sessions = createSessions(store, clock, sessionLimits(config));
  const gate = createGate({
    authenticate: (header) => authenticator.authenticate(header),
    sessions,
    cookie: cookieName(foundations.installation),
  });
  const limits = limitsOf(foundations);
  const app = await createApi({
    handlers: parts.api ? handlersOf(parts, setup, sessions) : undefined,
    gate,
    consoleDir: parts.api ? consoleDir(config) : undefined,
    authenticateParticipant: (token) => parts.members.participants.byToken(token),
    once: createOnce(store, clock),
    authorise: allow,
    limits,
    redactor,
    clock,
    trustProxy: config['server.trust_proxy'],
    version: VERSION,
    onDefect: (reference, thrown) => log.error({ reference, err: describeDefect(thrown) }, 'a request met a defect'),
  });
  if (parts.api) {
    const { plans } = automation;
    const engine = frozenEngine(automation.engine, parts.frost);
    const openSecret = (id: string) => vault.open(id, { purpose: 'source' });
    addPages(app, { engine, plans, gate, authorise: allow });
    addHooks(app, { store, clock, ingest, engine, plans, openSecret, limits });
    addParticipants(app, { ...parts.members, edge: parts.edge, log: parts.eventLog, clock, limits, redactor });
    addAuditExport(app, { store, clock, installation: foundations.installation });
    addStream(app, {
      committer: store,
      others: parts.workers.hear,
      tail: (listener) => parts.eventLog.tail(['>'], listener),
      clock,
      redactor,
      gate,
    });
  }
  refuseWhileFrozen(app, parts.frost);
  const metrics = createMetrics(store, parts.eventLog);
  addHealth(app, {
    metrics,
    frozen: () => parts.frost.frozen() !== undefined,
    ready: async () => {
      await store.get('settings', 'installation');
      return parts.ready() && parts.serverLog.up();
    },
  });
  app.addHook('onClose', async () => {
    metrics.stop();
    authenticator.close();
    sessions.close();
  });
  return { app, setup };
}

/** The folder of the built console. */
function consoleDir(config: Config): string {
  return config['console.dir'] || join(import.meta.dirname, '../../console/dist');
}

/** @throws identity.forbidden */
function allow(principal: Principal, permission: string): void {
  if (permission === 'self:read' || permission === 'self:write') return;
  if (!isPermission(permission)) throw identityErrors.forbidden({ principal: principal.ref, permission });
  authorise(principal, permission);
}

function describeDefect(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

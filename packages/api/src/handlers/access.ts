import { connectorSwitch, GLOBAL_SWITCH, readPeople, setSwitch, UNDO_SWITCH } from '@counterpoint/actions';
import { readAuditRows, readCheckpoints, verifyChain } from '@counterpoint/audit';
import { retryOnConflict } from '@counterpoint/cases';
import type { AccessEndpointName } from '@counterpoint/contracts';
import { type Clock, nearest, newTraceId } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import type { Setup, SignIn, TokenInfo, Tokens } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { listAudit } from './audit-list.ts';
import { IN_FORCE } from './effect-list.ts';
import { requireBrowser } from './sessions.ts';

/** What the handlers of access, switches, audit and status need. */
export interface AccessServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly setup: Setup;
  readonly signIn: SignIn;
  readonly tokens: Tokens;
  readonly installation: string;
  /** The connectors, as they stand whenever it is gone through; each has a kill switch. */
  readonly connectors: Iterable<{ readonly id: string; readonly title: string; readonly builtin: boolean }>;
  /** Public keys (SPKI PEM) that sign audit checkpoints. */
  readonly checkpointKeys: readonly string[];
  /** The restored backup that does not act yet; null when there is none. */
  readonly frozen: () => { readonly restored_at: number; readonly backup_at: number } | null;
  readonly about: {
    readonly version: string;
    readonly store: string;
    readonly startedAt: number;
    readonly lab: boolean;
  };
}

type Group<Names extends AccessEndpointName> = Pick<Handlers<AccessEndpointName>, Names>;

function tokenView({ permissions, ...info }: TokenInfo) {
  return { ...info, permissions: [...permissions] };
}

function accountHandlers(
  services: AccessServices,
): Group<'setup' | 'whoami' | 'listTokens' | 'createToken' | 'revokeToken'> {
  const { store, setup, signIn, tokens } = services;
  return {
    async setup({ body, browser }) {
      const { code, name, password } = body;
      const place = password === undefined ? undefined : requireBrowser(browser).place();
      const { user, token } = await setup.complete(code, name, newTraceId(), password);
      if (place && password !== undefined) {
        const opened = await signIn.open({ name: user.name, password, place, trace: newTraceId() });
        browser?.keep(opened);
      }
      return { user: { id: user.id, name: user.name }, token: token.text };
    },
    async whoami({ principal }) {
      const user = await store.get('users', principal.userId);
      return { principal: principal.ref, name: user?.name ?? '', permissions: [...principal.permissions].sort() };
    },
    async listTokens({ principal }) {
      return { items: (await tokens.list(principal)).map(tokenView) };
    },
    async createToken({ principal, body }) {
      const request = { title: body.title, permissions: body.permissions, expiresAt: body.expires_at };
      const created = await tokens.create(principal, request, newTraceId());
      return { token: created.text, id: created.info.id };
    },
    async revokeToken({ principal, params }) {
      return tokenView(await tokens.revoke(principal, params.id ?? '', newTraceId()));
    },
  };
}

function guardHandlers({ store, clock, connectors }: AccessServices): Group<'listSwitches' | 'setSwitch'> {
  return {
    async listSwitches() {
      const rows = await store.find('switches', { limit: 500 });
      const people = await readPeople(
        store,
        rows.map(({ principal }) => principal),
      );
      const products = [...connectors].flatMap(({ id, title, builtin }) => (builtin ? [] : [{ id, title }]));
      const items = rows.map(({ rev: _rev, ...row }) => ({ ...row, who: people.nameOf(row.principal) }));
      return { items, connectors: products };
    },
    async setSwitch({ params, body, principal }) {
      const id = params.id ?? '';
      const known = new Set([GLOBAL_SWITCH, UNDO_SWITCH, ...[...connectors].map((one) => connectorSwitch(one.id))]);
      // A misspelt switch would stop nothing; one that stands can be released though its connector is gone.
      if (!known.has(id) && !(await store.get('switches', id))) {
        const near = nearest(id, known);
        throw errors.switch_unknown({ id, suggestion: near ? `; did you mean ${near}?` : '.' });
      }
      await retryOnConflict(async () => {
        const wish = { id, ...body, principal: principal.ref, at: clock.now(), trace: newTraceId() };
        await store.commit(await setSwitch(store, wish));
      });
      return { id, engaged: body.engaged };
    },
  };
}

function auditHandlers(services: AccessServices): Group<'listAudit' | 'verifyAudit'> {
  const { store, installation, checkpointKeys } = services;
  return {
    listAudit: ({ query }) => listAudit(store, query),
    async verifyAudit() {
      const trust = { installation, publicKeys: checkpointKeys };
      const report = await verifyChain(readAuditRows(store), await readCheckpoints(store), trust);
      return {
        rows: report.rows,
        head: report.head.hash,
        checkpoints: report.checkpoints,
        vouched_to: report.vouchedTo,
        findings: report.findings.map(({ kind, seq, to, message }) => ({ kind, seq, to, message })),
      };
    },
  };
}

function statusHandlers({ store, installation, about, frozen }: AccessServices): Group<'status'> {
  return {
    async status() {
      const open = ['queued', 'running', 'waiting'] as const;
      const [alerts, cases, running, failed, asked, unknown, effects, pendingEvents, deadEvents, switches] =
        await Promise.all([
          store.count('alerts', { status: 'new' }),
          store.count('cases', { status: { in: ['open', 'in_progress'] } }),
          store.count('runs', { status: { in: open } }),
          store.count('runs', { status: 'failed' }),
          store.count('inbox_items', { status: 'open' }),
          store.count('effects', { state: 'unknown' }),
          store.count('effects', IN_FORCE),
          store.count('outbox', { state: 'pending' }),
          store.count('deliveries', { state: 'dead' }),
          store.find('switches', { where: { engaged: true }, limit: 100 }),
        ]);
      return {
        version: about.version,
        installation,
        started_at: about.startedAt,
        store: about.store,
        lab: about.lab,
        counts: {
          new_alerts: alerts,
          open_cases: cases,
          unfinished_runs: running,
          failed_runs: failed,
          waiting_for_people: asked,
          unknown_outcomes: unknown,
          changes_in_force: effects,
          events_waiting: pendingEvents,
          dead_events: deadEvents,
        },
        switches: switches.map((row) => row.id),
        frozen: frozen(),
      };
    },
  };
}

/** Performs setup, tokens, switches, audit and status. */
export function accessHandlers(services: AccessServices): Handlers<AccessEndpointName> {
  return {
    ...accountHandlers(services),
    ...guardHandlers(services),
    ...auditHandlers(services),
    ...statusHandlers(services),
  };
}

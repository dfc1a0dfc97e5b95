import { effectWords, explain, holdId, readHolders, readPeople, whyOf } from '@counterpoint/actions';
import type { EffectEndpointName } from '@counterpoint/contracts';
import { type CounterpointError, type JsonObject, newId, parseDuration } from '@counterpoint/core';
import type { EffectRow } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { causalityOfPrincipal } from '../occasion.ts';
import { claimsView, effectView, releaseView } from '../views.ts';
import { IN_FORCE, isReversible, listEffects } from './effect-list.ts';
import type { EffectServices } from './effect-services.ts';

const HOUR = 3_600_000;
const UNDOS = 50;

type Names = EffectEndpointName;
type Group<Some extends Names> = Pick<Handlers<Names>, Some>;

function errorView({ code, message, help }: CounterpointError) {
  return { code, message, help };
}

/** The request of a person or token for one action. */
function requestOf(
  principal: Principal,
  now: number,
  body: {
    readonly connector: string;
    readonly action: string;
    readonly connection?: string | undefined;
    readonly input: Readonly<Record<string, unknown>>;
    readonly lease?: string | undefined;
    readonly key?: string | undefined;
  },
) {
  return {
    connector: body.connector,
    action: body.action,
    connection: body.connection,
    input: body.input as JsonObject,
    key: body.key === undefined ? newId(now) : `${principal.ref}/${body.key}`,
    run: '',
    address: '',
    generation: 0,
    lease: body.lease === undefined ? undefined : parseDuration(body.lease),
    holder: principal.ref,
    permissions: principal.permissions,
    timeout: undefined,
    causality: causalityOfPrincipal(principal),
    now,
  };
}

async function getRow({ context }: EffectServices, id = ''): Promise<EffectRow> {
  const row = await context.store.get('effects', id);
  if (!row) throw errors.not_found({ kind: 'effect', id });
  return row;
}

/** What undid an effect, or tried to, the newest first. */
async function undosOf({ context }: EffectServices, row: EffectRow) {
  const { store } = context;
  // Undos are in the trace of what they undo, which an index leads to.
  const rows = await store.find('effects', {
    where: { trace: row.trace, undo_of: row.id },
    orderBy: [{ column: 'created_at', descending: true }],
    limit: UNDOS,
  });
  const [phrases, people] = await Promise.all([
    effectWords(context, rows),
    readPeople(
      store,
      rows.map(({ principal }) => principal),
    ),
  ]);
  return rows.map((one) => {
    const { id, state, error, created_at, ended_at } = one;
    return {
      id,
      title: phrases.title(one),
      state,
      error,
      principal: people.nameOf(one.principal),
      created_at,
      ended_at,
    };
  });
}

async function oneEffect(services: EffectServices, id: string | undefined) {
  const { context } = services;
  const row = await getRow(services, id);
  const [claims, phrases, why, undos] = await Promise.all([
    context.store.find('claims', { where: { effect: row.id }, limit: 500 }),
    effectWords(context, [row]),
    whyOf(context.store, row),
    undosOf(services, row),
  ]);
  const holders = await readHolders(context.store, claims);
  const { attempts, inverse, wake_at } = row;
  return {
    ...effectView(row),
    claims: claimsView(claims).map((claim) => ({ ...claim, title: holders.get(claim.holder) ?? claim.holder })),
    title: phrases.title(row),
    reversible: isReversible(row),
    why: [...why],
    undos,
    attempts,
    inverse,
    wake_at,
    inbox: row.state === 'held' ? holdId(row.key) : null,
  };
}

async function countInForce({ context }: EffectServices) {
  const { store, clock, connectors } = context;
  const now = clock.now();
  const [groups, soon, lasting, unknown, undoFailed] = await Promise.all([
    store.tally('effects', { where: IN_FORCE, by: ['effect', 'connector'] }),
    store.count('effects', { ...IN_FORCE, lease_until: { lt: now + HOUR } }),
    store.count('effects', { ...IN_FORCE, lease_until: null }),
    store.count('effects', { ...IN_FORCE, state: 'unknown' }),
    store.count('effects', { ...IN_FORCE, state: 'undo_failed' }),
  ]);
  const classes: Record<string, number> = {};
  const products = new Map<string, number>();
  for (const { values, count } of groups) {
    const [of = '', connector = ''] = values.map(String);
    classes[of] = (classes[of] ?? 0) + count;
    products.set(connector, (products.get(connector) ?? 0) + count);
  }
  const byConnector = [...products].map(([connector, count]) => ({
    ...{ connector, count },
    title: connectors.get(connector)?.manifest.title ?? connector,
  }));
  return {
    in_force: groups.reduce((sum, { count }) => sum + count, 0),
    by_class: classes,
    by_connector: byConnector.sort((a, b) => b.count - a.count || a.connector.localeCompare(b.connector)),
    ending_soon: soon,
    lasting,
    unknown,
    undo_failed: undoFailed,
    counted_at: now,
  };
}

type LedgerNames = 'listEffects' | 'countEffects' | 'getEffect' | 'undoEffect';

function ledgerHandlers(services: EffectServices): Group<LedgerNames> {
  const { context, door } = services;
  return {
    listEffects: ({ query }) => listEffects(services, query),
    countEffects: () => countInForce(services),
    getEffect: ({ params }) => oneEffect(services, params.id),
    async undoEffect({ params, body, principal }) {
      const row = await getRow(services, params.id);
      const causality = causalityOfPrincipal(principal, row.trace);
      const of = { kind: 'effect', effect: row.id } as const;
      return releaseView(await door.release({ of, reason: body.reason, causality, now: context.clock.now() }));
    },
  };
}

function actionHandlers({ context, door }: EffectServices): Group<'performAction' | 'explainGuard'> {
  const { clock } = context;
  return {
    async performAction({ body, principal }) {
      const key = body.key ?? newId(clock.now());
      const request = requestOf(principal, clock.now(), { ...body, key });
      const outcome = await door.perform(request, AbortSignal.timeout(120_000));
      // What the door itself refused is an error of the request; what a product answered is its outcome.
      if (outcome.status === 'failed' && /^(actions|guard)\./.test(outcome.error.code)) throw outcome.error;
      return {
        status: outcome.status,
        output: outcome.status === 'succeeded' ? outcome.output : null,
        effect: outcome.effect ?? null,
        error: 'error' in outcome ? errorView(outcome.error) : null,
        key,
        inbox: outcome.status === 'held' ? outcome.item : null,
      };
    },
    async explainGuard({ body, principal }) {
      const { outcome, rule, reasons } = await explain(context, requestOf(principal, clock.now(), body));
      return { outcome, rule, reasons: [...reasons] };
    },
  };
}

/** Performs the operations on effects, single actions and the guard. */
export function effectHandlers(services: EffectServices): Handlers<Names> {
  return { ...ledgerHandlers(services), ...actionHandlers(services) };
}

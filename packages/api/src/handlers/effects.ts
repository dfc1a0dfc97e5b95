import { buildTrace, type Door, type DoorContext, explain, STANDING_STATES, whyOf } from '@counterpoint/actions';
import type { AutomationEndpointName } from '@counterpoint/contracts';
import { type CounterpointError, type JsonObject, newId, parseDuration } from '@counterpoint/core';
import type { EffectRow, Reader } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { causalityOfPrincipal } from '../occasion.ts';
import { conditions, pageRows } from '../paging.ts';
import { claimsView, effectView, releaseView } from '../views.ts';

/** What the handlers of effects, actions and traces need. */
export interface EffectServices {
  readonly context: DoorContext;
  readonly door: Door;
}

const MANY = 10_000;

type Names = 'listEffects' | 'getEffect' | 'undoEffect' | 'performAction' | 'explainGuard' | 'trace';
type Group<Some extends Names> = Pick<Handlers<AutomationEndpointName>, Some>;

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

/** The effects that a case claims or claimed. */
async function claimedBy(reader: Reader, id: string): Promise<readonly string[]> {
  const claims = await reader.find('claims', { where: { holder: `case:${id}` }, limit: MANY });
  return [...new Set(claims.map((claim) => claim.effect))];
}

function ledgerHandlers({ context, door }: EffectServices): Group<'listEffects' | 'getEffect' | 'undoEffect'> {
  const { store, clock } = context;
  return {
    async listEffects({ query }) {
      const ofCase = query.case === undefined ? undefined : await claimedBy(store, query.case);
      const where = conditions<EffectRow>({
        ...(query.in_force === 'true' ? { state: { in: STANDING_STATES }, undo_of: '', ended_at: null } : {}),
        id: ofCase && { in: ofCase },
        run: query.run,
        target: query.target,
        connection: query.connection,
        effect: query.class,
        ...(query.state === undefined ? {} : { state: query.state }),
      });
      if (ofCase?.length === 0) return { items: [], next: null };
      const { rows, next } = await pageRows(store, 'effects', query, { column: 'created_at', key: 'id', where });
      const ids = rows.map((row) => row.id);
      const open = await store.find('claims', { where: { effect: { in: ids }, ended_at: null }, limit: MANY });
      const claims = Map.groupBy(open, (claim) => claim.effect);
      return { items: rows.map((row) => ({ ...effectView(row), claims: claimsView(claims.get(row.id) ?? []) })), next };
    },
    async getEffect({ params }) {
      const row = await store.get('effects', params.id ?? '');
      if (!row) throw errors.not_found({ kind: 'effect', id: params.id ?? '' });
      const claims = await store.find('claims', { where: { effect: row.id }, limit: 500 });
      return { ...effectView(row), claims: claimsView(claims), why: [...(await whyOf(store, row))] };
    },
    async undoEffect({ params, body, principal }) {
      const row = await store.get('effects', params.id ?? '');
      if (!row) throw errors.not_found({ kind: 'effect', id: params.id ?? '' });
      const causality = causalityOfPrincipal(principal, row.trace);
      const of = { kind: 'effect', effect: row.id } as const;
      return releaseView(await door.release({ of, reason: body.reason, causality, now: clock.now() }));
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

function traceHandlers({ context }: EffectServices): Group<'trace'> {
  return {
    async trace({ params }) {
      const { trace, roots } = await buildTrace(context.store, params.ref ?? '');
      return { trace, roots: [...roots] };
    },
  };
}

/** Performs the operations on effects, single actions, the guard and traces. */
export function effectHandlers(services: EffectServices): Group<Names> {
  return { ...ledgerHandlers(services), ...actionHandlers(services), ...traceHandlers(services) };
}

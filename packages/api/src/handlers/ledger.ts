import {
  type Door,
  type DoorContext,
  effectWords,
  extendLease,
  type Foresight,
  foreseeRelease,
  type ReleaseRequest,
  readBack,
  readHolders,
  releasedBy,
  resolveUnknown,
  type Settle,
} from '@counterpoint/actions';
import { retryOnConflict } from '@counterpoint/cases';
import type { LedgerEndpointName } from '@counterpoint/contracts';
import { isCounterpointError, type JsonObject, parseDuration } from '@counterpoint/core';
import type { Engine } from '@counterpoint/engine';
import type { EffectRow } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { ApiRequest, Handlers } from '../handler-types.ts';
import { causalityOfPrincipal } from '../occasion.ts';
import { claimsView, effectView, releaseView } from '../views.ts';

/** What the handlers of the ledger need. */
export interface LedgerServices {
  readonly context: DoorContext;
  readonly door: Door;
  readonly engine: Pick<Engine, 'resolveUnknown'>;
}

const AT_ONCE = 4;
/** The longest that a product may take over one request, in milliseconds. */
const LONGEST = 120_000;

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

async function getEffect({ context }: LedgerServices, id = ''): Promise<EffectRow> {
  const row = await context.store.get('effects', id);
  if (!row) throw errors.not_found({ kind: 'effect', id });
  return row;
}

async function withClaims({ context }: LedgerServices, row: EffectRow) {
  const claims = await context.store.find('claims', { where: { effect: row.id }, limit: 500 });
  return { ...effectView(row), claims: claimsView(claims) };
}

/** Settles an effect through the run that waits to know, when there is one; else in the ledger alone. */
function settling({ context, engine }: LedgerServices, principal: Principal, reason: string): Settle {
  const { store, clock } = context;
  return async (row, { happened, output }) => {
    const causality = causalityOfPrincipal(principal, row.trace);
    const run = row.run === '' || row.undo_of !== '' ? undefined : await store.get('runs', row.run);
    const said = output === undefined ? { happened } : { happened, output };
    const byRun = run && !ENDED.has(run.status) && (await settledByRun(engine, row, said, principal));
    if (!byRun) {
      await retryOnConflict(async () => {
        await store.commit(await resolveUnknown(context, { effect: row.id, happened, output, causality }));
      });
    }
    const entry = { at: clock.now(), principal: principal.ref, action: 'effect.settled', object: `effect:${row.id}` };
    await store.commit({ audit: [{ ...entry, data: { happened, reason }, trace: row.trace }] });
  };
}

async function settledByRun(
  engine: LedgerServices['engine'],
  row: EffectRow,
  said: { readonly happened: boolean; readonly output?: JsonObject },
  principal: Principal,
): Promise<boolean> {
  try {
    await engine.resolveUnknown(row.run, row.address, said, principal.ref);
    return true;
  } catch (error) {
    // The run has moved on without an answer.
    if (isCounterpointError(error, 'engine.step_not_unknown')) return false;
    throw error;
  }
}

type Releases = ReleaseRequest['of'];

/** What is to be released, one after the other. */
function releasesOf(body: ApiRequest<'undoEffects'>['body']): readonly Releases[] {
  if (body.run !== undefined) return [{ kind: 'run', run: body.run }];
  if (body.case !== undefined) return [{ kind: 'case', case: body.case }];
  const effects = body.effects ?? [body.effect ?? ''];
  return [...new Set(effects)].map((effect) => ({ kind: 'effect', effect }));
}

/** @throws api.not_found when what is to be released does not exist */
async function traceOf(services: LedgerServices, of: Releases): Promise<string> {
  if (of.kind === 'effect') return (await getEffect(services, of.effect)).trace;
  const { store } = services.context;
  const id = of.kind === 'case' ? of.case : of.run;
  const row = of.kind === 'case' ? await store.get('cases', id) : await store.get('runs', id);
  if (!row) throw errors.not_found({ kind: of.kind, id });
  return row.trace;
}

/**
 * What a run or a case did that was over before it is undone, such as a message: an undo of all of it tells of the rest
 * only. Of what is named by itself everything is told.
 */
async function overBefore({ store }: LedgerServices['context'], of: Releases): Promise<readonly string[]> {
  if (of.kind === 'effect') return [];
  const { effects } = await releasedBy(store, of);
  return effects.filter(({ ended_at }) => ended_at !== null).map(({ id }) => id);
}

/** What would become of some effects, with what each is in words. */
export async function foreseenView(
  context: Pick<DoorContext, 'store' | 'connectors' | 'builtins'>,
  foreseen: readonly Foresight[],
) {
  const claims = foreseen.flatMap(({ released }) => released.map((holder) => ({ holder })));
  const [phrases, holders] = await Promise.all([
    effectWords(
      context,
      foreseen.map(({ effect }) => effect),
    ),
    readHolders(context.store, claims),
  ]);
  return foreseen.map(({ effect, will, reason, released }) => {
    const { id, connection, action, target } = effect;
    const wanted = released.map((holder) => holders.get(holder) ?? holder);
    return { effect: id, title: phrases.title(effect), connection, action, target, will, reason, released: wanted };
  });
}

/** Performs the operations on effects that are in the ledger. */
export function ledgerHandlers(services: LedgerServices): Handlers<LedgerEndpointName> {
  const { context, door } = services;
  const { clock } = context;
  return {
    async undoEffects({ body, principal }) {
      const releases = releasesOf(body);
      const traces = new Map<Releases, string>();
      for (const of of releases) traces.set(of, await traceOf(services, of));
      const foresight: Foresight[] = [];
      const over = new Set<string>();
      for (const of of releases) for (const id of await overBefore(context, of)) over.add(id);
      for (const of of releases) foresight.push(...(await foreseeRelease(context, of)));
      const foreseen = await foreseenView(context, foresight);
      const result: ReturnType<typeof releaseView> = { undone: [], kept: [], failed: [] };
      if (body.dry_run) return { ...result, foreseen };
      for (const [of, trace] of traces) {
        const causality = causalityOfPrincipal(principal, trace);
        const one = releaseView(await door.release({ of, reason: body.reason, causality, now: clock.now() }));
        result.undone.push(...one.undone.filter((effect) => !over.has(effect)));
        result.kept.push(...one.kept.filter(({ effect }) => !over.has(effect)));
        result.failed.push(...one.failed);
      }
      return { ...result, foreseen };
    },
    async extendEffect({ params, body, principal }) {
      const row = await getEffect(services, params.id);
      const { ref: holder, permissions } = principal;
      const causality = causalityOfPrincipal(principal, row.trace);
      const wish = {
        effect: row.id,
        lease: parseDuration(body.for),
        reason: body.reason,
        holder,
        permissions,
        causality,
      };
      return withClaims(services, await extendLease(context, wish, AbortSignal.timeout(LONGEST)));
    },
    async verifyEffects({ body, principal }) {
      const ids = [...new Set(body.effects)];
      for (const id of ids) await getEffect(services, id);
      const settle = settling(services, principal, 'read back in the product');
      const signal = AbortSignal.timeout(LONGEST);
      const items = [];
      for (let index = 0; index < ids.length; index += AT_ONCE) {
        const group = ids.slice(index, index + AT_ONCE);
        items.push(
          ...(await Promise.all(
            group.map((id) => readBack(context, id, settle, { principal: principal.ref }, signal)),
          )),
        );
      }
      return { items };
    },
    async resolveEffect({ params, body, principal }) {
      const row = await getEffect(services, params.id);
      const output = body.output as JsonObject | undefined;
      await settling(services, principal, body.reason)(row, { happened: body.happened, output });
      return withClaims(services, await getEffect(services, row.id));
    },
  };
}

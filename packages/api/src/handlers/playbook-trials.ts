import type { Door, DoorContext } from '@counterpoint/actions';
import { nameObservable, observablesOf } from '@counterpoint/cases';
import type { PlaybookEndpointName } from '@counterpoint/contracts';
import { type Clock, type Json, type JsonObject, newTraceId, sha256 } from '@counterpoint/core';
import {
  backtest,
  type ComparedRun,
  createEventCheck,
  type DryCall,
  type DryRunServices,
  differs,
  dryRun,
  type PlanSource,
  recordedStart,
} from '@counterpoint/engine';
import type { AlertRow, Store } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import { ALERT_CREATED, alertCreated } from '@counterpoint/ingest';
import { createChangeWindows } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { findingView } from '../finding-view.ts';
import type { Handlers } from '../handler-types.ts';
import type { PlaybookDesk } from '../playbook-desk.ts';
import { readTried, type TriedSource } from './playbook-source.ts';

/** What the handlers that try playbooks need. */
export interface TrialServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly context: DoorContext;
  readonly door: Door;
  readonly plans: PlanSource;
  readonly desk: PlaybookDesk;
  readonly bind: NonNullable<DryRunServices['bind']>;
  readonly bindAll: NonNullable<DryRunServices['bindAll']>;
}

type Names = 'dryRunPlaybook' | 'backtestPlaybook';
type Group = Pick<Handlers<PlaybookEndpointName>, Names>;

const BACK = 30 * 86_400_000;

/** What an alert trigger handed over for an alert: as it was announced, else as it would be announced new. */
export async function eventOfAlert(store: Store, alert: AlertRow): Promise<Json> {
  const [announced] = await store.find('outbox', {
    where: { topic: ALERT_CREATED, subject: `alert:${alert.id}` },
    limit: 1,
  });
  const envelope = announced?.envelope;
  if (envelope !== null && typeof envelope === 'object' && 'data' in envelope) return envelope.data as Json;
  const observables = await observablesOf(store, `alert:${alert.id}`);
  const fresh: AlertRow = { ...alert, status: 'new', verdict: 'unknown', case_id: null, count: 1 };
  return alertCreated(
    fresh,
    observables.map(({ type, value }) => nameObservable(type, value)),
  ).data;
}

interface Begin {
  readonly event: Json | undefined;
  readonly inputs: JsonObject;
}

/** What a dry run begins with: what was given, or what an alert or a run was recorded with. */
async function beginOf(
  { store, clock }: TrialServices,
  body: { readonly event?: Json | undefined; readonly alert?: string | undefined; readonly run?: string | undefined },
): Promise<Begin> {
  if (body.run !== undefined) {
    const start = await recordedStart(store, clock, body.run);
    if (!start) throw errors.not_found({ kind: 'run', id: body.run });
    return start;
  }
  if (body.alert === undefined) return { event: body.event, inputs: {} };
  const alert = await store.get('alerts', body.alert);
  if (!alert) throw errors.not_found({ kind: 'alert', id: body.alert });
  return { event: await eventOfAlert(store, alert), inputs: {} };
}

/** A published version acts with the rights of who published it, anything else with those of who tries it. */
async function permissionsOf({ plans }: TrialServices, { version }: TriedSource, principal: Principal) {
  return version === undefined ? principal.permissions : (await plans.byVersion(version)).permissions();
}

function callView({ lease, guard, ...call }: DryCall) {
  return { ...call, lease_ms: lease, guard: guard && { ...guard, reasons: [...guard.reasons] } };
}

function comparedView({ newCalls, droppedCalls, first, differences, simulated, ...rest }: ComparedRun) {
  const calls = (list: ComparedRun['newCalls']) =>
    list.map(({ address, name, effect, with: input }) => ({ address, name, effect, with: input }));
  return {
    ...rest,
    first: first ?? null,
    differences: [...differences],
    new_calls: calls(newCalls),
    dropped_calls: calls(droppedCalls),
    simulated: [...simulated],
  };
}

async function audit(services: TrialServices, principal: Principal, action: string, id: string, data: JsonObject) {
  const { store, clock } = services;
  const entry = {
    at: clock.now(),
    principal: principal.ref,
    action,
    object: `playbook:${id}`,
    data,
    trace: newTraceId(),
  };
  await store.commit({ audit: [entry] });
}

/** What publishing checks against, and which windows there are. */
function surroundings({ desk: { catalogue } }: TrialServices) {
  const windows = createChangeWindows(catalogue.calendars ?? new Map());
  return { catalogue, checkEvent: createEventCheck(catalogue.topics), windows };
}

function dryRunHandler(services: TrialServices): Group['dryRunPlaybook'] {
  const { clock, context, door, plans, bind, bindAll } = services;
  const around = { context, door, plans, bind, bindAll, ...surroundings(services) };
  return async ({ params, body, principal }) => {
    const id = params.id ?? '';
    const tried = await readTried(services, id, body);
    const { plan, findings, name: version } = tried;
    const begin = await beginOf(services, body);
    const { run, calls, questions, published, undone } = await dryRun(around, {
      plan,
      principal: principal.ref,
      permissions: await permissionsOf(services, tried, principal),
      event: begin.event,
      inputs: { ...begin.inputs, ...(body.inputs as JsonObject) },
      trigger: body.trigger,
      now: clock.now(),
      people: body.people,
      reads: body.reads,
      events: body.events.map(({ topic, data, after_ms }) => ({ topic, data, after: after_ms })),
    });
    const what = { version, source: sha256(plan.source), status: run.status, reads: body.reads };
    await audit(services, principal, 'playbook.dry_run', id, what);
    return {
      playbook: id,
      version,
      status: run.status,
      error: run.error ?? null,
      outputs: run.outputs,
      steps: run.steps.map(({ address, status, error }) => ({ address, status, error: error ?? null })),
      calls: calls.map(callView),
      questions: [...questions],
      published: [...published],
      undone: [...undone],
      findings: findings.map(findingView),
    };
  };
}

function backtestHandler(services: TrialServices): Group['backtestPlaybook'] {
  const { store, clock, plans, bind, bindAll } = services;
  const event = (alert: AlertRow): Promise<Json> => eventOfAlert(store, alert);
  const around = { store, clock, plans, bind, bindAll, eventOfAlert: event, ...surroundings(services) };
  return async ({ params, body, principal }) => {
    const id = params.id ?? '';
    const { plan, name: version, findings } = await readTried(services, id, body);
    const since = body.since ?? clock.now() - BACK;
    const result = await backtest(around, { plan, since, limit: body.limit, alerts: body.alerts });
    const { compared, skipped, ...totals } = result;
    await audit(services, principal, 'playbook.backtested', id, { version, compared: compared.length });
    return {
      playbook: id,
      version,
      compared: compared.length,
      ...totals,
      skipped: [...skipped],
      runs: compared.filter(differs).map(comparedView),
      findings: findings.map(findingView),
    };
  };
}

/** Performs the operations that try a playbook without consequences. */
export function trialHandlers(services: TrialServices): Group {
  return { dryRunPlaybook: dryRunHandler(services), backtestPlaybook: backtestHandler(services) };
}

import type { AutomationEndpointName } from '@counterpoint/contracts';
import { type Clock, type JsonObject, newTraceId } from '@counterpoint/core';
import {
  type Engine,
  enablePlaybook,
  engineErrors,
  type PlanSource,
  publishPlaybook,
  type StartedRun,
} from '@counterpoint/engine';
import type { PlaybookRow, RunRow, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { findingView, planWithoutErrors } from '../finding-view.ts';
import type { Handlers } from '../handler-types.ts';
import { operatorOf } from '../operator-of.ts';
import type { PlaybookDesk } from '../playbook-desk.ts';
import { effectView, runView } from '../views.ts';
import { createPlaybookList, createSummaries } from './playbook-list.ts';

const WAIT_MILLIS = 60_000;

/** What the handlers of playbooks need. */
export interface PlaybookServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly desk: PlaybookDesk;
}

/** What the handlers of runs need. */
export interface RunServices {
  readonly store: Store;
  readonly engine: Engine;
  readonly plans: PlanSource;
}

type PlaybookNames = 'listPlaybooks' | 'getPlaybook' | 'validatePlaybook' | 'publishPlaybook' | 'enablePlaybook';
type RunNames = 'startRun' | 'getRun' | 'cancelRun' | 'resolveStep';
type Group<Names extends AutomationEndpointName> = Pick<Handlers<AutomationEndpointName>, Names>;

async function playbookView(store: Store, { id, title, current, enabled, updated_at }: PlaybookRow) {
  const version = await store.get('playbook_versions', current);
  return { id, title, current, number: version?.number ?? 0, enabled, updated_at };
}

async function getRow(store: Store, id: string): Promise<RunRow> {
  const row = await store.get('runs', id);
  if (!row) throw errors.not_found({ kind: 'run', id });
  return row;
}

async function getPlaybookRow(store: Store, id: string): Promise<PlaybookRow> {
  const row = await store.get('playbooks', id);
  if (!row) throw errors.not_found({ kind: 'playbook', id });
  return row;
}

/** Performs the operations on playbooks. */
export function playbookHandlers({ store, clock, desk }: PlaybookServices): Group<PlaybookNames> {
  const summarise = createSummaries();
  const list = createPlaybookList(store, clock.now, summarise);
  return {
    listPlaybooks: ({ query }) => list(query),
    async getPlaybook({ params }) {
      const row = await getPlaybookRow(store, params.id ?? '');
      const version = await store.get('playbook_versions', row.current);
      const { source = '' } = version ?? {};
      return { ...(await playbookView(store, row)), source, triggers: summarise(row.current, source).triggers };
    },
    async validatePlaybook({ body }) {
      const { id, findings } = await desk.check(body.source);
      return { id: id ?? null, findings: findings.map(findingView) };
    },
    async publishPlaybook({ body, principal }) {
      const checked = await desk.check(body.source);
      const plan = planWithoutErrors(checked);
      const { findings } = checked;
      await publishPlaybook(store, plan, { principal: principal.ref, now: clock.now(), trace: newTraceId() });
      const row = await getPlaybookRow(store, plan.id);
      return { playbook: await playbookView(store, row), findings: findings.map(findingView) };
    },
    async enablePlaybook({ params, body, principal }) {
      const id = params.id ?? '';
      await enablePlaybook(store, id, body.enabled, { principal: principal.ref, now: clock.now() });
      return playbookView(store, await getPlaybookRow(store, id));
    },
  };
}

/** Performs the operations on runs. */
export function runHandlers({ store, engine, plans }: RunServices): Group<RunNames> {
  return {
    async startRun({ params, body, principal }) {
      const { plan } = await plans.current(params.id ?? '');
      const trigger = plan.triggers.find(({ kind }) => kind === 'manual');
      if (!trigger) throw errors.not_manual({ playbook: plan.id });
      const request = {
        playbook: plan.id,
        inputs: body.inputs as JsonObject,
        trigger: { kind: 'manual', id: trigger.id, key: newTraceId() },
        event: null,
        causality: { principal: principal.ref, trace: newTraceId(), cause: principal.ref, hop: 0 },
      } as const;
      const started: StartedRun = body.wait
        ? await engine.startRunAndWait(request, WAIT_MILLIS)
        : await engine.startRun(request);
      const row = await getRow(store, started.run);
      if (started.dropped) {
        throw engineErrors.concurrency_dropped({ playbook: plan.id, key: row.concurrency, run: row.id });
      }
      return runView(row);
    },
    async getRun({ params }) {
      const row = await getRow(store, params.id ?? '');
      const [journal, effects] = await Promise.all([
        store.find('journal', { where: { run: row.id }, orderBy: [{ column: 'seq' }], limit: 10_000 }),
        store.find('effects', { where: { run: row.id }, orderBy: [{ column: 'created_at' }], limit: 500 }),
      ]);
      return {
        ...runView(row),
        journal: journal.map(({ seq, kind, address, data, at }) => ({ seq, kind, address, data, at })),
        effects: effects.map(effectView),
      };
    },
    async cancelRun({ params, body, principal }) {
      const row = await getRow(store, params.id ?? '');
      await engine.operate.cancel(row.id, operatorOf(principal, body));
      return runView(await getRow(store, row.id));
    },
    async resolveStep({ params, body, principal }) {
      const row = await getRow(store, params.id ?? '');
      const output = body.output === undefined ? {} : { output: body.output as JsonObject };
      const resolution = { happened: body.happened, ...output };
      await engine.operate.resolve(row.id, body.address, resolution, operatorOf(principal, body));
      return runView(await getRow(store, row.id));
    },
  };
}

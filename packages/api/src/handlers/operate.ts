import type { OperateEndpointName } from '@counterpoint/contracts';
import { isCounterpointError, type JsonObject } from '@counterpoint/core';
import type { Engine, Operations, Operator, Replayed, SteerResult } from '@counterpoint/engine';
import type { RunRow, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { operatorOf } from '../operator-of.ts';

/** What the handlers of the operator verbs need. */
export interface OperateServices {
  readonly store: Store;
  readonly engine: Engine;
}

type Group<Names extends OperateEndpointName> = Pick<Handlers<OperateEndpointName>, Names>;

function viewOf({ id, status, paused, version }: RunRow, { decided }: SteerResult) {
  return { run: id, status, paused, version, decided };
}

function liveHandlers({ store, engine: { operate } }: OperateServices) {
  const answer = async (result: SteerResult) => {
    const row = await store.get('runs', result.run);
    if (!row) throw errors.not_found({ kind: 'run', id: result.run });
    return viewOf(row, result);
  };
  return {
    async pauseRun({ params, body, principal }) {
      return answer(await operate.pause(params.id ?? '', operatorOf(principal, body)));
    },
    async resumeRun({ params, body, principal }) {
      return answer(await operate.resume(params.id ?? '', operatorOf(principal, body)));
    },
    async retryStep({ params, body, principal }) {
      const { address, input, even_if_unknown: evenIfUnknown } = body;
      const wish = { address, input: input as JsonObject | undefined, evenIfUnknown };
      return answer(await operate.retry(params.id ?? '', wish, operatorOf(principal, body)));
    },
    async skipStep({ params, body, principal }) {
      const wish = { address: body.address, output: body.output as JsonObject | undefined };
      return answer(await operate.skip(params.id ?? '', wish, operatorOf(principal, body)));
    },
    async migrateRun({ params, body, principal }) {
      return answer(await operate.migrate(params.id ?? '', body.version, operatorOf(principal, body)));
    },
  } satisfies Group<'pauseRun' | 'resumeRun' | 'retryStep' | 'skipStep' | 'migrateRun'>;
}

function againHandlers({ engine: { operate } }: OperateServices) {
  return {
    async rerunRun({ params, body, principal }) {
      const { run, existing } = await operate.rerun(params.id ?? '', body.version, operatorOf(principal, body));
      return { run, existing };
    },
    async retryRunFrom({ params, body, principal }) {
      const { address, input, version } = body;
      const wish = { address, input: input as JsonObject | undefined, version };
      const { run, existing } = await operate.retryFrom(params.id ?? '', wish, operatorOf(principal, body));
      return { run, existing };
    },
    async replayRuns({ body, principal }) {
      const { playbook, status, since, until, error_code: errorCode, limit, verb, version } = body;
      const filter = { playbook, status, since, until, errorCode, limit };
      if (body.preview) {
        const runs = await operate.replayable(filter);
        const shown = runs.map(({ id }) => ({ of: id, run: null, existing: false, problem: null }));
        return { batch: '', count: shown.length, runs: shown };
      }
      const { batch, runs } = await operate.replay(filter, { verb, version }, operatorOf(principal, body));
      return { batch, count: runs.length, runs: runs.map(replayedView) };
    },
  } satisfies Group<'rerunRun' | 'retryRunFrom' | 'replayRuns'>;
}

function replayedView(replayed: Replayed) {
  if ('problem' in replayed) return { of: replayed.of, run: null, existing: false, problem: replayed.problem };
  return { of: replayed.of, run: replayed.run, existing: replayed.existing, problem: null };
}

function migrateHandlers({ store, engine: { operate } }: OperateServices) {
  return {
    async migrateRuns({ params, body, principal }) {
      const playbook = params.id ?? '';
      const rows = await store.find('runs', {
        where: { playbook, status: { in: ['queued', 'running', 'waiting'] } },
        orderBy: [{ column: 'created_at' }],
        limit: body.limit,
      });
      const runs = [];
      for (const row of rows) runs.push(await migrateOne(operate, row, body.version, operatorOf(principal, body)));
      return { runs };
    },
  } satisfies Group<'migrateRuns'>;
}

async function migrateOne(operate: Operations, { id: run }: RunRow, version: string | undefined, operator: Operator) {
  try {
    const { decided } = await operate.migrate(run, version, { ...operator, request: undefined });
    return { run, migrated: decided, problem: null };
  } catch (error) {
    if (!isCounterpointError(error) || error.code.startsWith('events.')) throw error;
    return { run, migrated: false, problem: { code: error.code, message: error.message } };
  }
}

/** Performs what operators do to runs. */
export function operateHandlers(services: OperateServices): Handlers<OperateEndpointName> {
  return { ...liveHandlers(services), ...againHandlers(services), ...migrateHandlers(services) };
}

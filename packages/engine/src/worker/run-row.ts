import type { CounterpointError, Json, JsonObject } from '@counterpoint/core';
import type { Causality, RunRow } from '@counterpoint/events';
import { type Plan, validateValue } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { PublishedPlan } from '../playbooks/published.ts';
import { concurrencyKey } from './park.ts';
import type { Worker } from './worker.ts';

/** What a new run is made of. */
export interface NewRun {
  readonly id: string;
  /** `key` is the id of the event or delivery: one run per trigger and key. */
  readonly trigger: { readonly kind: RunRow['trigger_kind']; readonly id: string; readonly key: string };
  readonly inputs: JsonObject;
  readonly event: Json;
  /** Of whoever or whatever starts it. */
  readonly causality: Causality;
  /** 0 low to 3 emergency; undefined: the playbook's own. */
  readonly priority: number | undefined;
  readonly simulated: boolean;
  readonly parent: string;
  /** See `RunRow.ask`; default false. */
  readonly ask?: boolean;
  /** See `RunRow.origin`; default none. */
  readonly origin?: string;
  /** See `RunRow.case_id`; default: that of the event. */
  readonly case_id?: string | null;
}

const PRIORITIES = { low: 0, normal: 1, high: 2, emergency: 3 } as const;

/**
 * The row of a run that nobody owns yet and that has not begun.
 *
 * @throws engine.inputs_invalid
 */
export function newRunRow(worker: Worker, { plan }: PublishedPlan, run: NewRun): RunRow {
  const { causality, trigger } = run;
  const inputs = inputsOf(plan, run.inputs);
  const created_at = worker.options.clock.now();
  const row: RunRow = {
    id: run.id,
    playbook: plan.id,
    version: plan.version,
    engine: worker.options.version,
    status: 'queued',
    paused: false,
    epoch: 0,
    seq: 0,
    owner: '',
    lease_until: 0,
    priority: run.priority ?? PRIORITIES[plan.priority],
    trigger_kind: trigger.kind,
    trigger_key: triggerKey(plan.id, trigger),
    inputs,
    event: run.event,
    outputs: null,
    error: null,
    error_code: '',
    parent: run.parent,
    origin: run.origin ?? '',
    concurrency: '',
    case_id: run.case_id ?? caseOfEvent(run),
    simulated: run.simulated,
    ask: run.ask ?? false,
    site: '',
    created_at,
    started_at: null,
    ended_at: null,
    principal: `${plan.kind}:${plan.id}`,
    trace: causality.trace,
    cause: causality.cause === '' ? causality.principal : causality.cause,
    hop: causality.hop,
  };
  return plan.concurrency ? { ...row, concurrency: concurrencyKey(plan, row) } : row;
}

/** The unique `trigger_key` of the run that a trigger starts for an event or delivery. */
export function triggerKey(playbook: string, { id, key }: Pick<NewRun['trigger'], 'id' | 'key'>): string {
  return `${playbook}/${id}|${key}`;
}

/** The case of what started a run: the one that changed, or the one that the alert is in. */
function caseOfEvent({ trigger, event }: NewRun): string | null {
  if (trigger.kind !== 'case' && trigger.kind !== 'alert') return null;
  const { case: changed, alert } = event as { case?: { id?: unknown }; alert?: { case_id?: unknown } };
  const id = trigger.kind === 'case' ? changed?.id : alert?.case_id;
  return typeof id === 'string' ? id : null;
}

/** The inputs of a run, defaults filled in. @throws engine.inputs_invalid */
export function inputsOf(plan: Pick<Plan, 'id' | 'inputs'>, given: JsonObject): JsonObject {
  const refuse = (reason: string): CounterpointError => errors.inputs_invalid({ playbook: plan.id, reason });
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(plan.inputs, name));
  if (unknown !== undefined) throw refuse(`it has no input "${unknown}"`);
  const inputs: Record<string, Json> = {};
  for (const [name, { schema, required, default: otherwise }] of Object.entries(plan.inputs)) {
    const value = (Object.hasOwn(given, name) ? given[name] : undefined) ?? otherwise;
    if (value === undefined) {
      if (required) throw refuse(`"${name}" is missing`);
      continue;
    }
    const [problem] = validateValue(schema, value);
    if (problem) throw refuse(`"${name}": ${problem.reason}`);
    inputs[name] = value;
  }
  return inputs;
}

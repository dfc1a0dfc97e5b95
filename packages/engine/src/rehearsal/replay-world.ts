import { canonicalJson, type Json, type JsonObject } from '@counterpoint/core';
import type { Reader } from '@counterpoint/events';
import type { ActionStep, Catalogue, Plan } from '@counterpoint/playbook';
import type { PlanSource } from '../playbooks/published.ts';
import type { EngineOptions } from '../worker/options.ts';
import { targetOf } from '../worker/target.ts';
import { contractOf } from './contracts.ts';
import type { RecordedStep, Recording } from './recording.ts';
import { simulateAnswer } from './simulate.ts';
import type { PeoplesAnswer, StagedAction, StagedQuestion, World } from './world.ts';

/** What replaying goes by. */
export interface ReplayServices {
  readonly reader: Reader;
  readonly catalogue: Catalogue;
  readonly plans: PlanSource;
  readonly bind?: EngineOptions['bind'];
}

/** A call that a replayed run makes. */
export interface ReplayedCall {
  readonly address: string;
  /** `alias.action`, or the id of a playbook. */
  readonly name: string;
  readonly effect: string | null;
  readonly with: JsonObject;
  /** It did what it does, as far as is known. */
  readonly succeeded: boolean;
}

/** What is taken down while a recording is replayed. */
export interface ReplayNotes {
  readonly calls: ReplayedCall[];
  /** Addresses of what the recording has no answer for. */
  readonly simulated: Set<string>;
}

type Settled = Awaited<ReturnType<World['act']>>;

/**
 * The world as a run was recorded in it. What the recording has no answer for is simulated and noted; nothing is sent.
 *
 * @param recording undefined: nothing is recorded, so that every answer is simulated
 */
export function createReplayWorld(
  services: ReplayServices,
  recording: Recording | undefined,
  notes: ReplayNotes,
): World {
  const { catalogue, plans } = services;
  return {
    catalogue,
    async act(action) {
      const settled = await answerTo(services, recording, action, notes);
      const { step, plan, address, call } = action;
      notes.calls.push({
        address,
        name: `${step.alias}.${step.action}`,
        effect: effectOf(plan, step, catalogue),
        with: call.input,
        succeeded: settled.status === 'succeeded',
      });
      return settled;
    },
    findOut: ({ call }) => unavailable(call.address),
    async call({ playbook, inputs, address }) {
      const recorded = recording?.answers.get(address);
      const old = recording && stepAt(recording.plan, address);
      const known = recorded && old?.verb === 'call' && old.playbook === playbook ? settledOf(recorded) : undefined;
      const call = { address, name: playbook, effect: null, with: inputs };
      notes.calls.push({ ...call, succeeded: known?.status !== 'failed' });
      if (known) return { settled: known };
      notes.simulated.add(address);
      return { plan: (await plans.current(playbook)).plan };
    },
    ask: (question) => peoplesAnswer(recording, question, notes),
    events: recording?.events ?? [],
    async lookup({ table, key }) {
      return recording?.rows.get(`${table}\t${key}`) ?? null;
    },
  };
}

/** The effect class of a step's action; null when nothing in the catalogue provides it. */
export function effectOf(plan: Plan, step: ActionStep, catalogue: Catalogue): string | null {
  return contractOf(step, plan, catalogue)?.effect ?? null;
}

function stepAt(plan: Plan, address: string) {
  return plan.byId.get(address.slice(Math.max(address.lastIndexOf('.'), address.lastIndexOf('/')) + 1));
}

async function answerTo(
  services: ReplayServices,
  recording: Recording | undefined,
  action: StagedAction,
  notes: ReplayNotes,
): Promise<Settled> {
  const recorded = recording && recordedAnswer(recording, action, services.catalogue);
  if (recorded) return recorded;
  const { plan, step, call, address } = action;
  notes.simulated.add(address);
  const contract = contractOf(step, plan, services.catalogue);
  const { connector, connection } = safely(plan, step, services.bind);
  const { action: name } = step;
  const wanted = { connector, action: name, connection, input: call.input, output: contract?.output ?? {} };
  return { status: 'succeeded', output: (await simulateAnswer(services.reader, wanted)).output };
}

/** Who would act; a capability that nobody provides any more has no recording either. */
function safely(plan: Plan, step: ActionStep, bind: EngineOptions['bind']) {
  try {
    return targetOf(plan, step, bind);
  } catch {
    return { connector: step.alias, connection: undefined };
  }
}

/** The recorded end of the same action: at the same step, else with the same arguments at another. */
function recordedAnswer(recording: Recording, staged: StagedAction, catalogue: Catalogue): Settled | undefined {
  const { plan, step, call, address } = staged;
  const wanted = meaning(plan, step);
  const isSame = ({ address: old }: RecordedStep): boolean => {
    const was = stepAt(recording.plan, old);
    return was?.verb === 'action' && meaning(recording.plan, was) === wanted;
  };
  const input = canonicalJson(call.input);
  const asked = ({ input: before }: RecordedStep): boolean => canonicalJson(before ?? {}) === input;
  const here = recording.answers.get(address);
  if (here && isSame(here) && (asked(here) || effectOf(plan, step, catalogue) !== 'read')) return settledOf(here);
  const elsewhere = [...recording.answers.values()].find((one) => isSame(one) && asked(one));
  return elsewhere && settledOf(elsewhere);
}

/** What a step's action is, whatever its alias. */
function meaning(plan: Plan, { alias, action }: ActionStep): string {
  const use = Object.hasOwn(plan.uses, alias) ? plan.uses[alias] : undefined;
  return JSON.stringify([use?.kind === 'capability' ? use.capability : (use?.connector ?? alias), action]);
}

function settledOf({ status, output, error, address }: RecordedStep): Settled | undefined {
  if (status === 'succeeded') return { status, output };
  if (status !== 'failed') return undefined;
  const known = error ?? unavailable(address).error;
  return { status, error: known, retryable: false, retryAfter: undefined, performed: 'no' };
}

function unavailable(step: string): Extract<Settled, { readonly status: 'failed' }> {
  const error = { code: 'connector.unavailable', name: 'unavailable', message: 'It is not recorded.', step };
  return { status: 'failed', error, retryable: false, retryAfter: undefined, performed: 'no' };
}

function peoplesAnswer(
  recording: Recording | undefined,
  { address, question }: StagedQuestion,
  notes: ReplayNotes,
): PeoplesAnswer | undefined {
  const said = recording?.answers.get(address);
  if (said?.status !== 'succeeded' || !isMap(said.output)) {
    notes.simulated.add(address);
    return { approved: question.kind === 'approval' ? true : null, by: [], reason: '', form: null };
  }
  const { approved, by, reason, form, answered } = said.output;
  const people = Array.isArray(by) ? by.filter((one) => typeof one === 'string') : typeof by === 'string' ? [by] : [];
  // Nobody: the time-out decided then, and decides again.
  if (answered === false || (approved !== undefined && people.length === 0)) return undefined;
  return {
    approved: question.kind === 'approval' ? approved === true : null,
    by: people,
    reason: typeof reason === 'string' ? reason : '',
    form: isMap(form) ? form : null,
  };
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

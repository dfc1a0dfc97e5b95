import { type ActionOutcome, type ActionRequest, explain, guardErrors } from '@counterpoint/actions';
import { tableEntryId } from '@counterpoint/cases';
import type { ActionManifest, JsonSchema } from '@counterpoint/connector-kit';
import { isCounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import { effectKey } from '../worker/calls.ts';
import { targetOf } from '../worker/target.ts';
import { actionName } from './contracts.ts';
import type { DryCall, DryQuestion, DryRunRequest, DryRunServices } from './dry-types.ts';
import { exampleOf } from './example-value.ts';
import { failedWith } from './orders.ts';
import { newStrings, type SimulatedAnswer, simulateAnswer, stringsOf } from './simulate.ts';
import type { PeoplesAnswer, StagedAction, StagedQuestion, World } from './world.ts';

/** What is told of a dry run. */
interface Told {
  readonly calls: DryCall[];
  readonly questions: DryQuestion[];
  readonly trace: string;
}

/** A dry run in the making. */
interface Dry {
  readonly services: DryRunServices;
  readonly request: DryRunRequest;
  readonly told: Told;
  /** What simulated answers brought into the run: nothing outside knows it. */
  readonly invented: Set<string>;
}

/** Shorter texts, such as words and states, say nothing about where they come from. */
const TELLING = 8;

type Settled = Awaited<ReturnType<World['act']>>;

/** The longest that a reading action is asked after, in milliseconds. */
const PATIENCE = 60_000;

/** The world of a dry run: it can be read, and nothing in it changes. */
export function createDryWorld(services: DryRunServices, request: DryRunRequest, told: Told): World {
  const dry: Dry = { services, request, told, invented: new Set() };
  const { store } = services.context;
  return {
    catalogue: services.catalogue,
    act: (action) => act(dry, action),
    findOut: ({ call }) => ({
      status: 'failed',
      error: { code: 'connector.unavailable', name: 'unavailable', message: 'Nothing was sent.', step: call.address },
      retryable: false,
      retryAfter: undefined,
      performed: 'no',
    }),
    async call({ playbook, inputs, address }) {
      const { plan } = await services.plans.current(playbook);
      told.calls.push({
        ...NO_ACTION,
        kind: 'playbook',
        address,
        name: playbook,
        with: inputs,
      });
      return { plan };
    },
    ask: (question) => answerFor(dry, question),
    events: request.events,
    async lookup({ table, key }) {
      return (await store.get('table_entries', tableEntryId(table, key)))?.value ?? null;
    },
  };
}

const NO_ACTION = {
  connector: '',
  action: '',
  effect: null,
  target: '',
  lease: null,
  guard: null,
  answer: 'none',
  output: null,
  error: null,
} as const;

async function act(dry: Dry, staged: StagedAction): Promise<Settled> {
  const { services, told } = dry;
  const { plan, step, call, address } = staged;
  const base = { kind: 'action', address, name: actionName(step), with: call.input } as const;
  const lease = step.lease?.for ?? null;
  try {
    const target = staged.target ?? targetOf(plan, step, services.bind);
    const manifest = manifestOf(services, target);
    const request = requestOf(dry, staged, target);
    const about = { ...NO_ACTION, ...base, lease, ...pick(target), effect: manifest?.effect ?? null };
    const { settled, ...how } = await answered(dry, request, manifest);
    const error = settled.status === 'failed' ? settled.error : null;
    told.calls.push({ ...about, ...how, output: settled.status === 'succeeded' ? settled.output : null, error });
    return settled;
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    const settled = failedWith(error, call.address);
    told.calls.push({ ...NO_ACTION, ...base, lease, answer: 'refused', error: settled.error });
    return settled;
  }
}

type Target = Pick<ActionRequest, 'connector' | 'action' | 'connection'>;

const pick = ({ connector, action }: Target) => ({ connector, action });

/** The action itself, as the door knows it: what a capability says of it does not count here. */
function manifestOf({ context }: DryRunServices, { connector, action }: Target): ActionManifest | undefined {
  const actions = (context.connectors.get(connector) ?? context.builtins.get(connector))?.manifest.actions ?? {};
  return Object.hasOwn(actions, action) ? actions[action] : undefined;
}

function requestOf(
  { request, told }: Dry,
  { step, call, run, address, at }: StagedAction,
  target: Target,
): ActionRequest {
  const { lease } = step;
  return {
    ...target,
    input: call.input,
    key: effectKey(run, address, call.generation),
    run: '',
    address: call.address,
    generation: 0,
    lease: lease?.for,
    ...(lease?.while === undefined ? {} : { whileCase: { case: 'dry-run', max: lease.max } }),
    holder: request.principal,
    permissions: request.permissions,
    timeout: step.timeout,
    causality: { principal: request.principal, trace: told.trace, cause: request.principal, hop: 0 },
    now: at,
  };
}

type Answered = Pick<DryCall, 'guard' | 'answer'> & Partial<Pick<DryCall, 'target'>> & { readonly settled: Settled };

async function answered(dry: Dry, request: ActionRequest, manifest: ActionManifest | undefined): Promise<Answered> {
  const { services, invented } = dry;
  if (manifest?.effect === 'read') {
    const knowable = !stringsOf(request.input).some((text) => [...invented].some((one) => text.includes(one)));
    if (dry.request.reads === 'real' && knowable) return read(services, request);
    return simulated(dry, request, manifest, null);
  }
  const { outcome, rule, reasons, error, target } = await explain(services.context, request);
  const guard = { outcome, rule, reasons };
  const refusal = outcome === 'hold' ? heldBack(dry, request, reasons) : error;
  if (refusal) return { guard, answer: 'refused', target, settled: failedWith(refusal, request.address) };
  return { ...(await simulated(dry, request, manifest, guard)), target };
}

/** Why an action that people must decide about does not take place; undefined when they approve. */
function heldBack({ request: { people }, told }: Dry, request: ActionRequest, reasons: readonly string[]) {
  const { connector, action } = request;
  const answer = people === 'approve' ? 'approved' : people === 'deny' ? 'denied' : 'nobody';
  const text = `Perform ${connector}.${action}? ${reasons[0] ?? ''}`.trim();
  const covers: Json = [{ connector, action, input: request.input }];
  told.questions.push({ address: request.address, kind: 'approval', text, covers, answer });
  if (answer === 'approved') return undefined;
  const how = answer === 'denied' ? 'denied' : 'expired';
  return guardErrors.denied_by_people({ action: `${connector}.${action}`, item: 'the question', how });
}

async function simulated(
  { services, invented }: Dry,
  request: ActionRequest,
  manifest: ActionManifest | undefined,
  guard: DryCall['guard'],
): Promise<Answered> {
  const { connector, action, connection, input } = request;
  const output = manifest?.output ?? {};
  const wanted = { connector, action, connection, input, output };
  const answer: SimulatedAnswer = await simulateAnswer(services.context.store, wanted);
  for (const text of newStrings(answer.output, input)) if (text.length >= TELLING) invented.add(text);
  return { guard, answer: answer.from, settled: { status: 'succeeded', output: answer.output } };
}

/** Asks a product; what the door would write down is left out. */
async function read({ door, context }: DryRunServices, request: ActionRequest): Promise<Answered> {
  const signal = AbortSignal.timeout(PATIENCE);
  const admission = await door.admit(request);
  let outcome: ActionOutcome = admission.kind === 'send' ? await admission.send(signal) : admission.outcome;
  while (outcome.status === 'pending' && !signal.aborted) {
    const { at, poll } = outcome;
    await new Promise<void>((resume) => void context.clock.after(Math.max(0, at - context.clock.now()), resume));
    outcome = await door.poll({ ...request, now: context.clock.now() }, poll, signal);
  }
  if (outcome.status === 'succeeded') {
    return { guard: null, answer: 'product', settled: { status: 'succeeded', output: outcome.output } };
  }
  if (outcome.status !== 'failed') {
    const error = { code: 'connector.timeout', name: 'timeout', message: 'It takes longer than a minute.', step: '' };
    const settled = { status: 'failed', error, retryable: false, retryAfter: undefined, performed: 'no' } as const;
    return { guard: null, answer: 'product', settled };
  }
  const { error, retryAfter } = outcome;
  const answer = admission.kind === 'send' ? 'product' : 'refused';
  return { guard: null, answer, settled: { ...failedWith(error, request.address), retryAfter } };
}

function answerFor({ request, told }: Dry, { address, question }: StagedQuestion): PeoplesAnswer | undefined {
  const { kind, text, covers } = question;
  const silent = request.people === 'time_out' || (kind === 'question' && request.people === 'deny');
  const answer = silent
    ? 'nobody'
    : kind === 'question'
      ? 'answered'
      : request.people === 'deny'
        ? 'denied'
        : 'approved';
  told.questions.push({ address, kind, text, covers: covers as unknown as Json, answer });
  if (silent) return undefined;
  const approved = kind === 'question' ? null : answer === 'approved';
  return { approved, by: [request.principal], reason: 'dry run', form: formOf(question.form) };
}

/** What a form could hold: its defaults, else examples. */
function formOf(form: Json): JsonObject | null {
  if (form === null || typeof form !== 'object' || Array.isArray(form)) return null;
  return exampleOf(form as JsonSchema) as JsonObject;
}

import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';
import { causality } from './shared.ts';

const finding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  suggestion: z.string().nullable(),
  line: z.number().int(),
  column: z.number().int(),
});

const playbook = z.object({
  id: z.string(),
  title: z.string(),
  current: z.string(),
  number: z.number().int(),
  enabled: z.boolean(),
  updated_at: time,
});

const runStatus = z.enum(['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled']);

const run = causality.extend({
  id: z.string(),
  playbook: z.string(),
  version: z.string(),
  status: runStatus,
  paused: z.boolean(),
  trigger_kind: z.string(),
  inputs: json,
  outputs: json,
  error: json,
  simulated: z.boolean(),
  site: z.string().describe('The edge node that it is of; empty: this server'),
  created_at: time,
  started_at: time.nullable(),
  ended_at: time.nullable(),
});

const effectState = z.enum([
  'intended',
  'held',
  'pending',
  'performed',
  'failed',
  'unknown',
  'undoing',
  'undone',
  'undo_failed',
  'expired',
]);

const wished = {
  reason: z.string().max(500).default('').describe('Why; it stands in the audit log'),
  request: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('An id of the request: made again with the same one, it has no second effect'),
};

/** An effect as the API shows it. */
export const effect = causality.extend({
  id: z.string(),
  run: z.string(),
  address: z.string(),
  connector: z.string(),
  connection: z.string(),
  action: z.string(),
  effect: z.string(),
  target: z.string(),
  state: z.string(),
  args: json,
  receipt: json,
  error: json,
  decision: json,
  undo_of: z.string(),
  preexisting: z.boolean(),
  lease_until: time.nullable(),
  simulated: z.boolean(),
  site: z.string().describe('The edge node that it is of; empty: this server'),
  created_at: time,
  performed_at: time.nullable(),
  ended_at: time.nullable(),
});

/** A reason why an effect stays, as the API shows it. */
export const claim = z.object({
  holder: z.string(),
  reason: z.string(),
  until: time.nullable(),
  created_at: time,
  ended_at: time.nullable(),
});

/** What became of effects that were to be undone. */
export const releaseResult = z.object({
  undone: z.array(z.string()),
  kept: z.array(z.object({ effect: z.string(), reason: z.string() })),
  failed: z.array(z.object({ effect: z.string(), code: z.string(), message: z.string() })),
});

/** One node of a trace: something that happened, and what it brought about. */
export interface TraceNode {
  /** Reference: `raw:…`, `alert:…`, `event:…`, `run:…`, `run:…/<address>`, `effect:…`, `case:…`. */
  ref: string;
  kind: string;
  title: string;
  status: string;
  at: number;
  /** When it ended, when it lasts. */
  until: number | null;
  simulated: boolean;
  detail: z.infer<typeof json>;
  children: TraceNode[];
}

const traceNode: z.ZodType<TraceNode> = z
  .object({
    ref: z.string(),
    kind: z.string(),
    title: z.string(),
    status: z.string(),
    at: time,
    until: time.nullable(),
    simulated: z.boolean(),
    detail: json,
    get children(): z.ZodArray<z.ZodType<TraceNode>> {
      return z.array(traceNode);
    },
  })
  .meta({ id: 'TraceNode' }) as z.ZodType<TraceNode>;

/** Playbooks, runs, effects and traces. */
export const automationEndpoints = {
  listPlaybooks: endpoint({
    method: 'GET',
    path: '/playbooks',
    summary: 'List playbooks',
    tag: 'playbooks',
    permission: 'playbook:read',
    query: pageQuery,
    response: pageOf(playbook),
  }),
  getPlaybook: endpoint({
    method: 'GET',
    path: '/playbooks/:id',
    summary: 'One playbook with the source of its current version',
    tag: 'playbooks',
    permission: 'playbook:read',
    response: playbook.extend({ source: z.string() }),
  }),
  validatePlaybook: endpoint({
    method: 'POST',
    path: '/playbooks/validate',
    summary: 'Check a playbook against the connectors, topics and playbooks of this server',
    tag: 'playbooks',
    permission: 'playbook:read',
    body: z.strictObject({ source: z.string().max(1_000_000) }),
    response: z.object({ id: z.string().nullable(), findings: z.array(finding) }),
  }),
  publishPlaybook: endpoint({
    method: 'POST',
    path: '/playbooks',
    summary: 'Publish a version of a playbook; a finding of severity error refuses it',
    tag: 'playbooks',
    permission: 'playbook:publish',
    body: z.strictObject({ source: z.string().max(1_000_000) }),
    response: z.object({ playbook, findings: z.array(finding) }),
    status: 201,
  }),
  enablePlaybook: endpoint({
    method: 'PATCH',
    path: '/playbooks/:id',
    summary: 'Let a playbook start new runs, or stop it from doing so; runs under way go on',
    tag: 'playbooks',
    permission: 'playbook:publish',
    body: z.strictObject({ enabled: z.boolean() }),
    response: playbook,
  }),
  startRun: endpoint({
    method: 'POST',
    path: '/playbooks/:id/runs',
    summary: 'Start a run by hand',
    tag: 'runs',
    permission: 'playbook:run',
    body: z.strictObject({
      inputs: z.record(z.string(), json).default({}),
      wait: z.boolean().default(false).describe('Answer when the run ended (at most 60 s) instead of at once'),
    }),
    response: run,
    status: 202,
  }),
  listRuns: endpoint({
    method: 'GET',
    path: '/runs',
    summary: 'List runs, newest first',
    tag: 'runs',
    permission: 'run:read',
    query: pageQuery.extend({ status: runStatus.optional(), playbook: z.string().optional() }),
    response: pageOf(run),
  }),
  getRun: endpoint({
    method: 'GET',
    path: '/runs/:id',
    summary: 'One run with its journal and effects',
    tag: 'runs',
    permission: 'run:read',
    response: run.extend({
      journal: z.array(
        z.object({
          seq: z.number().int(),
          kind: z.string(),
          address: z.string(),
          data: json,
          at: time,
        }),
      ),
      effects: z.array(effect),
    }),
  }),
  cancelRun: endpoint({
    method: 'POST',
    path: '/runs/:id/cancel',
    summary: 'Cancel a run; its effects stay until their lease ends or they are undone',
    tag: 'runs',
    permission: 'playbook:run',
    body: z.strictObject(wished),
    response: run,
    status: 202,
  }),
  resolveStep: endpoint({
    method: 'POST',
    path: '/runs/:id/resolve',
    summary: 'Say whether a step of unknown outcome happened',
    tag: 'runs',
    permission: 'playbook:run',
    body: z.strictObject({ address: z.string(), happened: z.boolean(), output: json.optional(), ...wished }),
    response: run,
    status: 202,
  }),
  listEffects: endpoint({
    method: 'GET',
    path: '/effects',
    summary: 'List effects, newest first; `in_force=true` for the changes in force',
    tag: 'effects',
    permission: 'effect:read',
    query: pageQuery.extend({
      in_force: z.enum(['true', 'false']).optional(),
      run: z.string().optional(),
      case: z.string().optional().describe('Only what this case claims or claimed'),
      target: z.string().optional(),
      connection: z.string().optional(),
      class: z.enum(['notify', 'change', 'contain', 'destroy']).optional(),
      state: effectState.optional(),
    }),
    response: pageOf(effect.extend({ claims: z.array(claim).describe('Those that are open') })),
  }),
  getEffect: endpoint({
    method: 'GET',
    path: '/effects/:id',
    summary: 'One effect with its claims, and why it is there',
    tag: 'effects',
    permission: 'effect:read',
    response: effect.extend({ claims: z.array(claim), why: z.array(z.object({ ref: z.string(), title: z.string() })) }),
  }),
  undoEffect: endpoint({
    method: 'POST',
    path: '/effects/:id/undo',
    summary: 'Undo an effect, whoever claims it',
    tag: 'effects',
    permission: 'effect:undo',
    body: z.strictObject({ reason: z.string().min(1).max(500) }),
    response: releaseResult,
  }),
  performAction: endpoint({
    method: 'POST',
    path: '/actions',
    summary: 'Perform one action through the guarded door',
    tag: 'effects',
    permission: 'action:read',
    body: z.strictObject({
      connector: z.string(),
      action: z.string(),
      connection: z.string().optional(),
      input: z.record(z.string(), json).default({}),
      lease: z.string().optional().describe('How long a lasting change is claimed for, such as 24h'),
      key: z.string().max(200).optional().describe('Idempotency key; the same key performs once'),
    }),
    response: z.object({
      status: z.enum(['succeeded', 'failed', 'unknown', 'pending', 'held']),
      output: json,
      effect: z.string().nullable(),
      error: json,
      key: z.string().describe('Ask again with this key, for instance when what is held was approved'),
      inbox: z.string().nullable().describe('The matter that people decide about first, when it is held'),
    }),
  }),
  explainGuard: endpoint({
    method: 'POST',
    path: '/guard/explain',
    summary: 'What the guard would say to an action, and why; nothing is performed',
    tag: 'guard',
    permission: 'effect:read',
    body: z.strictObject({
      connector: z.string(),
      action: z.string(),
      connection: z.string().optional(),
      input: z.record(z.string(), json).default({}),
      lease: z.string().optional(),
    }),
    response: z.object({ outcome: z.string(), rule: z.string(), reasons: z.array(z.string()) }),
  }),
  trace: endpoint({
    method: 'GET',
    path: '/trace/:ref',
    summary: 'Everything that hangs together with an alert, event, run, effect, case or address',
    tag: 'trace',
    permission: 'run:read',
    response: z.object({ trace: z.string(), roots: z.array(traceNode) }),
  }),
};

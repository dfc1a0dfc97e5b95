import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';
import { effect } from './effects.ts';
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

/** How a run stands. */
export const runStatus = z.enum(['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled']);

/** A run as the API shows it. */
export const run = causality.extend({
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

const triggers = z.array(
  z.object({ kind: z.string(), summary: z.string().describe('What starts it, in a few words') }),
);

const listedPlaybook = playbook.extend({
  kind: z.enum(['playbook', 'reaction']),
  description: z.string(),
  triggers,
  steps: z.number().int().describe('How many steps it has'),
  last_run: z
    .object({ id: z.string(), status: runStatus, created_at: time, ended_at: time.nullable() })
    .nullable()
    .describe('Its newest run, of any version'),
  runs_24h: z.number().int().describe('Runs that began within the last 24 hours'),
  failures_24h: z.number().int().describe('Those of them that failed'),
  has_draft: z.boolean(),
});

const wished = {
  reason: z.string().max(500).default('').describe('Why; it stands in the audit log'),
  request: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('An id of the request: made again with the same one, it has no second effect'),
};

/** Playbooks and runs. */
export const automationEndpoints = {
  listPlaybooks: endpoint({
    method: 'GET',
    path: '/playbooks',
    summary: 'List playbooks',
    tag: 'playbooks',
    permission: 'playbook:read',
    query: pageQuery.extend({
      q: z.string().max(200).optional().describe('Only those whose id or title has this text, whatever its case'),
      enabled: z.enum(['true', 'false']).optional(),
      kind: z.enum(['playbook', 'reaction', 'all']).default('playbook'),
    }),
    response: pageOf(listedPlaybook),
  }),
  getPlaybook: endpoint({
    method: 'GET',
    path: '/playbooks/:id',
    summary: 'One playbook with the source of its current version',
    tag: 'playbooks',
    permission: 'playbook:read',
    response: playbook.extend({ source: z.string(), triggers }),
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
};

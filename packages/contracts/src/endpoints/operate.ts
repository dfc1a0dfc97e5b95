import { z } from 'zod';
import { endpoint, json, time } from '../endpoint.ts';

const asked = {
  reason: z.string().min(1).max(500).describe('Why; it stands in the audit log'),
  request: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('An id of the request: made again with the same one, it has no second effect'),
};

const steered = z.object({
  run: z.string(),
  status: z.string(),
  paused: z.boolean(),
  version: z.string(),
  decided: z
    .boolean()
    .describe('Whether the owner of the run has decided; if not, the wish is stored and the owner will find it'),
});

const started = z.object({
  run: z.string().describe('The new run'),
  existing: z.boolean().describe('The same request had begun it before'),
});

const address = z.string().min(1).max(300).describe('Address of the step, such as verdicts[3].rep');
const input = z.record(z.string(), json).optional().describe('Replaces the arguments of the step');
const version = z.string().max(100).optional().describe('Version of the playbook');

const problem = z.object({ code: z.string(), message: z.string() });

/** What operators do to runs. */
export const operateEndpoints = {
  pauseRun: endpoint({
    method: 'POST',
    path: '/runs/:id/pause',
    summary: 'Pause a run: no step begins; calls under way end; what arrives waits',
    tag: 'runs',
    permission: 'playbook:run',
    body: z.strictObject(asked),
    response: steered,
  }),
  resumeRun: endpoint({
    method: 'POST',
    path: '/runs/:id/resume',
    summary: 'End the pause of a run',
    tag: 'runs',
    permission: 'playbook:run',
    body: z.strictObject(asked),
    response: steered,
  }),
  retryStep: endpoint({
    method: 'POST',
    path: '/runs/:id/retry',
    summary: 'Run an open step of a run anew, with the same or other arguments, under a new idempotency key',
    tag: 'runs',
    permission: 'run:operate',
    body: z.strictObject({
      ...asked,
      address,
      input,
      even_if_unknown: z
        .boolean()
        .default(false)
        .describe('Although nobody knows whether it has happened already; it may then happen twice'),
    }),
    response: steered,
  }),
  skipStep: endpoint({
    method: 'POST',
    path: '/runs/:id/skip',
    summary: 'End an open step of a run as skipped, and go on behind it',
    tag: 'runs',
    permission: 'run:operate',
    body: z.strictObject({
      ...asked,
      address,
      output: z.record(z.string(), json).optional().describe('Stands for what the step would have given'),
    }),
    response: steered,
  }),
  rerunRun: endpoint({
    method: 'POST',
    path: '/runs/:id/rerun',
    summary: 'Begin a new run with the event and inputs of this one; default: in the current version',
    tag: 'runs',
    permission: 'playbook:run',
    body: z.strictObject({ ...asked, version }),
    response: started,
    status: 201,
  }),
  retryRunFrom: endpoint({
    method: 'POST',
    path: '/runs/:id/retry-from',
    summary: 'Take an ended run up from one of its steps, as a new run that has what came before',
    tag: 'runs',
    permission: 'run:operate',
    body: z.strictObject({ ...asked, address, input, version }),
    response: started,
    status: 201,
  }),
  replayRuns: endpoint({
    method: 'POST',
    path: '/runs/replay',
    summary: 'Begin ended runs again, each once in a batch and with low priority; as a preview it only says which',
    tag: 'runs',
    permission: 'run:operate',
    body: z.strictObject({
      ...asked,
      preview: z.boolean().default(true),
      verb: z.enum(['rerun', 'retry']).default('rerun').describe('From the beginning, or from the step that failed'),
      playbook: z.string().max(100).optional(),
      status: z.enum(['succeeded', 'failed', 'cancelled']).optional(),
      since: time.optional().describe('Created at or after (Unix milliseconds)'),
      until: time.optional().describe('Created before (Unix milliseconds)'),
      error_code: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(1_000).default(100),
      version,
    }),
    response: z.object({
      batch: z.string().describe('Give it as `request` to make the same replay again; empty for a preview'),
      count: z.number().int(),
      runs: z.array(
        z.object({ of: z.string(), run: z.string().nullable(), existing: z.boolean(), problem: problem.nullable() }),
      ),
    }),
  }),
  migrateRun: endpoint({
    method: 'POST',
    path: '/runs/:id/migrate',
    summary: 'Let a run go on with another, compatible version of its playbook; default: the current one',
    tag: 'runs',
    permission: 'run:operate',
    body: z.strictObject({ ...asked, version }),
    response: steered,
  }),
  migrateRuns: endpoint({
    method: 'POST',
    path: '/playbooks/:id/migrate',
    summary: 'Let all live runs of a playbook go on with another version, where it fits; default: the current one',
    tag: 'runs',
    permission: 'run:operate',
    body: z.strictObject({ ...asked, version, limit: z.number().int().min(1).max(1_000).default(500) }),
    response: z.object({
      runs: z.array(z.object({ run: z.string(), migrated: z.boolean(), problem: problem.nullable() })),
    }),
  }),
};

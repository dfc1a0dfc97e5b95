import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';
import { run, runStatus } from './automation.ts';
import { effect } from './effects.ts';
import { listedRun, runOverview, stepDetail, stepItem, stepStatus } from './run-view-shapes.ts';
import { severalOf } from './shared.ts';

const triggerKind = z.enum(['webhook', 'alert', 'manual', 'call', 'topic', 'schedule', 'case', 'page', 'rerun']);
const id = z.string().max(100).optional();

const difference = z.object({ about: z.string(), before: z.string(), after: z.string() });

const comparedRun = run
  .pick({ id: true, playbook: true, version: true, status: true, created_at: true })
  .extend({ title: z.string(), number: z.number().int().nullable(), duration: z.number().nullable() });

const comparedSide = z.object({
  status: stepStatus,
  took: z.number().nullable().describe('Milliseconds; null: it has not ended'),
});

const comparedCall = z.object({
  address: z.string(),
  name: z.string().describe('What does what, such as abuseipdb.lookup_ip, or the id of a playbook'),
  with: json,
});

/** Runs as people look at them. */
export const runViewEndpoints = {
  listRuns: endpoint({
    method: 'GET',
    path: '/runs',
    summary: 'List runs, newest first, by any of these conditions together',
    tag: 'runs',
    permission: 'run:read',
    query: pageQuery.extend({
      status: severalOf(runStatus).optional(),
      playbook: id,
      version: id.describe('Id of a version'),
      trigger_kind: severalOf(triggerKind).optional(),
      error_code: z.string().max(200).optional().describe('Code of the error that ended it'),
      since: z.coerce.number().int().optional().describe('Created at this time (Unix ms) or later'),
      until: z.coerce.number().int().optional().describe('Created before this time (Unix ms)'),
      observable: z
        .string()
        .max(2_000)
        .optional()
        .describe(
          'A value, defanged or not: only runs of a story that it plays a part in, which is that of an alert or case that holds it or of an effect on it, and runs that work for such a case; of each, the latest 1,000 are looked through',
        ),
      case: id.describe('Only runs that work for this case, or that belong to the story it came from'),
      alert: id.describe('Only runs that belong to the story of this alert'),
      q: z
        .string()
        .trim()
        .max(200)
        .optional()
        .describe('The beginning of an id, or text in the id or title of the playbook, whatever its case'),
      simulated: z.enum(['true', 'false']).optional(),
    }),
    response: pageOf(listedRun),
  }),
  compareRuns: endpoint({
    method: 'GET',
    path: '/runs/compare',
    summary: 'In what two runs differ: versions, inputs, the way they took, steps, calls',
    tag: 'runs',
    permission: 'run:read',
    query: z.strictObject({ a: z.string().max(100), b: z.string().max(100) }),
    response: z.object({
      a: comparedRun,
      b: comparedRun,
      same_playbook: z.boolean(),
      same_version: z.boolean(),
      first: z
        .object({ step: z.string(), before: z.string(), after: z.string() })
        .nullable()
        .describe('The first step that went another way'),
      inputs: z.array(difference),
      ends: z.array(difference).describe('Status, error, outputs'),
      steps: z.array(
        z.object({
          address: z.string(),
          step: z.string(),
          a: comparedSide.nullable(),
          b: comparedSide.nullable(),
          same_input: z.boolean(),
          same_output: z.boolean(),
        }),
      ),
      only_a: z.array(comparedCall),
      only_b: z.array(comparedCall),
      more: z.boolean().describe('There are more steps or calls than are given'),
    }),
  }),
  getRunOverview: endpoint({
    method: 'GET',
    path: '/runs/:id/overview',
    summary:
      'One run: where it comes from, what became of each step of its playbook, what it waits for, what can be done',
    tag: 'runs',
    permission: 'run:read',
    response: runOverview,
  }),
  listRunSteps: endpoint({
    method: 'GET',
    path: '/runs/:id/steps',
    summary: 'The steps of a run and the rounds of its loops, in the order in which they began',
    tag: 'runs',
    permission: 'run:read',
    query: pageQuery.extend({
      under: z
        .string()
        .max(300)
        .optional()
        .describe('Only the rounds of a loop (`each`), or what is in a round (`each[3]`); empty: what is in no loop'),
      status: severalOf(stepStatus).optional(),
      q: z.string().trim().max(200).optional().describe('Text in the address, arguments, output or error'),
    }),
    response: pageOf(stepItem),
  }),
  getRunStep: endpoint({
    method: 'GET',
    path: '/runs/:id/steps/:address',
    summary: 'One step or round of a run, whole: arguments, output, attempts, effects, what can be done',
    tag: 'runs',
    permission: 'run:read',
    response: stepDetail(effect),
  }),
  listRunFacts: endpoint({
    method: 'GET',
    path: '/runs/:id/journal',
    summary: 'The journal of a run, the oldest fact first; large values stand as references',
    tag: 'runs',
    permission: 'run:read',
    query: pageQuery,
    response: pageOf(z.object({ seq: z.number().int(), kind: z.string(), address: z.string(), data: json, at: time })),
  }),
};

import { z } from 'zod';
import { json, time } from '../endpoint.ts';
import { run, runStatus } from './automation.ts';
import { reason } from './why.ts';

/** How a step or a round stands or ended; `unknown`: nobody knows whether it happened. */
export const stepStatus = z.enum([
  'ready',
  'running',
  'waiting',
  'unknown',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
]);

const waitReason = z.enum(['retry', 'poll', 'people', 'guard', 'event', 'time', 'run', 'unknown']);

const stepError = z.object({
  code: z.string(),
  message: z.string(),
  step: z.string(),
  help: z.string().describe('What to do about it; empty when the catalogue of errors does not know the code'),
});

/** What people are to decide. */
const matter = z.object({
  id: z.string(),
  kind: z.enum(['approval', 'question']),
  text: z.string(),
  address: z.string(),
  status: z.string(),
  due_at: time.nullable(),
});

const named = z.object({ id: z.string(), title: z.string() }).nullable();

const duration = z.number().nullable().describe('Milliseconds since it was created, up to its end or now');

/** A run in a list: large inputs and outputs stand as references. */
export const listedRun = run.extend({
  title: z.string().describe('Of the playbook'),
  number: z.number().int().nullable().describe('Number of the version; null when it is gone'),
  error_code: z.string(),
  case_id: z.string().nullable(),
  duration,
  last: z
    .object({ kind: z.string(), address: z.string(), at: time })
    .nullable()
    .describe('The newest fact of a run that goes on'),
  waits_for: z.array(matter).describe('What people have still to decide'),
});

const preview = z
  .object({ text: z.string().describe('Its beginning; empty when it is large'), size: z.number().int() })
  .nullable();

const rounds = z
  .object({ total: z.number().int().nullable(), ended: z.number().int(), failed: z.number().int() })
  .nullable();

const wait = z.object({ for: waitReason, from: time, until: time.nullable(), due: time.nullable() });

/** A step of a run, or a round of one of its loops. */
export const stepItem = z.object({
  address: z.string(),
  step: z.string().describe('Step id; of a round that of its loop'),
  kind: z.string().describe('The verb of the step; `round`; `step` when the version is gone'),
  title: z.string(),
  does: z.string().describe('Connector and action, the playbook that is called, or the topic'),
  parent: z.string().describe('Address of the block or round that it stands in'),
  slot: z.string().describe('Which part of that block, or which list of the playbook'),
  round: z.number().int().nullable(),
  status: stepStatus,
  started_at: time.nullable(),
  ended_at: time.nullable(),
  attempts: z.number().int(),
  generation: z.number().int().describe('How often an operator had it run anew'),
  waits: z.array(wait),
  error: stepError.nullable(),
  rounds,
  taken: z.array(z.string()).describe('Names of the parts of the block that were entered'),
  input: preview,
  output: preview,
  effect: z
    .object({ id: z.string(), class: z.string(), state: z.string(), connection: z.string(), target: z.string() })
    .nullable(),
  skipped_by: z.object({ principal: z.string(), reason: z.string() }).nullable(),
  adopted_from: z.string().nullable().describe('The run that it was taken over from'),
});

const attempt = z.object({
  number: z.number().int(),
  generation: z.number().int(),
  started_at: time,
  ended_at: time.nullable(),
  status: z.enum(['running', 'succeeded', 'failed', 'unknown', 'skipped', 'cancelled', 'dropped']),
  error: stepError.nullable(),
});

const otherRun = z.object({
  id: z.string(),
  playbook: z.string(),
  status: runStatus,
  address: z.string().describe('The step that called it, or that it was taken up from'),
  created_at: time,
  ended_at: time.nullable(),
});

/** Who did something to a run, and why. */
const byWhom = { principal: z.string(), who: z.string().describe('By name'), reason: z.string() };

/** Everything about one step. @param effect the shape of an effect */
export function stepDetail<Effect extends z.ZodType>(effect: Effect) {
  return stepItem.omit({ input: true, output: true, effect: true, attempts: true }).extend({
    input: json,
    output: json,
    attempts: z.array(attempt),
    facts: z.array(z.object({ seq: z.number().int(), kind: z.string(), at: time, preview: z.string() })),
    skipped_by: z.object(byWhom).nullable(),
    timers: z.array(z.object({ kind: z.string(), due_at: time })),
    effects: z.array(effect),
    matters: z.array(matter),
    calls: z.array(otherRun),
    before: z.string().nullable().describe('The round before'),
    after: z.string().nullable().describe('The round after'),
    verbs: z.object({
      retry: z.boolean(),
      skip: z.boolean(),
      resolve: z.boolean(),
      retry_from: z.boolean(),
      retry_from_block: z.string().describe('Where the run can be taken up instead; empty: nowhere'),
    }),
  });
}

const summary = z.object({
  step: z.string(),
  counts: z.partialRecord(stepStatus, z.number().int()),
  total: z.number().int(),
  started_at: time.nullable(),
  ended_at: time.nullable(),
  shortest: z.number().nullable(),
  longest: z.number().nullable(),
  attempts: z.number().int(),
  rounds,
  taken: z.array(z.string()),
  address: z.string().describe('The one that most wants to be looked at'),
  waits_for: waitReason.nullable(),
  error_code: z.string().nullable(),
});

/** What a run page shows before anything is opened; values of the run are whole. */
export const runOverview = run.extend({
  title: z.string(),
  number: z.number().int().nullable(),
  current: z.string().describe('Id of the current version of its playbook; empty when the playbook is gone'),
  known: z.boolean().describe('Whether its version is there, so that it can be drawn'),
  error_help: z.string(),
  duration,
  origin: z.string(),
  parent: z.string().describe('`run:<id>/<address>` of the step that called it'),
  alert: named,
  case: named,
  why: z.array(reason).describe('What led to it: the runs that called it first, then what started those'),
  event: json,
  steps: z.array(summary).describe('By step id, over all rounds'),
  open: z.array(z.object({ address: z.string(), step: z.string(), status: stepStatus, wait: wait.nullable() })),
  matters: z.array(matter),
  calls: z.array(otherRun),
  again: z.array(otherRun),
  saved: z
    .object({
      minutes: z.number(),
      simulated: z
        .boolean()
        .describe('Its event or a change in its story is simulated: nobody was saved time in truth'),
      by: z.array(z.object({ action: z.string(), steps: z.number().int(), minutes: z.number() })),
    })
    .nullable()
    .describe('Minutes that its steps saved, as the overview counts them; null: not ended, or version or journal gone'),
  pauses: z.array(z.object({ from: time, until: time.nullable(), ...byWhom })),
  phases: z.array(z.object({ phase: z.string(), at: time })),
  versions: z.array(z.object({ version: z.string(), at: time, principal: z.string() })),
  facts: z.number().int().describe('How many facts its journal has'),
  verbs: z.object({
    pause: z.boolean(),
    resume: z.boolean(),
    cancel: z.boolean(),
    rerun: z.boolean(),
    migrate: z.boolean(),
  }),
});

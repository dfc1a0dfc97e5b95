import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';
import { causality, severalOf } from './shared.ts';
import { reason } from './why.ts';

const effectClass = z.enum(['notify', 'change', 'contain', 'destroy']);

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

/** What an effect is in words, and why it is there: the last cause first. */
const explained = {
  title: z.string().describe('What it does, in words'),
  reversible: z.boolean().describe('Whether an undo has something to send to the product'),
  why: z.array(reason),
};

/** What became of effects that were to be undone. */
export const releaseResult = z.object({
  undone: z.array(z.string()),
  kept: z.array(z.object({ effect: z.string(), reason: z.string() })),
  failed: z.array(z.object({ effect: z.string(), code: z.string(), message: z.string() })),
});

/** What would become of one effect. */
export const foreseenEffect = z.object({
  effect: z.string(),
  title: z.string().describe('What it does, in words'),
  connection: z.string(),
  action: z.string(),
  target: z.string(),
  will: z.enum(['undo', 'keep']),
  reason: z.string().describe('Why it would stay; empty when it would be undone'),
  released: z.array(z.string()).describe('Who wants it in force now, in words, and loses it when it is undone'),
});

const flag = z.enum(['true', 'false']).optional();

/** Effects, single actions and the guard. */
export const effectEndpoints = {
  listEffects: endpoint({
    method: 'GET',
    path: '/effects',
    summary: 'List effects, newest first; `in_force=true` for the changes in force',
    tag: 'effects',
    permission: 'effect:read',
    query: pageQuery.extend({
      in_force: flag,
      q: z
        .string()
        .trim()
        .max(300)
        .optional()
        .describe(
          'An observable, defanged or not, as the target; else words in title, action, connection, connector or target. Words are looked for in the newest 2,000 that the other filters let through for each page',
        ),
      run: z.string().optional(),
      case: z.string().optional().describe('Only what this case claims or claimed, and what runs that work for it did'),
      target: z.string().optional(),
      connector: z.string().optional(),
      connection: z.string().optional(),
      class: severalOf(effectClass).optional(),
      state: severalOf(effectState).optional(),
      until_before: z.coerce.number().int().optional().describe('Only what ends by time before this (Unix ms)'),
      lasting: flag.describe('`true`: only what no time ends'),
      since: z.coerce.number().int().optional().describe('Only what began at this time or later (Unix ms)'),
      site: z.string().optional().describe('Only those of one edge node; `here` for those of this server'),
      simulated: flag,
      sort: z.enum(['newest', 'ends']).default('newest').describe('`ends`: what ends first comes first'),
    }),
    response: pageOf(effect.extend({ claims: z.array(claim).describe('Those that are open'), ...explained })),
  }),
  countEffects: endpoint({
    method: 'GET',
    path: '/effects/summary',
    summary: 'How many changes are in force, by class and by connector, and how many of them need somebody',
    tag: 'effects',
    permission: 'effect:read',
    response: z.object({
      in_force: z.number().int(),
      by_class: z.record(z.string(), z.number().int()),
      by_connector: z.array(z.object({ connector: z.string(), title: z.string(), count: z.number().int() })),
      ending_soon: z.number().int().describe('Of those in force, the ones that end by time within the hour'),
      lasting: z.number().int().describe('Of those in force, the ones that no time ends'),
      unknown: z.number().int().describe('Of unknown outcome'),
      undo_failed: z.number().int().describe('Whose undo failed and is tried again'),
      counted_at: time,
    }),
  }),
  getEffect: endpoint({
    method: 'GET',
    path: '/effects/:id',
    summary: 'One effect with its claims, why it is there, and what undid it',
    tag: 'effects',
    permission: 'effect:read',
    response: effect.extend({
      claims: z.array(claim.extend({ title: z.string().describe('Who holds it, in words') })),
      ...explained,
      attempts: z.number().int(),
      inverse: json.describe('The action that undoes it, with its arguments; null: there is none'),
      wake_at: time.nullable().describe('When something is next done about it'),
      inbox: z.string().nullable().describe('The matter that people decide about first, while it is held'),
      undos: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          state: z.string(),
          error: json,
          principal: z.string(),
          created_at: time,
          ended_at: time.nullable(),
        }),
      ),
    }),
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
    changes: true,
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
};

import { z } from 'zod';
import { type Endpoint, endpoint, json, time } from '../endpoint.ts';

/** One operation between an edge node and its centre, under `/fabric/v1/edge`. All of them are asked by the node. */
export interface EdgeEndpoint extends Endpoint {
  readonly permission: 'participant' | 'anonymous';
}

const asNode = { tag: 'Edge nodes', permission: 'participant' } as const;

const id = z.string().min(1).max(200);
const text = z.string().max(2_000);
const count = z.number().int().min(0);

const causality = { principal: text, trace: z.string().max(100), cause: text, hop: count.max(10_000) };

const signed = z.strictObject({
  text: z.string().max(16_777_216).describe('What is signed, to the byte'),
  signature: z.string().max(200).describe('Ed25519 by the centre, base64url'),
});

const envelope = z.strictObject({
  specversion: z.literal('1.0'),
  id,
  source: text,
  type: z.string().min(1).max(800),
  subject: text,
  time: z.string().max(40),
  datacontenttype: z.literal('application/json'),
  data: json,
  ...causality,
  participant: z.string().max(64),
});

const run = z.strictObject({
  ...causality,
  id,
  playbook: id,
  version: id,
  engine: text,
  status: z.enum(['succeeded', 'failed', 'cancelled']),
  paused: z.boolean(),
  epoch: count,
  seq: count,
  owner: text,
  lease_until: count,
  priority: count.max(3),
  trigger_kind: z.enum(['webhook', 'alert', 'manual', 'call', 'topic', 'schedule', 'case', 'page', 'rerun']),
  trigger_key: text,
  inputs: json,
  event: json,
  outputs: json,
  error: json,
  error_code: text.default(''),
  parent: text,
  origin: text,
  concurrency: text,
  case_id: z.string().max(200).nullable(),
  simulated: z.boolean(),
  ask: z.boolean(),
  site: z.string().max(64),
  created_at: time,
  started_at: time.nullable(),
  ended_at: time.nullable(),
});

const journal = z.strictObject({
  run: id,
  seq: count,
  epoch: count,
  v: count,
  kind: z.string().min(1).max(100),
  address: text,
  data: json,
  at: time,
});

const effect = z.strictObject({
  ...causality,
  id,
  key: id,
  run: z.string().max(200),
  address: text,
  generation: count,
  connector: id,
  connection: id,
  action: id,
  effect: z.enum(['read', 'notify', 'change', 'contain', 'destroy']),
  target: text,
  args: json,
  args_hash: text,
  state: z.enum([
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
  ]),
  receipt: json,
  error: json,
  inverse: json,
  undo_of: z.string().max(200),
  preexisting: z.boolean(),
  lease_until: time.nullable(),
  wake_at: time.nullable(),
  attempts: count,
  decision: json,
  simulated: z.boolean(),
  site: z.string().max(64),
  created_at: time,
  performed_at: time.nullable(),
  ended_at: time.nullable(),
  rev: count,
});

const claim = z.strictObject({
  ...causality,
  id,
  effect: id,
  holder: text,
  reason: text,
  until: time.nullable(),
  created_at: time,
  ended_at: time.nullable(),
  rev: count,
});

const reactionEvent = z.strictObject({
  id,
  reaction: id,
  version: id,
  event: id,
  topic: text,
  subject: text,
  outcome: z.enum(['held', 'observed', 'started', 'duplicate', 'unconfirmed', 'refused', 'expired', 'discarded']),
  reason: text,
  run: z.string().max(200),
  would: json,
  judged: z.enum(['', 'agreed', 'disagreed']),
  expires_at: time.nullable(),
  at: time,
  trace: z.string().max(100),
  rev: count,
});

const blob = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.string().describe('base64'),
});

const audited = z.strictObject({
  seq: count,
  at: time,
  principal: text,
  action: text,
  object: text,
  data: json,
  trace: z.string().max(100),
});

/** What an edge node brings home in one request. */
export const edgeBatch = z.strictObject({
  events: z.array(envelope).max(500).describe('What its reactions published'),
  runs: z.array(z.strictObject({ row: run, journal: z.array(journal), blobs: z.array(blob) })).max(500),
  effects: z
    .array(
      effect.extend({
        after: z.string().max(200).describe('The effect that stood last on its target, which its id follows from'),
      }),
    )
    .max(500),
  claims: z.array(claim).max(500),
  reaction_events: z.array(reactionEvent).max(500),
  audit: z.array(audited).max(500).describe('Of its own audit log, in order'),
});

/** The operations between an edge node and its centre. */
export const edgeEndpoints = {
  join: endpoint({
    method: 'POST',
    path: '/join',
    summary:
      'Joins with a one-time token and the public key of the node; gives its lasting token and the key of the centre',
    tag: 'Edge nodes',
    permission: 'anonymous',
    body: z.strictObject({
      token: z.string().min(1).max(200),
      public_key: z.string().min(1).max(1_000).describe('X25519, SPKI PEM: secrets are sealed to it'),
    }),
    response: z.object({
      node: z.string(),
      site: z.string(),
      installation: z.string(),
      token: z.string(),
      centre_key: z.string().describe('Ed25519, SPKI PEM: signs everything that the node goes by'),
    }),
  }),
  sync: endpoint({
    ...asNode,
    method: 'POST',
    path: '/sync',
    summary: 'What the node is to work by and to do; waits when there is nothing new',
    body: z.strictObject({
      bundle: count.describe('Number of the bundle that it works by; 0: none'),
      done: z
        .array(z.strictObject({ id, result: text }))
        .max(200)
        .default([])
        .describe('What became of earlier commands'),
      wait: z.number().int().min(0).max(60).default(25).describe('Seconds'),
    }),
    response: z.object({
      bundle: signed.nullable().describe('A newer one'),
      commands: signed.nullable().describe('A list of what is to be done'),
    }),
  }),
  events: endpoint({
    ...asNode,
    method: 'POST',
    path: '/events',
    summary: 'The next events that its reactions are to hear of, in order; waits when there are none',
    body: z.strictObject({
      ack: z.array(z.string().max(100)).max(500).default([]).describe('Those that it has stored'),
      topics: z
        .array(z.string().max(800))
        .max(10_000)
        .describe(
          'Those that its reactions subscribe to, by the bundle that it works by; of others it is told nothing',
        ),
      afresh: z.boolean().default(false).describe('It may not have got what it has not acknowledged: that comes again'),
      max: z.number().int().min(1).max(100).default(50),
      wait: z.number().int().min(0).max(60).default(25).describe('Seconds'),
    }),
    response: z.object({ events: z.array(z.object({ ack: z.string(), event: envelope })) }),
  }),
  merge: endpoint({
    ...asNode,
    method: 'POST',
    path: '/merge',
    summary: 'Brings home what happened on the node; bringing it twice changes nothing',
    body: edgeBatch,
    response: z.object({
      refused: z.array(z.object({ table: z.string(), id: z.string(), reason: z.string() })),
      audit: count.describe('The last line of its audit log that the centre has'),
    }),
  }),
} satisfies Readonly<Record<string, EdgeEndpoint>>;

/** The name of an operation between an edge node and its centre. */
export type EdgeEndpointName = keyof typeof edgeEndpoints;

/** What an edge node brings home, as it is read. */
export type EdgeBatch = z.output<typeof edgeBatch>;

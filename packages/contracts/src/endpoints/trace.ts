import { z } from 'zod';
import { endpoint, json, time } from '../endpoint.ts';
import { foreseenEffect, releaseResult } from './effects.ts';

const reason = z.string().min(1).max(500).describe('Why; kept in the audit log');

/** One node of a trace: something that happened, and what it brought about. */
export interface TraceNode {
  /** Reference: `raw:…`, `alert:…`, `event:…`, `run:…`, `run:…/<address>`, `effect:…`, `case:…`. */
  ref: string;
  kind: string;
  title: string;
  /** What happened, as a sentence for people. */
  words: string;
  /** The condition that let it happen, as its playbook or reaction says it; empty: there is none, or it is not known. */
  because: string;
  status: string;
  at: number;
  /** When it ended, when it lasts. */
  until: number | null;
  simulated: boolean;
  detail: z.infer<typeof json>;
  children: TraceNode[];
  /** How many nodes below this one were left out. */
  more: number;
}

const traceNode: z.ZodType<TraceNode> = z
  .object({
    ref: z.string(),
    kind: z.string(),
    title: z.string(),
    words: z.string().describe('What happened, as a sentence'),
    because: z.string().describe('The condition that let it happen, as written; empty: none is known'),
    status: z.string(),
    at: time,
    until: time.nullable(),
    simulated: z.boolean(),
    detail: json,
    get children(): z.ZodArray<z.ZodType<TraceNode>> {
      return z.array(traceNode);
    },
    more: z.number().int().describe('How many nodes below this one were left out'),
  })
  .meta({ id: 'TraceNode' }) as z.ZodType<TraceNode>;

/** The most nodes that one answer of `trace` may have. */
export const MOST_TRACE_NODES = 20_000;

/** What hangs together. */
export const traceEndpoints = {
  trace: endpoint({
    method: 'GET',
    path: '/trace/:ref',
    summary:
      'Everything that hangs together with an alert, event, run, effect, case, participant or observable; large traces are cut, and say where',
    tag: 'trace',
    permission: 'run:read',
    query: z.strictObject({
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(MOST_TRACE_NODES)
        .default(MOST_TRACE_NODES)
        .describe('At most so many nodes; first causes, and what leads to what was asked for, come first'),
      detail: z
        .enum(['full', 'brief'])
        .default('full')
        .describe('`brief` leaves out what steps read and wrote when that is long'),
    }),
    response: z.object({
      trace: z.string(),
      asked: z.string().describe('The reference of the node that was asked for; empty when it was no single one'),
      traces: z.array(z.string()).describe('Every trace that is told here, the newest first'),
      truncated: z.boolean().describe('Whether the story is longer than what is read of one'),
      total: z.number().int().describe('Nodes in all, those that were left out among them'),
      roots: z.array(traceNode),
    }),
  }),
  retract: endpoint({
    method: 'POST',
    path: '/trace/:ref/retract',
    summary:
      'Take back what something caused: undo changes, throw away what is held, cancel what waits; `dry_run` only says what would happen',
    tag: 'trace',
    permission: 'effect:undo',
    body: z.strictObject({
      reason,
      dry_run: z.boolean().default(false),
      waiting: z.boolean().default(true).describe('Also throw away held events and cancel runs that have not ended'),
    }),
    response: releaseResult.extend({
      discarded: z.array(z.string()).describe('Held events that were thrown away'),
      cancelled: z.array(z.string()).describe('Runs that were cancelled'),
      foreseen: z.object({
        effects: z.array(foreseenEffect),
        held: z.array(z.object({ id: z.string(), reaction: z.string(), event: z.string() })),
        runs: z.array(z.object({ id: z.string(), playbook: z.string(), status: z.string() })),
      }),
    }),
  }),
};

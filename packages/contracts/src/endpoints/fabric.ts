import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';

const reason = z.string().min(1).max(500).describe('Why; kept in the audit log');
const count = z.number().int();

const topicPattern = z
  .string()
  .min(1)
  .max(200)
  .describe('A topic, or a pattern: `*` stands for one word, `>` at the end for the rest');

const finding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  help: z.string(),
  suggestion: z.string().nullable(),
  of: z.string().describe('What it is about, such as `reaction:block_url`'),
  line: count,
  column: count,
});

const topic = z.object({
  topic: z.string(),
  title: z.string(),
  version: count.nullable().describe('null: a topic of another system'),
  declared: z.boolean(),
  open: z.boolean().describe('Its data may have any form, and is not trusted'),
  publishers: z.array(z.string()).describe('`participant:…`, `reaction:…`, `playbook:…`, `server`'),
  takers: z.array(z.string()),
  events: count.describe('Events of the window'),
  dead: count.describe('Dead letters of this topic, counted among the newest thousand'),
});

const edge = z.object({
  from: z.string(),
  to: z.string(),
  kind: z.enum(['subscribe', 'trigger', 'wait', 'publish', 'on_error', 'announce']),
  conditional: z.boolean().describe('Whether a condition stands before it'),
  events: count.describe('Events that went this way in the window'),
});

const consumer = z.object({
  name: z.string(),
  topics: z.array(z.string()),
  position: count,
  behind: count.describe('Events behind the end of the log, those of other topics included'),
  retrying: count,
  dead: count,
});

const outcomes = z.record(z.string(), count).describe('Outcome -> how often in the window');

const window = z.enum(['15m', '1h', '24h']);
const windowQuery = z.strictObject({ window: window.default('1h').describe('How far back figures go from now') });

const map = z.object({
  at: time,
  window: window.describe('What the figures are of'),
  participants: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      kind: z.string(),
      site: z.string(),
      state: z.enum(['online', 'offline']),
      enabled: z.boolean(),
      drifted: z.boolean(),
      published: count.describe('Events of the window'),
      refused: count.describe('How often it was refused in the window'),
    }),
  ),
  reactions: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      mode: z.enum(['observe', 'ask', 'act']),
      topic: z.string(),
      breaker: z.enum(['closed', 'open']),
      held: count,
      runs: count.describe('Runs of the window'),
      outcomes,
    }),
  ),
  playbooks: z.array(z.object({ id: z.string(), title: z.string(), runs: count.describe('Runs of the window') })),
  topics: z.array(topic),
  edges: z.array(edge).describe('Between topics (`topic:…`) and those who publish and take them'),
  topics_left_out: count.describe('Topics that nobody declares or names, beyond the busiest'),
  consumers: z.array(consumer),
  storms: z
    .array(z.object({ id: z.string(), reason: z.string(), at: time, held: count }))
    .describe('Storm breakers that are open; `id` as in `listBreakers`'),
  dead: count,
});

const loggedEvent = z.object({
  position: count,
  id: z.string(),
  topic: z.string(),
  subject: z.string(),
  participant: z.string(),
  at: time,
  trace: z.string(),
  cause: z.string(),
  hop: count,
  data: json,
});

const recentEvent = loggedEvent.omit({ position: true });

const delivery = z.object({
  id: z.string(),
  consumer: z.string(),
  event: z.string(),
  topic: z.string(),
  subject: z.string(),
  state: z.enum(['retry', 'behind', 'dead']),
  attempts: count,
  next_at: time,
  error: z.string(),
  at: time,
});

const taker = z.object({
  kind: z.enum(['reaction', 'playbook']),
  id: z.string(),
  would: z.enum(['act', 'ask', 'observe', 'start', 'ignore', 'refuse']),
  reason: z.string(),
  steps: z.array(z.string()).describe('What it would do, step by step'),
});

/** What people see and do about the fabric as a whole. */
export const fabricEndpoints = {
  fabricMap: endpoint({
    method: 'GET',
    path: '/fabric/map',
    summary:
      'Who publishes and takes what, with counts of the last minutes, hour or day, what is held, refused and dead',
    tag: 'fabric',
    permission: 'fabric:read',
    query: windowQuery,
    response: map,
  }),
  checkFabric: endpoint({
    method: 'GET',
    path: '/fabric/check',
    summary: 'Check how published reactions, playbooks and participants fit together',
    tag: 'fabric',
    permission: 'fabric:read',
    response: z.object({ findings: z.array(finding), actors: count, topics: count }),
  }),
  listTopics: endpoint({
    method: 'GET',
    path: '/fabric/topics',
    summary:
      'List topics with their schemas, who publishes and who takes them; those of other systems as far as they were seen',
    tag: 'fabric',
    permission: 'fabric:read',
    query: windowQuery,
    response: z.object({
      window,
      items: z.array(
        topic.extend({
          schema: json,
          example: json.describe('Data that its schema allows, made up; null without a schema'),
        }),
      ),
    }),
  }),
  listEvents: endpoint({
    method: 'GET',
    path: '/fabric/events',
    summary: 'Read the event log, in the order of delivery',
    tag: 'fabric',
    permission: 'fabric:read',
    query: z.strictObject({
      topic: topicPattern.default('>'),
      since: z.coerce.number().int().min(0).optional().describe('From this moment on, Unix milliseconds'),
      after: z.coerce.number().int().min(0).optional().describe('Behind this position; `next` of the page before'),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: z.object({ items: z.array(loggedEvent), next: count.nullable() }),
  }),
  listRecentEvents: endpoint({
    method: 'GET',
    path: '/fabric/recent-events',
    summary: 'The events of one topic, the newest first',
    tag: 'fabric',
    permission: 'fabric:read',
    query: pageQuery.extend({
      topic: z.string().min(1).max(800).describe('Exactly this topic'),
      participant: z.string().max(200).optional().describe('Only what this one published'),
    }),
    response: pageOf(recentEvent),
  }),
  getEvent: endpoint({
    method: 'GET',
    path: '/fabric/events/:id',
    summary: 'One event with its data, for as long as it is retained',
    tag: 'fabric',
    permission: 'fabric:read',
    response: recentEvent,
  }),
  listConsumers: endpoint({
    method: 'GET',
    path: '/fabric/consumers',
    summary: 'How far every consumer of the event log has come',
    tag: 'fabric',
    permission: 'fabric:read',
    response: z.object({ items: z.array(consumer), first: count, last: count }),
  }),
  rewindConsumer: endpoint({
    method: 'POST',
    path: '/fabric/consumers/:name/rewind',
    summary: 'Let a consumer go on from another place of the log; events come to it again from there',
    tag: 'fabric',
    permission: 'fabric:operate',
    body: z
      .strictObject({
        time: z.number().int().min(0).optional().describe('The first event of this moment or later, Unix milliseconds'),
        after: z.number().int().min(0).optional().describe('Behind this position'),
        reason,
      })
      .refine((body) => (body.time === undefined) !== (body.after === undefined), { message: 'name time or after' }),
    response: consumer,
  }),
  listDead: endpoint({
    method: 'GET',
    path: '/fabric/dead',
    summary: 'List events that a consumer could not deal with; `state` for those that are still tried',
    tag: 'fabric',
    permission: 'fabric:read',
    query: pageQuery.extend({
      state: z.enum(['retry', 'behind', 'dead']).default('dead'),
      consumer: z.string().max(200).optional(),
    }),
    response: pageOf(delivery),
  }),
  getDead: endpoint({
    method: 'GET',
    path: '/fabric/dead/:id',
    summary: 'One event that a consumer could not deal with, with its data',
    tag: 'fabric',
    permission: 'fabric:read',
    response: delivery.extend({ envelope: json }),
  }),
  redeliverDead: endpoint({
    method: 'POST',
    path: '/fabric/dead/:id/redeliver',
    summary: 'Give a dead event to its consumer again',
    tag: 'fabric',
    permission: 'fabric:operate',
    body: z.strictObject({ reason }),
    response: delivery,
  }),
  redeliverAllDead: endpoint({
    method: 'POST',
    path: '/fabric/dead/redeliver',
    summary:
      'Give dead events to their consumers again, in the order of the log, at most 200 at a time; call it again while some are `left`',
    tag: 'fabric',
    permission: 'fabric:operate',
    body: z.strictObject({
      consumer: z.string().max(200).optional().describe('Only those of this one'),
      until: z
        .number()
        .int()
        .min(0)
        .optional()
        .describe('Only what was dead by then, Unix milliseconds; default: now. Give the one that was answered again'),
      reason,
    }),
    response: z.object({
      redelivered: count,
      left: count.describe('What was dead by then and still is'),
      until: time,
    }),
  }),
  discardDead: endpoint({
    method: 'POST',
    path: '/fabric/dead/:id/discard',
    summary: 'Throw a dead event away: its consumer will never get it',
    tag: 'fabric',
    permission: 'fabric:operate',
    body: z.strictObject({ reason }),
    response: delivery,
  }),
  whatIf: endpoint({
    method: 'POST',
    path: '/fabric/what-if',
    summary: 'Which reactions and playbooks would take an event, and what each would do; nothing happens',
    tag: 'fabric',
    permission: 'fabric:read',
    body: z.strictObject({
      topic: z.string().min(1).max(800),
      data: json,
      participant: z.string().max(200).default('server').describe('Who would publish it'),
      hop: z.number().int().min(0).max(1_000).default(1),
    }),
    response: z.object({
      problem: z.string().describe('Why it could not be published; empty when it could'),
      takers: z.array(taker),
    }),
  }),
};

import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';

const counts = z.object({
  received: z.number().int(),
  created: z.number().int(),
  merged: z.number().int(),
  duplicate: z.number().int(),
  suppressed: z.number().int(),
  refused: z.number().int(),
});

const decision = z.enum(['created', 'merged', 'duplicate', 'suppressed', 'refused']);

const source = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  normalizer: z.string(),
  auth: z.enum(['token', 'signature']),
  dedup_window: z.number().int().describe('Milliseconds'),
  enabled: z.boolean(),
  simulated: z.boolean(),
  created_at: time,
  url: z.string().describe('Where it is sent to'),
  counts: counts.describe('What became of every item and every repeated delivery; `received` is the sum of the others'),
  waiting: z.number().int().describe('Deliveries that are on disk and not read yet'),
  missing: z
    .number()
    .int()
    .describe(
      'Deliveries of the last 7 days that count as read and of which nothing became; anything but 0 is a defect',
    ),
  turned_away: z
    .object({
      counts: z
        .array(z.object({ code: z.string(), hour: z.number().int(), day: z.number().int() }))
        .describe('In the last hour and the last 24 hours, by the code of the refusal, the most frequent first'),
      last: z
        .object({ at: time, code: z.string(), reason: z.string(), address: z.string() })
        .nullable()
        .describe('null: nothing ever was'),
    })
    .describe('Posts that were refused at the door, such as those with a wrong token; they are in no account'),
  last_at: time.nullable().describe('When something of it was decided last'),
  last_day: counts,
  week: z.number().int().describe('What came in the last 7 days'),
  state: z
    .enum(['receiving', 'silent', 'new', 'disabled'])
    .describe('silent: nothing for 24 hours although the last 7 days brought more than 7, or nothing for 7 days'),
});

const tried = z.object({
  normalizer: z.string().nullable().describe('The normaliser that was used; null when none detects the text'),
  detected: z.array(z.string()).describe('Every normaliser that detects it, the preferred one first'),
  problem: z
    .object({
      reason: z.string(),
      line: z.number().int().nullable(),
      column: z.number().int().nullable(),
      advice: z.string().describe('What to do now'),
    })
    .nullable()
    .describe('Why nothing of it can be read'),
  total: z.number().int(),
  counts: z.object({
    finding: z.number().int(),
    repeated: z.number().int(),
    suppressed: z.number().int(),
    refused: z.number().int(),
  }),
  items: z.array(
    z.object({
      item: z.number().int(),
      input: json.describe('The item as it came; null when it is no JSON'),
      outcome: z.enum(['finding', 'repeated', 'suppressed', 'refused']),
      reason: z.string(),
      title: z.string().nullable(),
      severity: z.string().nullable(),
      finding_key: z.string().nullable(),
      fields: z.array(z.object({ target: z.string(), from: z.string(), value: json })),
      observables: z.array(z.object({ type: z.string(), value: z.string(), display: z.string() })),
      issues: z.array(z.object({ path: z.string(), message: z.string() })),
      finding: json,
    }),
  ),
});

/** Ingest sources, and what became of what they sent. */
export const sourceEndpoints = {
  listSources: endpoint({
    method: 'GET',
    path: '/sources',
    summary: 'List ingest sources with their account',
    tag: 'ingest',
    permission: 'source:read',
    response: z.object({ items: z.array(source) }),
  }),
  getSource: endpoint({
    method: 'GET',
    path: '/sources/:id',
    summary: 'One ingest source with its account, of a time too, and what came in over that time',
    tag: 'ingest',
    permission: 'source:read',
    query: z.strictObject({ window: z.enum(['1h', '24h', '7d', '30d']).default('24h') }),
    response: source.extend({
      window: z.object({
        since: time,
        width: z.number().int().describe('Milliseconds of one slice'),
        counts,
        slices: z.array(counts.extend({ at: time })),
      }),
    }),
  }),
  listDecisions: endpoint({
    method: 'GET',
    path: '/ingest/decisions',
    summary: 'What became of what came in, item by item, newest first',
    tag: 'ingest',
    permission: 'source:read',
    query: pageQuery.extend({ source: z.string().optional(), decision: decision.optional() }),
    response: pageOf(
      z.object({
        id: z.string(),
        source: z.string(),
        raw: z.string(),
        item: z.number().int().describe('Which item of the raw input, from 0; below 0 for a repeated delivery'),
        decision,
        reason: z.string(),
        alert: z.string().nullable(),
        title: z.string().nullable().describe('Of the alert, for who may see alerts'),
        at: time,
        trace: z.string(),
        normalizer: z
          .object({
            id: z.string(),
            version: z.string(),
            current: z.boolean().describe('Whether it still reads; false: it was changed or removed since'),
          })
          .nullable()
          .describe('What read it; null when nothing did, or when it is not known'),
      }),
    ),
  }),
  listNormalizers: endpoint({
    method: 'GET',
    path: '/ingest/normalizers',
    summary: 'The normalisers of this server',
    tag: 'ingest',
    permission: 'source:read',
    response: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          description: z.string(),
          fallback: z.boolean().describe('Taken only when no other one detects an input'),
        }),
      ),
    }),
  }),
  createSource: endpoint({
    method: 'POST',
    path: '/sources',
    summary: 'Create an ingest source; its token or signing secret is shown once',
    tag: 'ingest',
    permission: 'source:write',
    body: z.strictObject({
      id: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
      title: z.string().min(1).max(100),
      normalizer: z.string(),
      auth: z.enum(['token', 'signature']).default('token'),
      dedup_window: z.string().default('1h').describe('How long findings with one key count as one alert'),
    }),
    response: z.object({ source, secret: z.string(), url: z.string() }),
    status: 201,
  }),
  updateSource: endpoint({
    method: 'PATCH',
    path: '/sources/:id',
    summary: 'Change or disable an ingest source',
    tag: 'ingest',
    permission: 'source:write',
    body: z.strictObject({
      title: z.string().min(1).max(100).optional(),
      normalizer: z.string().optional(),
      dedup_window: z.string().optional(),
      enabled: z.boolean().optional(),
    }),
    response: source,
  }),
  rotateSource: endpoint({
    method: 'POST',
    path: '/sources/:id/rotate',
    summary: 'Give a source a new token or signing secret; the old signing secret stays valid until the next rotation',
    tag: 'ingest',
    permission: 'source:write',
    response: z.object({ secret: z.string() }),
  }),
  tryIngest: endpoint({
    method: 'POST',
    path: '/ingest/try',
    summary: 'Show how an input would be read; nothing is stored',
    tag: 'ingest',
    permission: 'source:read',
    body: z.strictObject({ text: z.string().max(5_000_000), normalizer: z.string().optional() }),
    response: tried,
  }),
};

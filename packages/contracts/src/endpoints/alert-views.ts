import { z } from 'zod';
import { json, time } from '../endpoint.ts';
import { causality, severity, verdict } from './shared.ts';

/** How far people are with an alert. */
export const alertStatus = z.enum(['new', 'in_progress', 'suppressed', 'resolved']);

/** How far people are with a case. */
export const caseStatus = z.enum(['open', 'in_progress', 'resolved', 'closed']);

/** A typed value; `display` is safe to show and to copy. */
export const observable = z.object({ id: z.string(), type: z.string(), value: z.string(), display: z.string() });

/** What somebody says about an observable. */
export const enrichment = z.object({
  source: z.string(),
  verdict,
  score: z.number().nullable().describe('0 (surely benign) to 100 (surely malicious)'),
  data: json,
  at: time,
});

/** An observable with what is known about it. */
export const knownObservable = observable.extend({
  verdict: verdict.describe("The analyst's last word, else the gravest of each source's last word"),
  sightings: z.number().int().describe('In how many alerts and cases it was seen'),
  enrichments: z.array(enrichment),
});

const handling = {
  acknowledged_at: time.nullable().describe('When it was first taken in hand; null: it waits'),
  acknowledged_by: z.string().describe('Who did: `user:<id>`, `playbook:<id>`, …; empty while it waits'),
};

/** An alert as lists show it. */
export const alert = causality.extend({
  id: z.string(),
  source: z.string(),
  title: z.string(),
  severity,
  status: alertStatus,
  verdict,
  count: z.number().int(),
  first_seen: time,
  last_seen: time,
  case_id: z.string().nullable(),
  simulated: z.boolean(),
  created_at: time,
  updated_at: time,
  ...handling,
  resolved_at: time.nullable(),
  observables: z
    .array(z.object({ type: z.string(), value: z.string(), display: z.string() }))
    .describe('The first three of its first finding'),
  observable_count: z.number().int().describe('How many its first finding holds'),
});

/** A case as lists show it. */
export const caseRecord = causality.extend({
  id: z.string(),
  title: z.string(),
  status: caseStatus,
  severity,
  owner: z.string().nullable().describe('Id of a user; see GET /people'),
  summary: z.string(),
  verdict,
  simulated: z.boolean(),
  created_at: time,
  updated_at: time,
  closed_at: time.nullable(),
  ...handling,
});

/** A line of a case's timeline. */
export const entry = causality.extend({
  id: z.string(),
  kind: z.string(),
  text: z.string(),
  data: json,
  at: time,
});

/** What became of one item of a raw input. */
export const decision = z.object({
  decision: z.string(),
  reason: z.string(),
  raw: z.string(),
  item: z.number().int().describe('Which item of the raw input, from 0; below 0: the delivery as a whole'),
  at: time,
});

/** How an item of a raw input was read, each field with the places that it was taken from. */
export const alertReading = z.object({
  raw: z.string(),
  media_type: z.string(),
  received_at: time,
  size: z.number().int().describe('Bytes of the raw input'),
  item: z.number().int(),
  items: z.number().int().describe('How many items the raw input holds; 0 when it cannot be taken apart any more'),
  text: z.string().describe('A piece of the raw input as it was received'),
  offset: z.number().int().describe('Where the piece begins, in UTF-16 code units'),
  length: z.number().int().describe('How long the whole text is'),
  value: json.describe('The item; null when it cannot be shown beside its mapping'),
  problem: z.string().describe('Why the item cannot be shown beside its mapping; else empty'),
  normalizer: z
    .object({
      id: z.string(),
      version: z.string().describe('`<id>@<hash of the text>`; empty when it is not known which version read the item'),
      current: z.string().describe('The version that reads now; empty when there is no such normaliser any more'),
      text: z.string().describe('The document of the version that read the item, or else of the one that reads now'),
    })
    .nullable(),
  fields: z.array(
    z.object({
      target: z.string().describe('Attribute of the finding'),
      from: z.string().describe('What filled it, as the normaliser writes it'),
      value: json,
      places: z.array(z.string()).describe('JSON Pointers into `value`'),
      line: z.number().int().nullable().describe('Line of the rule in the text of the normaliser, from 1'),
    }),
  ),
});

/** Texts with commas between, read as a list. */
export const several = z
  .string()
  .max(1_000)
  .transform((text) => text.split(',').map((part) => part.trim()));

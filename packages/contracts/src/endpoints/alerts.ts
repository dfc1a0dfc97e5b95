import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';
import { causality, severity, verdict } from './shared.ts';

const observable = z.object({ id: z.string(), type: z.string(), value: z.string(), display: z.string() });

const alert = causality.extend({
  id: z.string(),
  source: z.string(),
  title: z.string(),
  severity,
  status: z.enum(['new', 'in_progress', 'suppressed', 'resolved']),
  verdict,
  count: z.number().int(),
  first_seen: time,
  last_seen: time,
  case_id: z.string().nullable(),
  simulated: z.boolean(),
  created_at: time,
  updated_at: time,
});

const caseRecord = causality.extend({
  id: z.string(),
  title: z.string(),
  status: z.enum(['open', 'in_progress', 'resolved', 'closed']),
  severity,
  owner: z.string().nullable(),
  summary: z.string(),
  verdict,
  simulated: z.boolean(),
  created_at: time,
  updated_at: time,
  closed_at: time.nullable(),
});

const entry = causality.extend({
  id: z.string(),
  kind: z.string(),
  text: z.string(),
  data: json,
  at: time,
});

const enrichment = z.object({
  source: z.string(),
  verdict,
  score: z.number().nullable(),
  data: json,
  at: time,
});

/** Alerts, cases and observables. */
export const alertEndpoints = {
  listAlerts: endpoint({
    method: 'GET',
    path: '/alerts',
    summary: 'List alerts, newest first',
    tag: 'alerts',
    permission: 'alert:read',
    query: pageQuery.extend({
      status: z.enum(['new', 'in_progress', 'suppressed', 'resolved']).optional(),
      source: z.string().optional(),
    }),
    response: pageOf(alert),
  }),
  getAlert: endpoint({
    method: 'GET',
    path: '/alerts/:id',
    summary: 'One alert with its finding, observables and where it came from',
    tag: 'alerts',
    permission: 'alert:read',
    response: alert.extend({
      finding: json,
      finding_key: z.string(),
      raw: z.string(),
      observables: z.array(observable),
      decisions: z.array(z.object({ decision: z.string(), reason: z.string(), raw: z.string(), at: time })),
    }),
  }),
  getRaw: endpoint({
    method: 'GET',
    path: '/raw/:id',
    summary: 'A raw input as it was received',
    tag: 'alerts',
    permission: 'alert:read',
    response: z.object({
      id: z.string(),
      source: z.string(),
      media_type: z.string(),
      received_at: time,
      state: z.string(),
      text: z.string(),
    }),
  }),
  updateAlert: endpoint({
    method: 'PATCH',
    path: '/alerts/:id',
    summary: 'Set the status or verdict of an alert; names the changes in force that it caused, for retraction',
    tag: 'alerts',
    permission: 'alert:write',
    body: z.strictObject({
      status: z.enum(['new', 'in_progress', 'suppressed', 'resolved']).optional(),
      verdict: verdict.optional(),
      reason: z.string().max(500).default(''),
    }),
    response: alert.extend({
      caused: z
        .array(z.object({ effect: z.string(), action: z.string(), target: z.string(), state: z.string() }))
        .describe('Changes in force that the alert caused; POST /trace/alert:<id>/retract undoes them'),
    }),
  }),
  listCases: endpoint({
    method: 'GET',
    path: '/cases',
    summary: 'List cases, newest first',
    tag: 'cases',
    permission: 'case:read',
    query: pageQuery.extend({ status: z.enum(['open', 'in_progress', 'resolved', 'closed']).optional() }),
    response: pageOf(caseRecord),
  }),
  getCase: endpoint({
    method: 'GET',
    path: '/cases/:id',
    summary: 'One case with its timeline, alerts and observables',
    tag: 'cases',
    permission: 'case:read',
    response: caseRecord.extend({
      entries: z.array(entry),
      observables: z.array(observable.extend({ enrichments: z.array(enrichment) })),
      alerts: z.array(alert),
    }),
  }),
  addNote: endpoint({
    method: 'POST',
    path: '/cases/:id/notes',
    summary: 'Add a note to a case',
    tag: 'cases',
    permission: 'case:write',
    body: z.strictObject({ text: z.string().min(1).max(20_000) }),
    response: entry,
    status: 201,
  }),
  updateCase: endpoint({
    method: 'PATCH',
    path: '/cases/:id',
    summary: 'Set the status, verdict or summary of a case',
    tag: 'cases',
    permission: 'case:write',
    body: z.strictObject({
      status: z.enum(['open', 'in_progress', 'resolved', 'closed']).optional(),
      reason: z.string().max(500).optional().describe('Why the status is set'),
      verdict: verdict.optional(),
      summary: z.string().max(20_000).optional(),
    }),
    response: caseRecord,
  }),
};

import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';
import { alert, alertReading, alertStatus, caseStatus, decision, knownObservable, several } from './alert-views.ts';
import { severalOf, severity, verdict } from './shared.ts';

const MOST_AT_ONCE = 500;

/** What alerts are filtered by. */
const alertFilter = {
  q: z.string().max(200).optional().describe('Words of the title, or the beginning of an id'),
  status: severalOf(alertStatus).optional(),
  severity: severalOf(severity).optional(),
  verdict: severalOf(verdict).optional(),
  source: several.optional().describe('One or several ids of sources, with commas between'),
  case: z.string().max(100).optional().describe('Id of a case; `none`: those in no case'),
  observable: z
    .string()
    .max(2_000)
    .optional()
    .describe(
      'Only those that hold this value, defanged or not; `203.0.113.`, `10.0.0.0/8` or `4421ab*`: one that begins so; ' +
        '`*.example.com`: the domain or one below it. At most the first 500 such values and the 5,000 latest alerts are looked through',
    ),
  simulated: z.enum(['true', 'false']).optional(),
  since: z.coerce.number().int().optional().describe('Created at this time (Unix ms) or later'),
  until: z.coerce.number().int().optional().describe('Created before this time (Unix ms)'),
};

const facet = z.array(z.object({ value: z.string(), count: z.number().int() }));
const reason = z.string().max(500).default('');

/** Alerts and what they were read from. */
export const alertEndpoints = {
  listAlerts: endpoint({
    method: 'GET',
    path: '/alerts',
    summary: 'List alerts, newest first unless `sort` says otherwise',
    tag: 'alerts',
    permission: 'alert:read',
    query: pageQuery.extend({
      ...alertFilter,
      sort: z.enum(['newest', 'severity', 'last_seen', 'count']).default('newest'),
    }),
    response: pageOf(alert),
  }),
  alertFacets: endpoint({
    method: 'GET',
    path: '/alerts/facets',
    summary: 'How many alerts a list has, and how many it would have with another value of each filter',
    tag: 'alerts',
    permission: 'alert:read',
    query: z.strictObject(alertFilter),
    response: z.object({
      total: z.number().int(),
      cut: z.boolean().describe('More alerts hold the `observable` than were looked through'),
      status: facet,
      severity: facet,
      verdict: facet,
      source: facet,
    }),
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
      observables: z.array(knownObservable),
      decisions: z.array(decision).describe('What deduplication decided, oldest first, at most 100'),
      case: z.object({ id: z.string(), title: z.string(), status: caseStatus }).nullable(),
      effects: z
        .array(
          z.object({
            id: z.string(),
            connector: z.string(),
            action: z.string(),
            effect: z.string().describe('Effect class'),
            target: z.string(),
            state: z.string(),
            lease_until: time.nullable(),
            ended_at: time.nullable(),
            simulated: z.boolean(),
            created_at: time,
          }),
        )
        .describe('What was done in the story that the alert belongs to, newest first, at most 200'),
    }),
  }),
  getAlertReading: endpoint({
    method: 'GET',
    path: '/alerts/:id/reading',
    summary: 'What an alert was read from: the raw input beside each field that was filled, and the normaliser used',
    tag: 'alerts',
    permission: 'alert:read',
    query: z.strictObject({
      raw: z.string().max(100).optional().describe('Another raw input that was counted on the alert'),
      item: z.coerce.number().int().min(0).optional().describe('Which item of that raw input'),
      offset: z.coerce.number().int().min(0).default(0).describe('Where the piece of the text begins'),
    }),
    response: alertReading,
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
    body: z.strictObject({ status: alertStatus.optional(), verdict: verdict.optional(), reason }),
    response: alert.extend({
      caused: z
        .array(z.object({ effect: z.string(), action: z.string(), target: z.string(), state: z.string() }))
        .describe('Changes in force that the alert caused; POST /trace/alert:<id>/retract undoes them'),
    }),
  }),
  updateAlerts: endpoint({
    method: 'POST',
    path: '/alerts/update',
    summary: 'Set the status, verdict or case of many alerts; says of each what it was before',
    tag: 'alerts',
    permission: 'alert:write',
    body: z
      .strictObject({
        ids: z.array(z.string().min(1).max(100)).min(1).max(MOST_AT_ONCE),
        status: alertStatus.optional(),
        verdict: verdict.optional(),
        case: z.string().min(1).max(100).nullable().optional().describe('null: out of its case; needs case:write'),
        reason,
      })
      .refine((body) => body.status !== undefined || body.verdict !== undefined || body.case !== undefined, {
        message: 'status, verdict or case is needed',
      }),
    response: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          previous: z
            .object({ status: alertStatus, verdict, case: z.string().nullable() })
            .nullable()
            .describe('null when nothing was changed'),
          status: alertStatus
            .nullable()
            .describe('What it is now: one that was new is in progress once it is in a case, or judged by a person'),
          error: z.object({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
    }),
  }),
};

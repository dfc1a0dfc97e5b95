import { z } from 'zod';
import { endpoint, pageOf, pageQuery } from '../endpoint.ts';
import { alert, caseRecord, caseStatus, entry, knownObservable, several } from './alert-views.ts';
import { severalOf, severity, verdict } from './shared.ts';

/** Cases and who works on them. */
export const caseEndpoints = {
  listCases: endpoint({
    method: 'GET',
    path: '/cases',
    summary: 'List cases, newest first',
    tag: 'cases',
    permission: 'case:read',
    query: pageQuery.extend({
      q: z.string().max(200).optional().describe('Words of the title, or the beginning of an id'),
      status: severalOf(caseStatus).optional(),
      severity: severalOf(severity).optional(),
      verdict: severalOf(verdict).optional(),
      owner: several.optional().describe('One or several ids of users, with commas between; `none`: nobody'),
      observable: z
        .string()
        .max(2_000)
        .optional()
        .describe('Only those that hold this value, or whose alerts do; as in GET /alerts'),
      sort: z.enum(['newest', 'severity', 'updated']).default('newest'),
    }),
    response: pageOf(caseRecord.extend({ alert_count: z.number().int() })).extend({
      cut: z.boolean().describe('More holds the `observable` than was looked through'),
    }),
  }),
  createCase: endpoint({
    method: 'POST',
    path: '/cases',
    summary: 'Open a case, with alerts; its severity is the gravest of theirs unless given',
    tag: 'cases',
    permission: 'case:write',
    body: z.strictObject({
      title: z.string().trim().min(1).max(500),
      severity: severity.optional(),
      summary: z.string().max(20_000).default(''),
      alerts: z.array(z.string().min(1).max(100)).max(500).default([]).describe('Ids; they need alert:write'),
    }),
    response: caseRecord,
    status: 201,
  }),
  getCase: endpoint({
    method: 'GET',
    path: '/cases/:id',
    summary: 'One case with the latest 500 lines of its timeline, its alerts and observables',
    tag: 'cases',
    permission: 'case:read',
    response: caseRecord.extend({
      entries: z.array(entry),
      observables: z.array(knownObservable).describe('Its own, then those of its alerts; at most 500'),
      alerts: z.array(alert),
    }),
  }),
  listCaseEntries: endpoint({
    method: 'GET',
    path: '/cases/:id/entries',
    summary: 'The timeline of a case, newest first',
    tag: 'cases',
    permission: 'case:read',
    query: pageQuery.extend({ kind: several.optional().describe('One or several kinds, with commas between') }),
    response: pageOf(entry),
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
    summary: 'Set the status, owner, severity, verdict or summary of a case',
    tag: 'cases',
    permission: 'case:write',
    body: z.strictObject({
      status: caseStatus.optional(),
      reason: z.string().max(500).optional().describe('Why the status is set'),
      verdict: verdict.optional(),
      severity: severity.optional(),
      owner: z.string().max(100).nullable().optional().describe('Id of a user; null: nobody'),
      summary: z.string().max(20_000).optional(),
    }),
    response: caseRecord,
  }),
  listPeople: endpoint({
    method: 'GET',
    path: '/people',
    summary: 'Who can own a case: ids and names of the people who may sign in',
    tag: 'cases',
    permission: 'case:read',
    response: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
  }),
};

import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';
import { causality, severalOf, severity } from './shared.ts';

const inboxStatus = z.enum(['open', 'approved', 'denied', 'answered', 'expired', 'cancelled']);

const matter = causality.extend({
  id: z.string(),
  kind: z.enum(['approval', 'question']),
  run: z.string().describe('The run that waits; empty when none does'),
  address: z.string(),
  playbook: z.string(),
  about: z
    .string()
    .describe('What it is about, as `<handler>:<object>`, when no run waits and nothing is held; else empty'),
  text: z.string(),
  covers_hash: z.string().describe('Hash of the covered calls; an approval must name what was shown'),
  role: z.string().describe('The role that is asked; empty: no certain one'),
  users: z.array(z.string()),
  excluded: z
    .array(z.string())
    .describe('Who may not decide, as it was asked; of one matter alone also every such user, as `user:<id>`'),
  quorum: z.number().int(),
  delegable: z.boolean(),
  via: z.array(z.string()),
  status: inboxStatus,
  due_at: time.nullable(),
  otherwise: z.enum(['deny', 'approve', 'fail', 'continue']).describe('What the time-out does'),
  simulated: z.boolean(),
  created_at: time,
  decided_at: time.nullable(),
});

const coveredCall = z.object({
  step: z.string(),
  address: z.string(),
  kind: z.enum(['action', 'call']),
  connector: z.string().nullable(),
  action: z.string().nullable(),
  playbook: z.string().nullable(),
  connection: z.string().nullable().describe('null: the only one that there is when it runs'),
  effect: z.string().nullable().describe('Effect class of the action'),
  lease: z.number().int().nullable().describe('Milliseconds that the change is claimed for'),
  input: json,
  title: z.string().describe('Of the action or playbook; empty when there is none of that name'),
  target: z.string().describe('`<type>:<value>` that it acts on; empty when it names none'),
  through: z
    .object({ id: z.string(), title: z.string(), simulated: z.boolean() })
    .nullable()
    .describe('The connection that it would go through now; null when there is none, or more than one'),
  standing: z.number().int().describe('How many changes are in force on the target already'),
  end: z
    .enum(['undone', 'expires', 'stays', 'nothing'])
    .describe('undone: we can take it back; expires: the product ends it; stays: until somebody undoes it by hand'),
});

const vote = z.object({
  principal: z.string(),
  name: z.string().describe('How people know them; empty for who is gone'),
  vote: z.enum(['approve', 'deny', 'answer', 'delegate']),
  to: z.string(),
  reason: z.string(),
  answer: json,
  at: time,
});

const reason = z.string().max(500).default('');
const form = z.record(z.string(), json).nullable().default(null).describe('Fields of the form; null: nothing entered');

/** What waits for people: approvals, questions, and what the guard holds. */
export const inboxEndpoints = {
  listInbox: endpoint({
    method: 'GET',
    path: '/inbox',
    summary: 'List what waits for people, newest first; `status` for what is decided',
    tag: 'inbox',
    permission: 'inbox:read',
    query: pageQuery.extend({
      status: severalOf(inboxStatus).default(['open']),
      kind: z.enum(['approval', 'question']).optional(),
      run: z.string().optional(),
      playbook: z.string().optional(),
    }),
    response: pageOf(
      matter.extend({
        calls: z.number().int().describe('How many calls an approval lets happen'),
        approvals: z.number().int().describe('How many have approved so far'),
        may_decide: z.boolean().describe('Whether whoever asks could vote on it now'),
      }),
    ),
  }),
  getInboxItem: endpoint({
    method: 'GET',
    path: '/inbox/:id',
    summary: 'One matter: exactly what an approval lets happen, who may decide, and who has voted',
    tag: 'inbox',
    permission: 'inbox:read',
    response: matter.extend({
      covers: z.array(coveredCall),
      form: json,
      answer: json,
      votes: z.array(vote),
      decided_by: z.array(z.string()),
      alert: z
        .object({ id: z.string(), title: z.string(), severity })
        .nullable()
        .describe('The alert that it began with'),
      case: z.object({ id: z.string(), title: z.string() }).nullable().describe('The case that the alert is in'),
      playbook_title: z.string().describe('Empty when no playbook asks'),
      may_delegate: z.boolean().describe('Whether whoever asks could hand it to somebody else now'),
      may_decide: z.boolean().describe('Whether whoever asks could vote on it now'),
    }),
  }),
  approveInboxItem: endpoint({
    method: 'POST',
    path: '/inbox/:id/approve',
    summary: 'Approve exactly what was shown',
    tag: 'inbox',
    permission: 'inbox:decide',
    body: z.strictObject({ covers_hash: z.string().describe('`covers_hash` of what was shown'), reason, form }),
    response: matter,
  }),
  denyInboxItem: endpoint({
    method: 'POST',
    path: '/inbox/:id/deny',
    summary: 'Deny it; one denial decides',
    tag: 'inbox',
    permission: 'inbox:decide',
    body: z.strictObject({ reason }),
    response: matter,
  }),
  answerInboxItem: endpoint({
    method: 'POST',
    path: '/inbox/:id/answer',
    summary: 'Answer a question; the first answer counts',
    tag: 'inbox',
    permission: 'inbox:decide',
    body: z.strictObject({ form, reason }),
    response: matter,
  }),
  delegateInboxItem: endpoint({
    method: 'POST',
    path: '/inbox/:id/delegate',
    summary: 'Hand the decision to somebody else',
    tag: 'inbox',
    permission: 'inbox:decide',
    body: z.strictObject({ to: z.string().min(1).max(200).describe('Name or id of a user'), reason }),
    response: matter,
  }),
};

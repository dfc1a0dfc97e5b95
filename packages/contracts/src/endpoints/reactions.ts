import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';

const count = z.number().int();

const outcome = z.enum(['held', 'observed', 'started', 'duplicate', 'unconfirmed', 'refused', 'expired', 'discarded']);

const breaker = z.object({
  id: z.string().describe('Id of the reaction, or `<participant>@<topic>`'),
  state: z.enum(['closed', 'open']),
  reason: z.string(),
  at: time.describe('When it opened or closed last'),
  item: z.string().describe('The question in the inbox; empty when it is closed'),
  held: count,
});

const reaction = z.object({
  id: z.string(),
  title: z.string(),
  mode: z.string().describe('`observe`, `ask` or `act`'),
  topic: z.string(),
  number: count.describe('Number of the current version'),
  current: z.string(),
  enabled: z.boolean(),
  updated_at: time,
  held: count.describe('Events that wait for their turn or for people'),
  oldest_held_at: time.nullable(),
  storm: z.boolean().describe('Whether its storm breaker is open'),
});

const reactionEvent = z.object({
  id: z.string(),
  reaction: z.string(),
  version: z.string(),
  event: z.string(),
  topic: z.string(),
  subject: z.string(),
  outcome,
  reason: z.string(),
  run: z.string().describe('The run that it became; empty without one'),
  would: json.describe('What it would have done: a list of `{step, name, connector, action, target, with, guard}`'),
  judged: z.enum(['', 'agreed', 'disagreed']),
  expires_at: time.nullable(),
  at: time.describe('Since when it is held, or when it was decided'),
  trace: z.string(),
});

const agreement = z.object({
  version: z.string(),
  number: count,
  observed: z.object({ agreed: count, disagreed: count, not_done: count, open: count, nothing: count }),
  asked: z.object({ approved: count, denied: count, open: count }),
});

/** Reactions, what became of events at them, and storms. */
export const reactionEndpoints = {
  listReactions: endpoint({
    method: 'GET',
    path: '/reactions',
    summary: 'Published reactions: their mode, whether they are enabled, and what is held for them',
    tag: 'reactions',
    permission: 'fabric:read',
    query: pageQuery,
    response: pageOf(reaction),
  }),
  getReaction: endpoint({
    method: 'GET',
    path: '/reactions/:id',
    summary: 'One reaction with its source and, by version, how far people agree with it',
    tag: 'reactions',
    permission: 'fabric:read',
    response: reaction.extend({ source: z.string(), agreement: z.array(agreement) }),
  }),
  discardHeldEvents: endpoint({
    method: 'POST',
    path: '/reactions/:id/discard',
    summary: 'Throw away everything that is held for a reaction',
    tag: 'reactions',
    permission: 'fabric:operate',
    response: z.object({ discarded: count }),
  }),
  listReactionEvents: endpoint({
    method: 'GET',
    path: '/reaction-events',
    summary: 'What became of events at reactions, where that is more than a run; the newest first',
    tag: 'reactions',
    permission: 'fabric:read',
    query: pageQuery.extend({
      reaction: z.string().optional(),
      outcome: outcome.optional(),
      event: z.string().optional(),
    }),
    response: pageOf(reactionEvent),
  }),
  releaseReactionEvent: endpoint({
    method: 'POST',
    path: '/reaction-events/:id/release',
    summary: 'Let a reaction act on an event at once, whatever held it or spoke against it',
    tag: 'reactions',
    permission: 'fabric:operate',
    response: reactionEvent,
  }),
  discardReactionEvent: endpoint({
    method: 'POST',
    path: '/reaction-events/:id/discard',
    summary: 'Throw away an event that has not become a run',
    tag: 'reactions',
    permission: 'fabric:operate',
    response: reactionEvent,
  }),
  listBreakers: endpoint({
    method: 'GET',
    path: '/storm-breakers',
    summary: 'The storm breakers that are open or were once',
    tag: 'reactions',
    permission: 'fabric:read',
    response: z.object({ items: z.array(breaker) }),
  }),
  decideStorm: endpoint({
    method: 'POST',
    path: '/storm-breakers/:id/decide',
    summary: 'End a storm: what is held goes on at the rate of its reaction, or is thrown away',
    tag: 'reactions',
    permission: 'fabric:operate',
    body: z.strictObject({ decision: z.enum(['release', 'discard']) }),
    response: breaker,
  }),
};

import { z } from 'zod';
import { endpoint, json, time } from '../endpoint.ts';

/** That a backup was restored and nothing acts until it is released. */
export const frozenState = z.object({
  restored_at: time,
  backup_at: time.describe('What was durable then is known; what happened later is not'),
});

const restoreState = z.object({
  frozen: frozenState.nullable(),
  live_runs: z
    .number()
    .int()
    .describe('Runs that go on; what they do first is asked for at the product, or of a person'),
  waiting_events: z.number().int().describe('Events that will be delivered'),
  effects: z.array(
    z.object({
      id: z.string(),
      what: z.string(),
      state: z.string(),
      finding: z.enum(['in_force', 'gone', 'changed', 'unclear', 'over', 'not_asked', 'asked_later']),
      reason: z.string(),
      open: z.boolean().describe('A person must look, and accept it by its id'),
    }),
  ),
});

/** A restored backup: what may be newer than it, and its release; and what is stored apart. */
export const restoreEndpoints = {
  getRestore: endpoint({
    method: 'GET',
    path: '/restore',
    summary: 'Whether a restored backup is frozen, and what may have happened since it was made',
    tag: 'operations',
    permission: 'settings:read',
    response: restoreState,
  }),
  reconcileRestore: endpoint({
    method: 'POST',
    path: '/restore/reconcile',
    summary: 'Ask the products about every effect that may have changed since the backup was made',
    tag: 'operations',
    permission: 'settings:write',
    response: restoreState,
  }),
  getRunValue: endpoint({
    method: 'GET',
    path: '/runs/:id/values/:value',
    summary: 'A large value of a run, which its journal and row only refer to as `{"$blob": {id, size}}`',
    tag: 'runs',
    permission: 'run:read',
    response: z.object({ value: json }),
  }),
  thawRestore: endpoint({
    method: 'POST',
    path: '/restore/thaw',
    summary: 'Let a restored backup act again; every effect that is open must be named in `accept`',
    tag: 'operations',
    permission: 'settings:write',
    body: z.strictObject({
      reason: z.string().min(1).max(500),
      accept: z.array(z.string().min(1).max(200)).max(10_000).default([]),
    }),
    response: restoreState,
  }),
};

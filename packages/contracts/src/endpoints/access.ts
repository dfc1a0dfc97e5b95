import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';
import { frozenState } from './restore.ts';
import { passwordText } from './sessions.ts';

const token = z.object({
  id: z.string(),
  title: z.string(),
  user: z.string(),
  permissions: z.array(z.string()),
  created_at: time,
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
});

/** Setting up, who am I, tokens, switches, audit, health. */
export const accessEndpoints = {
  setup: endpoint({
    method: 'POST',
    path: '/setup',
    summary: 'Create the owner with the one-time code that the first start printed',
    tag: 'access',
    permission: 'anonymous',
    body: z.strictObject({
      code: z.string().min(1).max(200),
      name: z.string().min(1).max(100),
      password: passwordText.optional().describe('Signs in as well: sets the cookie of a session'),
    }),
    response: z.object({ user: z.object({ id: z.string(), name: z.string() }), token: z.string() }),
    status: 201,
  }),
  whoami: endpoint({
    method: 'GET',
    path: '/whoami',
    summary: 'Who the token belongs to and what it allows',
    tag: 'access',
    permission: 'self:read',
    response: z.object({ principal: z.string(), name: z.string(), permissions: z.array(z.string()) }),
  }),
  listTokens: endpoint({
    method: 'GET',
    path: '/tokens',
    summary: 'List API tokens',
    tag: 'access',
    permission: 'token:write',
    response: z.object({ items: z.array(token) }),
  }),
  createToken: endpoint({
    method: 'POST',
    path: '/tokens',
    summary: 'Create an API token; it is shown once',
    tag: 'access',
    permission: 'token:write',
    body: z.strictObject({
      title: z.string().min(1).max(100),
      permissions: z.array(z.string()).min(1),
      expires_at: time.nullable().default(null),
    }),
    response: z.object({ token: z.string(), id: z.string() }),
    status: 201,
  }),
  revokeToken: endpoint({
    method: 'DELETE',
    path: '/tokens/:id',
    summary: 'Revoke an API token',
    tag: 'access',
    permission: 'token:write',
    response: token,
  }),
  listSwitches: endpoint({
    method: 'GET',
    path: '/switches',
    summary: 'Kill switches and their state',
    tag: 'guard',
    permission: 'effect:read',
    response: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          engaged: z.boolean(),
          reason: z.string(),
          principal: z.string(),
          who: z.string().describe('Their name'),
          at: time,
        }),
      ),
      connectors: z
        .array(z.object({ id: z.string(), title: z.string() }))
        .describe('Connectors that can be stopped for themselves'),
    }),
  }),
  setSwitch: endpoint({
    method: 'PUT',
    path: '/switches/:id',
    summary: 'Engage or release a kill switch: `global`, `connector:<id>` or `undo`',
    tag: 'guard',
    permission: 'guard:switch',
    body: z.strictObject({ engaged: z.boolean(), reason: z.string().min(1).max(500) }),
    response: z.object({ id: z.string(), engaged: z.boolean() }),
  }),
  listAudit: endpoint({
    method: 'GET',
    path: '/audit',
    summary: 'The audit log, newest first',
    tag: 'audit',
    permission: 'audit:read',
    query: pageQuery.extend({
      principal: z.string().max(300).optional().describe('Who did it, such as `user:…`'),
      action: z.string().max(100).optional().describe('What was done, such as `effect.undone`'),
      object: z.string().max(300).optional().describe('What it was done to, such as `effect:…`'),
      since: z.coerce.number().int().optional().describe('From this time on (Unix ms)'),
      until: z.coerce.number().int().optional().describe('Up to this time (Unix ms)'),
    }),
    response: pageOf(
      z.object({
        seq: z.number().int(),
        at: time,
        principal: z.string(),
        who: z.string().describe('Their name'),
        action: z.string(),
        object: z.string(),
        data: json,
        trace: z.string(),
        prev: z.string(),
        hash: z.string(),
      }),
    ),
  }),
  verifyAudit: endpoint({
    method: 'GET',
    path: '/audit/verify',
    summary: 'Check the whole audit chain',
    tag: 'audit',
    permission: 'audit:read',
    response: z.object({
      rows: z.number().int(),
      head: z.string().describe('Hash of the last row'),
      checkpoints: z.number().int(),
      vouched_to: z.number().int().describe('Last row that a signed checkpoint vouches for'),
      findings: z.array(
        z.object({ kind: z.string(), seq: z.number().int(), to: z.number().int(), message: z.string() }),
      ),
    }),
  }),
  status: endpoint({
    method: 'GET',
    path: '/status',
    summary: 'What the server is doing',
    tag: 'operations',
    permission: 'self:read',
    response: z.object({
      version: z.string(),
      installation: z.string(),
      started_at: time,
      store: z.string(),
      lab: z.boolean(),
      counts: z.record(z.string(), z.number().int()),
      switches: z.array(z.string()),
      frozen: frozenState.nullable().describe('A restored backup that does not act yet'),
    }),
  }),
};

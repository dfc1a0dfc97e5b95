import { z } from 'zod';
import { endpoint, time } from '../endpoint.ts';

const node = z.object({
  id: z.string(),
  title: z.string(),
  site: z.string(),
  enabled: z.boolean(),
  state: z.enum(['online', 'offline']),
  joined_at: time.nullable().describe('When it joined with a one-time token; null: not yet'),
  fingerprint: z.string().describe("Of the node's key; empty before it joined"),
  bundle: z.number().int().describe('Number of the bundle that is meant for it; 0: none yet'),
  works_by: z.number().int().describe('Number of the bundle that it works by, as it said last'),
  waiting: z.number().int().describe('Commands that wait until it is reached'),
});

const joinToken = z.object({
  token: z.string().describe('Lets one node join, once'),
  expires_at: time,
  fingerprint: z.string().describe("Of the centre's key: the node shows the same when it has joined"),
});

/** Edge nodes, as people manage them. */
export const edgeNodeEndpoints = {
  listEdgeNodes: endpoint({
    method: 'GET',
    path: '/edge-nodes',
    summary: 'List the edge nodes, by id',
    tag: 'fabric',
    permission: 'fabric:read',
    response: z.object({ items: z.array(node), fingerprint: z.string().describe("Of the centre's key") }),
  }),
  getEdgeNode: endpoint({
    method: 'GET',
    path: '/edge-nodes/:id',
    summary: 'Look at an edge node: what it works by, and what waits for it',
    tag: 'fabric',
    permission: 'fabric:read',
    response: node.extend({
      connections: z.array(z.string()),
      reactions: z.array(z.string()),
      commands: z
        .array(
          z.object({
            id: z.string(),
            kind: z.string(),
            effect: z.string(),
            reason: z.string(),
            state: z.enum(['waiting', 'done']),
            result: z.string(),
            created_at: time,
            done_at: time.nullable(),
          }),
        )
        .describe('The newest hundred'),
    }),
  }),
  createEdgeNode: endpoint({
    method: 'POST',
    path: '/edge-nodes',
    summary: 'Let an edge node in: makes its participant, and the one-time token that it joins with',
    tag: 'fabric',
    permission: 'fabric:write',
    body: z.strictObject({
      id: z.string().min(1).max(64),
      title: z.string().min(1).max(200).optional().describe('Default: the id'),
      site: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'a snake_case name'),
      trust: z
        .array(z.string().min(1).max(800))
        .max(200)
        .default([])
        .describe('Topic patterns: what its reactions publish there may cause containment elsewhere'),
    }),
    response: joinToken.extend({ id: z.string() }),
    status: 201,
  }),
  createJoinToken: endpoint({
    method: 'POST',
    path: '/edge-nodes/:id/join-tokens',
    summary: 'Make another one-time token for an edge node; when it is used, the node that joined before is out',
    tag: 'fabric',
    permission: 'fabric:write',
    response: joinToken,
    status: 201,
  }),
};

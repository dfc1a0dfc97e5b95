import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';

const network = z.enum(['public', 'private', 'lab']);

const grade = z
  .object({
    letter: z.enum(['A', 'B', 'C', '-']).describe('A proven, B dependable, C works, - not even that'),
    facts: z.array(
      z.object({
        fact: z
          .string()
          .describe('Such as `simulated_faults`; docs/explanation/connector-grades.md says what each means'),
        for: z.enum(['A', 'B', 'C']).describe('The grade that asks for it'),
        holds: z.boolean(),
      }),
    ),
  })
  .nullable()
  .describe('null: it does not come with the product as a connector, so nobody here has graded it');

const connectorSummary = z.object({
  id: z.string(),
  title: z.string(),
  vendor: z.string(),
  description: z.string(),
  version: z.string(),
  builtin: z.boolean(),
  kind: z.enum(['product', 'participant', 'builtin']),
  grade,
  capabilities: z.array(z.string()),
  actions: z.array(z.object({ name: z.string(), title: z.string(), effect: z.string() })),
  connections: z.object({
    total: z.number().int(),
    enabled: z.number().int(),
    failing: z.number().int().describe('Enabled ones whose last test or last change failed'),
  }),
});

const failure = z.object({ code: z.string(), message: z.string(), help: z.string() });

const check = z
  .object({ at: time, ok: z.boolean(), millis: z.number().int(), error: failure.nullable(), principal: z.string() })
  .describe('The last test');

const health = z.object({
  state: z.enum(['working', 'failing', 'untested', 'disabled']),
  check: check.nullable(),
  changes: z
    .object({ succeeded: z.number().int(), failed: z.number().int(), unknown: z.number().int() })
    .describe(
      'Changes that were asked for in the last 24 hours, by how they ended; what only reads is not in the ledger',
    ),
});

const connection = z.object({
  id: z.string(),
  connector: z.string(),
  title: z.string(),
  config: json,
  secrets: z.array(z.string()).describe('Names of the secret fields that are set; values never leave the vault'),
  network,
  allowed_hosts: z.array(z.string()),
  simulated: z.boolean(),
  site: z.string().describe('The edge node that calls it; empty: this server'),
  enabled: z.boolean(),
  created_at: time,
  updated_at: time,
});

const connectionState = connection.extend({ health });

const effectLine = z.object({
  id: z.string(),
  action: z.string(),
  target: z.string(),
  state: z.string(),
  at: time,
  ended_at: time
    .nullable()
    .describe('Since when it no longer stands; what never stands, such as a message, has it at once'),
  error: failure.nullable(),
});

/** What a connection is made of, before it is one. */
const connectionDraft = z.strictObject({
  connector: z.string(),
  config: z.record(z.string(), json).default({}),
  network: network.default('public'),
  allowed_hosts: z.array(z.string()).optional(),
  site: z.string().max(64).optional().describe('The edge node that calls it; default: this server'),
});

/** Connectors and connections. */
export const integrationEndpoints = {
  listConnectors: endpoint({
    method: 'GET',
    path: '/connectors',
    summary: 'List connectors and their actions',
    tag: 'connectors',
    permission: 'connection:read',
    response: z.object({ items: z.array(connectorSummary) }),
  }),
  getConnector: endpoint({
    method: 'GET',
    path: '/connectors/:id',
    summary: 'The manifest of a connector',
    tag: 'connectors',
    permission: 'connection:read',
    response: z.object({ manifest: json, kind: z.enum(['product', 'participant', 'builtin']), grade }),
  }),
  listConnections: endpoint({
    method: 'GET',
    path: '/connections',
    summary: 'List connections',
    tag: 'connectors',
    permission: 'connection:read',
    query: pageQuery.extend({ connector: z.string().optional() }),
    response: pageOf(connectionState),
  }),
  getConnection: endpoint({
    method: 'GET',
    path: '/connections/:id',
    summary: 'One connection: how it works, what it has in force, which playbooks use it',
    tag: 'connectors',
    permission: 'connection:read',
    response: connectionState.extend({
      in_force: z
        .number()
        .int()
        .describe('Changes made through it that stand; it cannot be removed before they are undone'),
      recent: z.array(effectLine).describe('The last changes asked for through it'),
      playbooks: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          kind: z.enum(['playbook', 'reaction']),
          steps: z.array(z.string()),
          how: z
            .enum(['named', 'connector', 'capability'])
            .describe('Whether it is named, or one of those that would be taken'),
        }),
      ),
    }),
  }),
  checkConnection: endpoint({
    method: 'POST',
    path: '/connections/check',
    summary: 'Where a connection would send, and what is wrong with it; nothing is sent and nothing stored',
    tag: 'connectors',
    permission: 'connection:write',
    body: connectionDraft,
    response: z.object({
      problem: z.string().nullable().describe('What is wrong with the configuration'),
      base_url: z.string().nullable(),
      allowed_hosts: z.array(z.string()).describe('The hosts that it would send to, and no others'),
      refusal: z.string().nullable().describe('Why the base URL would be refused in this network scope'),
    }),
  }),
  tryConnection: endpoint({
    method: 'POST',
    path: '/connections/try',
    summary:
      'Prove a credential before it is stored: the test of the connector is called once, through the same guard for egress',
    tag: 'connectors',
    permission: 'connection:write',
    body: connectionDraft.extend({ secrets: z.record(z.string(), z.string()).default({}) }),
    response: z.object({ ok: z.boolean(), millis: z.number().int(), error: failure.nullable() }),
  }),
  createConnection: endpoint({
    method: 'POST',
    path: '/connections',
    summary: 'Configure an instance of a connector; secrets go to the vault',
    tag: 'connectors',
    permission: 'connection:write',
    body: z.strictObject({
      id: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
      connector: z.string(),
      title: z.string().min(1).max(100),
      config: z.record(z.string(), json).default({}),
      secrets: z.record(z.string(), z.string()).default({}),
      network: network.default('public'),
      allowed_hosts: z.array(z.string()).optional(),
      site: z.string().max(64).optional().describe('The edge node that calls it; default: this server'),
    }),
    response: connection,
    status: 201,
  }),
  updateConnection: endpoint({
    method: 'PATCH',
    path: '/connections/:id',
    summary: 'Change a connection; changing where it points asks for its secrets again',
    tag: 'connectors',
    permission: 'connection:write',
    body: z.strictObject({
      title: z.string().min(1).max(100).optional(),
      config: z.record(z.string(), json).optional(),
      secrets: z.record(z.string(), z.string()).optional(),
      network: network.optional(),
      allowed_hosts: z.array(z.string()).optional(),
      site: z.string().max(64).optional().describe('The edge node that calls it; empty: this server'),
      enabled: z.boolean().optional(),
    }),
    response: connection,
  }),
  deleteConnection: endpoint({
    method: 'DELETE',
    path: '/connections/:id',
    summary: 'Remove a connection and its secrets; refused while effects made through it are in force',
    tag: 'connectors',
    permission: 'connection:write',
    response: z.object({ id: z.string() }),
  }),
  testConnection: endpoint({
    method: 'POST',
    path: '/connections/:id/test',
    summary: 'Prove that a connection and its credential work',
    tag: 'connectors',
    permission: 'connection:use',
    response: z.object({ ok: z.boolean(), millis: z.number().int(), error: json }),
  }),
};

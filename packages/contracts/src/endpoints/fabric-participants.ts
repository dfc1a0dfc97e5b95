import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';

const count = z.number().int();

const patterns = z.array(z.string().min(1).max(800)).max(200);

const rights = z.strictObject({
  publish: patterns.describe('Topic patterns: `*` one word, `>` the rest'),
  subscribe: patterns.describe('Topic patterns'),
  offer: patterns.describe('Services that it may offer: `*` any text'),
  invoke: patterns.describe('Services that it may invoke: `*` any text'),
});

const participant = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['token', 'certificate', 'edge']).describe('How it proves who it is'),
  site: z.string().describe('Where it stands; empty: no site'),
  rights,
  trust: patterns.describe('Topic patterns: what it publishes there may cause containment'),
  enabled: z.boolean(),
  state: z.enum(['online', 'offline']),
  declared: z.boolean().describe('Git says its rights and its offers'),
  drifted: z.boolean().describe('It says something else of itself than git does'),
  services: z.array(z.string()).describe('Services that it offers, live or not'),
  capabilities: z.array(z.string()),
  joined_at: time.nullable(),
  seen_at: time.nullable(),
  created_at: time,
});

const credential = z.object({
  id: z.string(),
  kind: z.enum(['token', 'certificate', 'join']),
  detail: json.describe('Title of a token; serial number, subject and PEM of a certificate'),
  not_before: time,
  not_after: time.nullable(),
  revoked_at: time.nullable(),
  used_at: time.nullable(),
  created_at: time,
});

const refusal = z.object({
  kind: z.enum(['publish', 'subscribe', 'offer', 'invoke']),
  subject: z.string().describe('The topic, pattern or service'),
  count: count.describe('Since this process started'),
  code: z.string(),
  reason: z.string(),
  at: time,
});

const drift = z.object({
  field: z.string().describe('Dotted, such as `offers.block_domain`'),
  declared: json.describe('What git says; null: nothing'),
  found: json.describe('What it said when it joined; null: nothing'),
});

const instance = z.object({
  id: z.string(),
  participant: z.string(),
  service: z.string(),
  topics: z.array(z.string()),
  site: z.string(),
  metadata: json,
  local: z.boolean().describe('Its connection ends in the process that answered'),
  expires_at: time.nullable(),
});

const session = z.object({
  id: z.string(),
  via: z.enum(['http', 'mqtt', 'dxl', 'edge']),
  heard_at: time.describe('When something came over it last'),
  silence: count.nullable().describe('Milliseconds of silence after which it is cut; null: never for silence alone'),
});

const sessions = z.array(session).describe('Its connections that end in the process that answered');

/** Participants of the fabric, their credentials, and services. */
export const fabricParticipantEndpoints = {
  listParticipants: endpoint({
    method: 'GET',
    path: '/participants',
    summary: 'List the participants of the fabric, newest first',
    tag: 'fabric',
    permission: 'fabric:read',
    query: pageQuery.extend({ state: z.enum(['online', 'offline']).optional() }),
    response: pageOf(participant),
  }),
  getParticipant: endpoint({
    method: 'GET',
    path: '/participants/:id',
    summary: 'Look at a participant: declarations, drift, credentials, refusals',
    tag: 'fabric',
    permission: 'fabric:read',
    response: participant.extend({
      declaration: json.describe('The declaration that counts; null: it has none'),
      announced: json.describe('What it said of itself when it joined last; null: nothing'),
      drift: z.array(drift),
      credentials: z.array(credential),
      refusals: z.array(refusal).describe('With their reasons, since this process started'),
      refused_day: z.number().int().describe('How often it was refused in the last 24 hours'),
      instances: z.array(instance),
      sessions,
    }),
  }),
  testParticipant: endpoint({
    method: 'POST',
    path: '/participants/:id/test',
    summary: 'Ask a participant whether it is there, as far as it can be asked without doing anything',
    tag: 'fabric',
    permission: 'fabric:operate',
    response: z.object({
      outcome: z
        .enum(['answered', 'silent', 'unasked', 'away'])
        .describe('`unasked`: connected, and it offers no `ping`; `away`: not connected'),
      asked: z.string().describe('The service that was asked; empty: none'),
      millis: count.nullable().describe('Until it answered, or the time was over'),
      error: z.object({ code: z.string(), message: z.string(), help: z.string() }).nullable(),
      sessions,
      at: time,
    }),
  }),
  createParticipant: endpoint({
    method: 'POST',
    path: '/participants',
    summary: 'Let a participant in; it has no credential yet',
    tag: 'fabric',
    permission: 'fabric:write',
    body: z.strictObject({
      id: z.string().min(1).max(64),
      title: z.string().min(1).max(200),
      kind: z.enum(['token', 'certificate']).default('token').describe('Edge nodes are let in by `createEdgeNode`'),
      site: z.string().max(64).default(''),
      rights: rights.partial().default({}),
      trust: patterns.default([]),
    }),
    response: participant,
    status: 201,
  }),
  updateParticipant: endpoint({
    method: 'PATCH',
    path: '/participants/:id',
    summary: 'Change, enable or disable a participant; disabling ends its sessions',
    tag: 'fabric',
    permission: 'fabric:write',
    body: z.strictObject({
      title: z.string().min(1).max(200).optional(),
      site: z.string().max(64).optional(),
      rights: rights.partial().optional().describe('What is left out stays'),
      trust: patterns.optional(),
      enabled: z.boolean().optional(),
    }),
    response: participant,
  }),
  deleteParticipant: endpoint({
    method: 'DELETE',
    path: '/participants/:id',
    summary: 'Remove a participant with its credentials and services; refused while its effects are in force',
    tag: 'fabric',
    permission: 'fabric:write',
    response: z.object({ id: z.string() }),
  }),
  createParticipantToken: endpoint({
    method: 'POST',
    path: '/participants/:id/tokens',
    summary: 'Make a token for a participant; its text is shown this once',
    tag: 'fabric',
    permission: 'fabric:write',
    body: z.strictObject({
      title: z.string().min(1).max(200),
      valid_for: z.string().max(20).optional().describe('Such as 90d; left out: until it is revoked'),
    }),
    response: z.object({ id: z.string().describe('Id of the credential'), token: z.string() }),
    status: 201,
  }),
  revokeParticipantCredential: endpoint({
    method: 'DELETE',
    path: '/participants/:id/credentials/:credential',
    summary: 'Revoke a token or certificate at once; sessions that were opened with it end',
    tag: 'fabric',
    permission: 'fabric:write',
    response: z.object({ id: z.string() }),
  }),
  listServices: endpoint({
    method: 'GET',
    path: '/services',
    summary: 'List the live instances of services, by service',
    tag: 'fabric',
    permission: 'fabric:read',
    query: pageQuery.extend({ service: z.string().max(800).optional().describe('Only those of this service') }),
    response: pageOf(instance),
  }),
  invokeService: endpoint({
    method: 'POST',
    path: '/services/invoke',
    summary: 'Ask a service; what changes something passes the same door as any action',
    tag: 'fabric',
    permission: 'connection:use',
    body: z.strictObject({
      service: z
        .string()
        .min(1)
        .max(800)
        .describe('`<participant>.<action>`, `<connector>.<action>`, `capability:<name>` or `dxl.<service type>`'),
      payload: json.default({}),
      instance: z.string().max(200).optional().describe('Only this instance'),
      topic: z.string().max(800).optional().describe('The topic to address, where the service takes several'),
      site: z.string().max(64).optional().describe('The nearest instance to this site is asked first'),
      timeout: z.string().max(20).default('30s'),
      lease: z.string().max(20).optional().describe('How long a lasting effect is to stay, such as 1h'),
      key: z.string().min(1).max(200).optional().describe('Asking again under the same key does nothing twice'),
    }),
    response: z.object({ answer: json, key: z.string() }),
  }),
};

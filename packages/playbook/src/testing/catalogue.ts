import type { ActionManifest, ConnectorManifest, EffectClass, JsonSchema } from '@counterpoint/connector-kit';
import type { Json } from '@counterpoint/core';
import type { Catalogue, PlaybookSignature, TopicDeclaration } from '../catalogue.ts';
import { type Calendar, parseCalendar } from '../declared/calendar.ts';
import { parseTable } from '../declared/table.ts';

/** A closed object schema; names ending in `?` are not required. */
function object(fields: Readonly<Record<string, Json>>): JsonSchema {
  const entries = Object.entries(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

const text = { type: 'string' };
const foreign = { type: 'string', untrusted: true };
const whole = { type: 'integer' };
const list = (items: Json): Json => ({ type: 'array', items });

function action(
  effect: EffectClass,
  input: Readonly<Record<string, Json>>,
  output: Readonly<Record<string, Json>>,
  more: Partial<ActionManifest> = {},
): ActionManifest {
  return {
    title: 'An action',
    effect,
    input: object(input),
    output: object(output),
    idempotent: effect === 'read',
    ...more,
  };
}

const inverse = { inverse: { action: 'undo', with: {} } };

function connector(id: string, actions: ConnectorManifest['actions'], builtin = false): [string, ConnectorManifest] {
  const about = {
    title: id,
    vendor: 'Test',
    description: 'For tests.',
    version: '1.0.0',
    documentation: 'https://docs.example',
  };
  return [id, { id, ...about, ...(builtin ? { builtin } : {}), connection: { type: 'object' }, actions }];
}

const connectors = new Map([
  connector('imap_mailbox', {
    get_message: action(
      'read',
      { id: text },
      { subject: foreign, urls: list(foreign), fingerprint: text, sender_domain: foreign },
    ),
    search: action(
      'read',
      { fingerprint: text, 'within?': text, 'limit?': { type: 'integer', minimum: 1, maximum: 500 } },
      { messages: list(foreign), recipients: list(foreign) },
    ),
    query: action('read', { query: { ...text, query: true }, 'bind?': list(text) }, { rows: list({ type: 'object' }) }),
    purge: action('contain', { messages: list(text) }, { count: whole }, { idempotent: true, ...inverse }),
    erase: action('destroy', { id: text }, { count: whole }),
  }),
  connector('virustotal', { lookup_url: action('read', { url: text }, { malicious: whole, permalink: text }) }),
  connector('slack', { post: action('notify', { text: { ...text, untrusted: true } }, { ts: text }) }),
  connector('dns', { whois: action('read', { domain: text }, { registrar: foreign, age_days: whole }) }, true),
  connector('ticketing', { open: action('change', { title: text }, { id: text }, { idempotent: true }) }),
  connector('firewall', {
    block_ip: action(
      'contain',
      { ip: text, 'note?': { ...text, untrusted: true }, 'direction?': { enum: ['in', 'out'] } },
      { rule_id: text },
      { idempotent: true, ...inverse },
    ),
    cut_off: action('contain', { host: text }, { ok: { type: 'boolean' } }),
    tag: action('change', { ip: text, tag: text }, { ok: { type: 'boolean' } }, inverse),
  }),
  connector(
    'case',
    {
      open: action(
        'change',
        { title: { ...text, untrusted: true }, 'observables?': list(foreign) },
        { id: text },
        { idempotent: true },
      ),
    },
    true,
  ),
]);

function topic(name: string, fields: Readonly<Record<string, Json>> | undefined): [string, TopicDeclaration] {
  return [name, { topic: name, title: name, open: fields === undefined, schema: fields && object(fields) }];
}

const alert = object({
  id: text,
  title: foreign,
  severity: whole,
  simulated: { type: 'boolean' },
  finding: { type: 'object', properties: {}, additionalProperties: true, untrusted: true },
  observables: list(object({ type: text, value: foreign })),
});

const topics = new Map([
  topic('mail.reported.v1', { report_id: text, reporter: text, message_ref: text }),
  topic('verdict.url.v1', { url: foreign, verdict: text, confidence: whole }),
  topic('control.url_blocked.v1', { url: foreign, rule: text }),
  topic('note.v1', { reason: text }),
  topic('control.failed.v1', { reason: foreign, 'code?': text, 'reaction?': text, 'event?': text, 'step?': text }),
  topic('alert.created.v1', { alert, source: text }),
  topic('case.changed.v1', { case: object({ id: text, status: text }), change: text }),
  topic('report.v1', { by: object({ name: text, 'words?': foreign }), names: list(text), notes: list(foreign) }),
  topic('dxl.raw.v1', undefined),
]);

const row = { type: 'object' };
const table = connector(
  'table',
  {
    get: action('read', { table: text, key: text }, { found: { type: 'boolean' }, 'value?': row }),
    list: action('read', { table: text }, { rows: list(object({ key: text, value: row })) }),
    upsert: action('change', { table: text, key: text, value: row }, { created: { type: 'boolean' }, value: row }),
    increment: action('change', { table: text, key: text, column: text, 'by?': whole }, { value: { type: 'number' } }),
  },
  true,
);
connectors.set(...table);

const tables = new Map(
  [
    `kind: table/v1
id: senders
title: Who sent what
key: Address of the sender
columns:
  count: { type: integer, default: 0 }
  owner: { type: string }
  subject: { type: string, untrusted: true }
`,
  ].map((one) => [parseTable(one).id, parseTable(one)] as const),
);

function calendar(id: string): [string, Calendar] {
  const windows = '[{ open: "0 0 * * 6", for: 2d }]';
  const text = `kind: calendar/v1\nid: ${id}\ntitle: Free\ntime_zone: UTC\nwindows: ${windows}\n`;
  return [id, parseCalendar(text, Date.UTC(2026, 0, 1))];
}

const endSessions: PlaybookSignature = {
  inputs: { users: { schema: { ...(list(text) as JsonSchema), untrusted: true }, required: true } },
  outputs: object({ ended: whole }),
  calls: ['look_up_user'],
  needsEvent: false,
};

const playbooks = new Map<string, PlaybookSignature>([
  ['end_sessions', endSessions],
  [
    'look_up_user',
    {
      inputs: { name: { schema: text, required: true } },
      outputs: object({ mail: text }),
      calls: [],
      needsEvent: false,
    },
  ],
  ['calls_back', { inputs: {}, outputs: object({}), calls: ['t'], needsEvent: false }],
  ['on_event_only', { inputs: {}, outputs: object({}), calls: [], needsEvent: true }],
]);

/** A small world for tests: mail, reputation, chat, a firewall, and what happens in them. */
export const testCatalogue: Catalogue = {
  connectors,
  capabilities: new Map([
    ['ticketing', { effect: 'change', input: object({ title: text }), output: object({ id: text }) }],
    ['block_url', { effect: 'contain', input: object({ url: text }), output: object({ rule_id: text }) }],
  ]),
  topics,
  tables,
  calendars: new Map([calendar('weekend'), calendar('night_shift'), calendar('maintenance')]),
  playbooks,
  connections: new Map([
    ['edge_firewall', { connector: 'firewall' }],
    ['soc_mail', { connector: 'imap_mailbox' }],
  ]),
  errorNames: new Set(['rate_limited', 'unavailable', 'timeout', 'forbidden']),
};

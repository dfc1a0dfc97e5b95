import type { ConnectorManifest, JsonSchema } from '@counterpoint/connector-kit';
import type { Catalogue } from '@counterpoint/playbook';

const object = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const text: JsonSchema = { type: 'string' };
const base = { idempotent: true, title: 'x' } as const;

const firewall: ConnectorManifest = {
  id: 'firewall',
  title: 'Firewall',
  vendor: 'Acme',
  description: 'x',
  version: '1.0.0',
  documentation: 'https://example.com',
  connection: { type: 'object' },
  actions: {
    block: {
      ...base,
      effect: 'contain',
      input: object({ ip: text }, ['ip']),
      output: object({ rule: text, already: { type: 'boolean' } }, ['rule', 'already']),
      inverse: { action: 'unblock', with: {} },
    },
    unblock: { ...base, effect: 'change', input: object({ ip: text }), output: object({}) },
    lookup: {
      ...base,
      effect: 'read',
      input: object({ ip: text }, ['ip']),
      output: object({ score: { type: 'integer' } }, ['score']),
    },
  },
};

/** A small world for tests: a firewall, one topic and one playbook that can be called. */
export const rehearsalCatalogue: Catalogue = {
  connectors: new Map([['firewall', firewall]]),
  capabilities: new Map(),
  topics: new Map([
    [
      'scan.done.v1',
      {
        topic: 'scan.done.v1',
        title: 'x',
        open: false,
        schema: object({ ips: { type: 'array', items: text } }, ['ips']),
      },
    ],
  ]),
  playbooks: new Map([
    [
      'close_ticket',
      {
        inputs: { id: { schema: text, required: true } },
        outputs: object({ closed: { type: 'boolean' } }, ['closed']),
        calls: [],
        needsEvent: false,
      },
    ],
  ]),
  connections: undefined,
  tables: new Map([
    [
      'seen',
      {
        id: 'seen',
        title: 'x',
        description: '',
        key: 'address',
        columns: { times: { type: 'integer' } },
        row: object({ times: { type: 'integer' } }),
        part: object({ times: { type: 'integer' } }),
      },
    ],
  ]),
};

import type { JsonSchema } from '@counterpoint/connector-kit';

const entries = (what: string): JsonSchema => ({
  type: 'array',
  default: [],
  maxItems: 10_000,
  items: {
    type: 'object',
    properties: {
      value: { type: 'string', minLength: 1, maxLength: 255, description: what },
      why: { type: 'string', minLength: 1, maxLength: 500, description: 'What people are told when it is refused' },
    },
    required: ['value', 'why'],
    additionalProperties: false,
  },
});

const action: JsonSchema = { type: 'string', pattern: '^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$' };

/** The form of `policy.yaml`. */
export const policySchema: JsonSchema = {
  type: 'object',
  properties: {
    kind: { const: 'policy/v1' },
    protected: {
      type: 'object',
      properties: {
        own: {
          type: 'array',
          uniqueItems: true,
          items: { enum: ['addresses', 'gateways', 'resolvers'] },
          description: "This machine's own addresses, its gateways, and the name servers that it uses",
        },
        addresses: entries('An address, a network (192.0.2.0/24) or a range (192.0.2.1-192.0.2.9)'),
        names: entries('A host name; also protected by every address that it resolves to'),
        domains: entries('A domain, with everything under it'),
        accounts: entries('An account or mail address'),
      },
      required: ['own'],
      additionalProperties: false,
    },
    widest_prefix: {
      type: 'object',
      properties: {
        ipv4: { type: 'integer', minimum: 1, maximum: 32 },
        ipv6: { type: 'integer', minimum: 1, maximum: 128 },
      },
      required: ['ipv4', 'ipv6'],
      additionalProperties: false,
    },
    lease: {
      type: 'object',
      properties: {
        max: { type: 'string', description: 'The longest lease, such as 30d' },
        permanent: { type: 'array', default: [], items: action },
      },
      required: ['max'],
      additionalProperties: false,
    },
    budgets: {
      type: 'array',
      default: [],
      maxItems: 100,
      items: {
        type: 'object',
        properties: {
          of: {
            anyOf: [{ enum: ['notify', 'change', 'contain', 'destroy'] }, action],
            description: 'An effect class, or an action such as edr.isolate_host',
          },
          max: { type: 'integer', minimum: 1, maximum: 1000, description: 'How often without people' },
          per: { type: 'string', description: 'Within which time, such as 1h' },
        },
        required: ['of', 'max', 'per'],
        additionalProperties: false,
      },
    },
    approval: {
      type: 'object',
      default: {},
      properties: {
        effects: { type: 'array', default: [], items: { enum: ['notify', 'change', 'contain', 'destroy'] } },
        actions: { type: 'array', default: [], items: action },
        role: { type: 'string', default: 'engineer', minLength: 1, description: 'The role of people who decide' },
        quorum: { type: 'integer', default: 1, minimum: 1, maximum: 20, description: 'How many of them must approve' },
        self: {
          type: 'boolean',
          default: false,
          description: 'Whether people may approve what they themselves asked for or started',
        },
        wait: { type: 'string', default: '24h', description: 'How long a run waits for them; then it is denied' },
        valid: { type: 'string', default: '24h', description: 'How long an approval may be used' },
      },
      additionalProperties: false,
    },
  },
  required: ['kind', 'protected', 'widest_prefix', 'lease'],
  additionalProperties: false,
};

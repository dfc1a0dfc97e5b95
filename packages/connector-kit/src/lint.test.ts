import { describe, expect, it } from 'vitest';
import { type CapabilityContract, lintManifest } from './lint.ts';
import type { ActionManifest, ConnectorManifest } from './manifest.ts';

const ip = { type: 'string', description: 'The address.', untrusted: true };
const ban: ActionManifest = {
  title: 'Ban',
  effect: 'contain',
  idempotent: true,
  minutes_saved: 1,
  target: '"ip:" + input.ip',
  preexisting: 'output.already_blocked',
  inverse: { action: 'unban', with: {} },
  verify: { action: 'find', with: {}, holds: 'output.banned' },
  input: { type: 'object', required: ['ip'], properties: { ip } },
  output: {
    type: 'object',
    required: ['ip', 'already_blocked'],
    properties: { ip, already_blocked: { type: 'boolean', description: 'Whether it was.' } },
  },
};
const clean: ConnectorManifest = {
  id: 'acme',
  title: 'Acme',
  vendor: 'Acme',
  description: 'Things.',
  version: '1.0.0',
  documentation: 'https://docs.acme.example/',
  connection: {
    type: 'object',
    properties: { api_key: { type: 'string', secret: true, description: 'The key.' } },
  },
  test: { action: 'ban', with: {} },
  capabilities: { block_ip: 'ban' },
  actions: { ban },
};

const contracts: Readonly<Record<string, CapabilityContract>> = {
  block_ip: {
    effect: 'contain',
    input: { type: 'object', required: ['ip'], properties: { ip } },
    output: { type: 'object', required: ['ip', 'already_blocked'], properties: {} },
  },
};

function rules(manifest: ConnectorManifest): readonly string[] {
  return lintManifest(manifest, contracts).map(({ level, rule }) => `${level} ${rule}`);
}

function without<T extends object>(value: T, ...keys: readonly (keyof T)[]): T {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as keyof T))) as T;
}

const withBan = (action: ActionManifest): ConnectorManifest => ({ ...clean, actions: { ban: action } });

describe('lintManifest', () => {
  it('finds nothing in a good manifest', () => {
    expect(lintManifest(clean, contracts)).toEqual([]);
  });

  it('asks a contain for target, inverse, verify and preexisting', () => {
    const bare = without(ban, 'target', 'inverse', 'verify', 'preexisting');
    expect(rules(withBan(bare))).toEqual([
      'error effect_needs_target',
      'error contain_needs_inverse',
      'error contain_needs_verify',
    ]);
    expect(rules(withBan(without(ban, 'preexisting')))).toEqual(['warning say_preexisting']);
  });

  it('accepts a reason in place of inverse and verify', () => {
    const reasons = { irreversible: 'It is sent.', unverifiable: 'It answers nothing.' };
    const irreversible = withBan({ ...without(ban, 'inverse', 'verify'), ...reasons });
    expect(lintManifest({ ...irreversible, capabilities: {} }, contracts)).toEqual([]);
    expect(rules(irreversible)).toEqual(['error capability_inverse']);
  });

  it('asks every field for a description, however deep', () => {
    const nested = {
      type: 'array',
      description: 'A list.',
      items: { type: 'object', properties: { n: { type: 'integer' } } },
    };
    const output = { ...ban.output, properties: { ...(ban.output.properties as object), nested } };
    const findings = lintManifest(withBan({ ...ban, output }));
    expect(findings).toMatchObject([
      { rule: 'field_needs_description', path: 'actions.ban.output.nested.items.n', level: 'error' },
    ]);
  });

  it('asks whether text in outputs is untrusted, but not of closed or formal text', () => {
    const field = (more: object) => ({ type: ['string', 'null'], description: 'Text.', ...more });
    const properties = {
      ...(ban.output.properties as object),
      free: field({}),
      closed: field({ enum: ['a', null] }),
      formal: field({ format: 'date-time' }),
      said: field({ untrusted: false }),
    };
    const findings = lintManifest(withBan({ ...ban, output: { ...ban.output, properties } }));
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
      ['say_whether_untrusted', 'actions.ban.output.free'],
    ]);
  });

  it('asks for marked secrets, a test of the credential, and no secret in a URL', () => {
    const token = { type: 'string', description: 'The token.' };
    expect(rules({ ...clean, connection: { type: 'object', properties: { token } } })).toEqual([
      'error secret_not_marked',
    ]);
    expect(rules(without(clean, 'test'))).toEqual(['error credential_needs_test']);
    const query = { key: `$${'{{ secret.api_key }}'}` };
    expect(rules({ ...clean, auth: { query } })).toEqual(['error secret_in_url']);
  });

  it('holds a capability to its contract', () => {
    const input = { type: 'object', required: ['ip', 'zone'], properties: { ip, zone: ip } };
    const output = { type: 'object', required: ['ip'], properties: { ip } };
    const effect = 'change' as const;
    expect(rules(withBan({ ...ban, input, output, effect }))).toEqual([
      'error capability_effect',
      'error capability_input',
      'error capability_output',
    ]);
    const unknown = lintManifest({ ...clean, capabilities: { block_ips: 'ban' } }, contracts);
    expect(unknown[0]?.message).toContain('did you mean block_ip?');
  });

  it('asks a read to be idempotent, and advises on the rest', () => {
    const read = without({ ...ban, effect: 'read' as const, idempotent: false }, 'minutes_saved', 'inverse', 'verify');
    expect(rules({ ...withBan(read), capabilities: {} })).toEqual([
      'error reads_are_idempotent',
      'warning say_minutes_saved',
    ]);
    const notify = without({ ...ban, effect: 'notify' as const, idempotent: false }, 'inverse', 'verify');
    expect(rules({ ...withBan(notify), capabilities: {} })).toEqual(['warning unknown_needs_verify']);
  });

  it('wants the documentation over https', () => {
    expect(rules({ ...clean, documentation: 'http://docs.acme.example/' })).toEqual(['error documentation_link']);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPlaybook } from './check.ts';
import { compilePlaybook } from './compile.ts';
import { testCatalogue } from './testing/catalogue.ts';

const folder = new URL('./good/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

describe('good documents', () => {
  it.each(names)('%s is checked and compiled without findings', (name) => {
    const checked = checkPlaybook(read(name), testCatalogue);
    expect(checked.findings).toEqual([]);
    expect(checked.plan?.id).toBe(name.replace('.yaml', ''));
    const compiled = compilePlaybook(read(name), { names: testCatalogue });
    expect(compiled.plan?.version).toBe(checked.plan?.version);
    expect([...(compiled.plan?.byId.keys() ?? [])]).toEqual([...(checked.plan?.byId.keys() ?? [])]);
  });
});

describe('the plan of phishing_response', () => {
  const { plan, signature } = checkPlaybook(read('phishing_response.yaml'), testCatalogue);

  it('knows every step by its id, in the order of the document', () => {
    expect([...(plan?.byId.keys() ?? [])]).toEqual([
      'msg',
      'open',
      'verdicts',
      'rep',
      'triage',
      'scope',
      'hits',
      'whois',
      'decision',
      'purge',
      'sign_out',
      'tell',
    ]);
  });

  it('holds what the engine needs of each step', () => {
    expect(plan?.byId.get('msg')).toMatchObject({
      verb: 'action',
      alias: 'mail',
      action: 'get_message',
      retry: { attempts: 4, delay: 2_000, backoff: 2, maxDelay: 300_000, on: ['rate_limited', 'unavailable'] },
      position: { line: 13, column: 5 },
    });
    expect(plan?.byId.get('verdicts')).toMatchObject({
      verb: 'foreach',
      as: 'url',
      maxItems: 200,
      maxParallel: 5,
      onItemError: 'collect',
    });
    expect(plan?.byId.get('decision')).toMatchObject({
      verb: 'approval',
      covers: ['purge', 'sign_out'],
      by: { role: 'soc_lead', quorum: 1, delegate: false },
    });
    const decision = plan?.byId.get('decision');
    expect(decision?.verb === 'approval' && JSON.stringify(decision.deadline)).toBe('{"after":14400000,"then":"deny"}');
    expect(plan?.byId.get('purge')).toMatchObject({
      lease: { for: 2_592_000_000 },
      guard: { source: 'steps.decision.approved' },
    });
    expect(plan?.uses).toEqual({
      mail: { kind: 'connector', connector: 'imap_mailbox' },
      vt: { kind: 'connector', connector: 'virustotal' },
      chat: { kind: 'connector', connector: 'slack' },
    });
  });

  it('says how others call it', () => {
    expect(signature).toEqual({
      inputs: { threshold: { schema: { type: 'integer', default: 5 }, required: false } },
      outputs: {
        type: 'object',
        properties: { malicious: { type: 'boolean' } },
        required: ['malicious'],
        additionalProperties: false,
      },
      calls: ['end_sessions'],
      needsEvent: true,
    });
  });
});

describe('the plan of block_confirmed_url', () => {
  it('is a reaction with its limits', () => {
    const { plan, signature } = checkPlaybook(read('block_confirmed_url.yaml'), testCatalogue);
    expect(signature).toBeUndefined();
    expect(plan?.uses.proxy).toEqual({ kind: 'capability', capability: 'block_url', targets: 'all' });
    expect(plan?.triggers).toMatchObject([{ kind: 'topic', id: 'topic:verdict.url.v1' }]);
    expect(plan?.reaction).toMatchObject({
      mode: 'act',
      topic: 'verdict.url.v1',
      trust: { publishers: ['sandbox', 'intel'], sources: 1 },
      limits: { rate: { count: 30, per: 60_000 }, maxHops: 5 },
      idempotency: { ttl: 604_800_000 },
      publish: { topic: 'control.url_blocked.v1' },
      onErrorPublish: 'control.failed.v1',
    });
  });
});

import type { ConnectionRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { loadContent } from './content.ts';
import { createDesk } from './desk.ts';

const row: ConnectionRow = {
  id: 'soc_fw',
  connector: 'edge',
  title: 'Firewall',
  config: {},
  secrets: {},
  network: 'public',
  allowed_hosts: [],
  simulated: false,
  enabled: true,
  site: '',
  created_at: 0,
  updated_at: 0,
  rev: 1,
};

const about = { title: 'T', vendor: 'V', description: 'D', version: '1.0.0', documentation: 'https://docs.example' };
const input = { type: 'object', properties: { ip: { type: 'string' } }, required: ['ip'], additionalProperties: false };
const inverse = { action: 'block', with: {} };
const block = {
  title: 'Block',
  effect: 'contain',
  input,
  output: { type: 'object' },
  idempotent: true,
  inverse,
} as const;
const manifests = new Map([
  ['edge', { id: 'edge', ...about, connection: { type: 'object' }, actions: { block } }],
  ['mail', { id: 'mail', ...about, connection: { type: 'object' }, actions: {} }],
]);

async function codesFor(uses: string, args = '{ ip: 203.0.113.7 }, lease: { for: 1h }'): Promise<readonly string[]> {
  const store = createMemoryStore();
  await store.commit({ rows: [{ op: 'insert', table: 'connections', row }] });
  const desk = createDesk(store, loadContent(undefined), manifests);
  const steps = `[{ id: a, action: fw.block, with: ${args} }]`;
  const source = `kind: playbook/v1\nid: p\ntitle: T\nuses: { fw: ${uses} }\non: [{ webhook: in }]\nsteps: ${steps}\n`;
  return (await desk.check(source)).findings.map(({ code }) => code);
}

describe('createDesk: a playbook that names a connection', () => {
  it('is checked against the connector that it belongs to', async () => {
    expect(await codesFor('{ connection: soc_fw }')).toEqual([]);
    expect(await codesFor('{ connection: soc_fw }', `{ ip: "\${{ event.ip }}" }`)).toEqual([
      'playbook.lease_missing',
      'playbook.tainted_argument',
    ]);
  });

  it('is refused when there is no such connection, with or without its connector', async () => {
    expect(await codesFor('{ connection: soc_fv }')).toContain('playbook.unknown_connection');
    expect(await codesFor('{ connection: soc_fv, connector: edge }')).toContain('playbook.unknown_connection');
  });

  it('is refused when the connection belongs to another connector', async () => {
    expect(await codesFor('{ connection: soc_fw, connector: mail }')).toContain('playbook.connection_mismatch');
  });
});

describe('createDesk: a playbook that calls another', () => {
  it('is checked against the version of the other that is published now', async () => {
    const store = createMemoryStore();
    const desk = createDesk(store, loadContent(undefined), manifests);
    const caller =
      'kind: playbook/v1\nid: caller\ntitle: T\non: [{ manual: {} }]\nsteps: [{ id: a, call: other, with: { x: 1 } }]\n';
    const codes = async () => (await desk.check(caller)).findings.map(({ code }) => code);
    expect(await codes()).toEqual(['playbook.unknown_playbook']);
    const publish = async (version: string, input: string, rev: number) => {
      const source = `kind: playbook/v1\nid: other\ntitle: T\ninputs: { ${input}: { type: integer } }\nsteps: [{ id: b, fail: c }]\n`;
      const row = {
        id: 'other',
        kind: 'playbook',
        title: 'T',
        current: version,
        enabled: true,
        updated_at: 0,
        rev,
      } as const;
      const stored = { id: version, playbook: 'other', number: rev, source, published_at: 0, principal: 'user:ada' };
      await store.commit({
        rows: [
          { op: rev === 1 ? 'insert' : 'update', table: 'playbooks', row },
          { op: 'insert', table: 'playbook_versions', row: stored },
        ],
      });
    };
    await publish('v1', 'x', 1);
    expect(await codes()).toEqual([]);
    await publish('v2', 'y', 2);
    expect(await codes()).toEqual(expect.arrayContaining(['playbook.unknown_argument', 'playbook.missing_argument']));
  });
});

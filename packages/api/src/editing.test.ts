import type { Store } from '@counterpoint/events';
import { type Catalogue, checkPlaybook, outlineDocument } from '@counterpoint/playbook';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editingHandlers } from './handlers/editing.ts';
import { playbookTestHandlers } from './handlers/playbook-tests.ts';
import { versionsHandlers } from './handlers/playbook-versions.ts';
import type { PlaybookDesk } from './playbook-desk.ts';
import { type Surface, startSurface } from './testing/surface.ts';

const block = {
  title: 'Block',
  effect: 'contain',
  input: { type: 'object', properties: { ip: { type: 'string' } }, required: ['ip'], additionalProperties: false },
  output: { type: 'object', properties: { rule: { type: 'string' } }, required: ['rule'] },
  idempotent: true,
  inverse: { action: 'block', with: {} },
} as const;
const about = { title: 'T', vendor: 'V', description: 'D', version: '1.0.0', documentation: 'https://docs.example' };
const catalogue: Catalogue = {
  connectors: new Map([['edge', { id: 'edge', ...about, connection: { type: 'object' }, actions: { block } }]]),
  capabilities: new Map(),
  topics: new Map(),
  playbooks: new Map(),
  connections: new Map(),
};
const desk: PlaybookDesk = {
  catalogue,
  world: async () => catalogue,
  async check(source) {
    const outline = outlineDocument(source, catalogue);
    return { ...checkPlaybook(source, catalogue), id: outline.id, outline };
  },
};

const source = `kind: playbook/v1
id: p
title: A playbook
uses: { fw: edge }
on: [{ manual: {} }]
inputs: { ip: { type: string, default: 203.0.113.7 } }
steps:
  # why it is blocked
  - id: stop_it
    action: fw.block
    with: { ip: "\${{ inputs.ip }}" }
    lease: { for: 1h }
outputs: { rule: "\${{ steps.stop_it.rule }}" }
`;
const tests = `kind: playbook_test/v1
playbook: p
given: { actions: { fw.block: { output: { rule: r1 } } } }
tests:
  - name: blocks
    expect: { status: succeeded, steps: { stop_it: succeeded }, outputs: { rule: r2 } }
`;

let surface: Surface;
let store: Store;
beforeEach(async () => {
  store = createMemoryStore();
  const shipped = new Map([['p', tests]]);
  surface = await startSurface(store, (given, clock) => ({
    ...editingHandlers({ store: given, desk }),
    ...playbookTestHandlers({ store: given, clock, desk, tests: shipped }),
    ...versionsHandlers({ store: given, clock, desk }),
  }));
});
afterEach(() => surface.close());

async function call(method: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${surface.owner}`, 'content-type': 'application/json' };
  const sent = {
    method,
    path: `/api/v1${path}`,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const { status, text } = await surface.send(sent);
  return { status, body: JSON.parse(text) };
}

describe('the outline', () => {
  it('has the structure, and findings at their step', async () => {
    const { body } = await call('POST', '/playbooks/outline', { source: source.replace('fw.block', 'fw.blok') });
    expect(body).toMatchObject({
      id: 'p',
      title: 'A playbook',
      slots: [
        {
          name: 'steps',
          steps: [{ address: 'stop_it', head_line: 8, line: 9, name_to: source.indexOf('stop_it') + 7 }],
        },
        {},
        {},
        {},
      ],
      findings: [{ code: 'playbook.unknown_action', step: 'stop_it', from: source.indexOf('fw.block') }],
    });
    const quick = await call('POST', '/playbooks/outline', {
      source: source.replace('fw.block', 'fw.blok'),
      check: false,
    });
    expect(quick.body.findings).toEqual([]);
  });

  it('is given of drafts and versions', async () => {
    await call('PUT', '/playbooks/p/draft', { source });
    expect((await call('GET', '/playbooks/p/versions/draft/outline')).body).toMatchObject({ version: 'draft', source });
    expect((await call('GET', '/playbooks/p/versions/current/outline')).status).toBe(404);
    expect((await call('GET', `/playbooks/p/versions/${'0'.repeat(64)}/outline`)).body.code).toBe(
      'engine.version_unknown',
    );
    const published = await call('POST', '/playbooks/p/draft/publish', { rev: 1 });
    const { id } = published.body.version;
    expect((await call('GET', `/playbooks/p/versions/${id}/outline`)).body).toMatchObject({ source });
    expect((await call('GET', `/playbooks/q/versions/${id}/outline`)).status).toBe(404);
  });
});

describe('edits', () => {
  it('come as changes, and a rename follows into tests', async () => {
    const edit = { op: 'rename', address: 'stop_it', name: 'block' };
    const { body } = await call('POST', '/playbooks/edit', { source, edit, tests: [{ name: 'p', source: tests }] });
    expect(body.select).toBe('block');
    expect(body.changes.map(({ insert }: { insert: string }) => insert)).toEqual(['block', 'block']);
    expect(body.tests).toEqual([{ name: 'p', changes: [expect.objectContaining({ insert: 'block' })] }]);
  });

  it('that cannot be done are refused by their code', async () => {
    const edit = { op: 'delete', addresses: ['nothing'] };
    expect(await call('POST', '/playbooks/edit', { source, edit })).toMatchObject({
      status: 422,
      body: { code: 'playbook.edit_unknown_step' },
    });
    expect((await call('POST', '/playbooks/edit', { source, edit: { op: 'explode' } })).status).toBe(400);
  });
});

describe('drafts of two people', () => {
  it('can be merged with what the refusal tells', async () => {
    await call('PUT', '/playbooks/p/draft', { source });
    const mine = source.replace('A playbook', 'My playbook');
    const theirs = source.replace('1h', '2h');
    await call('PUT', '/playbooks/p/draft', { source: theirs, rev: 1 });
    const refused = await call('PUT', '/playbooks/p/draft', { source: mine, rev: 1 });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'engine.draft_changed', details: { rev: 2, source: theirs } },
    });
    const merged = await call('POST', '/playbooks/merge', { base: source, mine, theirs: refused.body.details.source });
    expect(merged.body).toEqual({ merged: mine.replace('1h', '2h'), conflicts: [] });
  });

  it('are listed with what they are called', async () => {
    await call('PUT', '/playbooks/p/draft', { source });
    const { body } = await call('GET', '/drafts');
    expect(body.items).toMatchObject([
      { playbook: 'p', title: 'A playbook', kind: 'playbook', published: false, rev: 1 },
    ]);
  });
});

describe('tests of a playbook', () => {
  it('are the file of the content until a stored one of its name replaces it', async () => {
    await call('PUT', '/playbooks/p/draft', { source });
    const listed = await call('GET', '/playbooks/p/tests');
    expect(listed.body.items).toMatchObject([
      { name: 'p', origin: 'content', rev: 0, cases: [{ name: 'blocks', line: 5 }], findings: [] },
    ]);
    await call('PUT', '/playbooks/p/tests/p', { source: tests.replace('r2', 'r1') });
    const replaced = await call('GET', '/playbooks/p/tests');
    expect(replaced.body.items).toMatchObject([{ name: 'p', origin: 'stored', replaces_content: true, rev: 1 }]);
    expect((await call('POST', '/playbooks/p/tests/run', {})).body).toMatchObject({ passed: 1, failed: 0 });
    await call('DELETE', '/playbooks/p/tests/p?rev=1');
    expect((await call('GET', '/playbooks/p/tests')).body.items).toMatchObject([{ origin: 'content' }]);
  });

  it('say what went otherwise, where, and which way the run took', async () => {
    const { body } = await call('POST', '/playbooks/p/tests/run', { source });
    const at = tests.indexOf('{ rule: r2 }');
    expect(body).toMatchObject({
      passed: 0,
      failed: 1,
      cases: [
        {
          file: 'p',
          name: 'blocks',
          passed: false,
          differences: [{ about: 'outputs.rule', expected: '"r2"', actual: '"r1"', from: at, to: at + 12, line: 6 }],
          steps: [{ address: 'stop_it', status: 'succeeded' }],
          calls: [{ name: 'fw.block', with: { ip: '203.0.113.7' } }],
        },
      ],
    });
  });

  it('do not run on a playbook with errors, nor with errors of their own', async () => {
    const faulty = await call('POST', '/playbooks/p/tests/run', { source: source.replace('fw.block', 'fw.blok') });
    expect(faulty.body).toMatchObject({ cases: [], findings: [{ code: 'playbook.unknown_action', step: 'stop_it' }] });
    const wrong = [{ name: 'x', source: tests.replace('stop_it', 'stop') }];
    const { body } = await call('POST', '/playbooks/p/tests/run', { source, tests: wrong });
    expect(body).toMatchObject({
      cases: [],
      files: [{ name: 'x', findings: [{ code: 'playbook_test.unknown_step' }] }],
    });
  });

  it('have names that fit into a path', async () => {
    expect((await call('PUT', '/playbooks/p/tests/No.Name', { source: tests })).body.code).toBe(
      'api.test_name_invalid',
    );
  });
});

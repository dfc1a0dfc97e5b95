import { createRunViews, engineErrors } from '@counterpoint/engine';
import type { JournalRow, RunRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helpOf } from '../error-help.ts';
import { runViewHandlers } from '../handlers/run-views.ts';
import { redactAnswers } from '../redact-answers.ts';
import { type Surface, startSurface } from '../testing/surface.ts';

const SECRET = 'hunter2-hunter2';

const facts: readonly (readonly [kind: string, address: string, data: object])[] = [
  ['foreach_entered', 'each', { items: ['a/b', '…'], as: 'item' }],
  ['item_entered', 'each', { index: 0 }],
  ['step_started', 'each[0].look', { attempt: 1, input: { key: `Bearer ${SECRET}` } }],
  [
    'step_ended',
    'each[0].look',
    {
      status: 'failed',
      output: { [SECRET]: `it is ${SECRET}` },
      error: { code: 'connector.timeout', name: 'timeout', message: `no answer ${SECRET}`, step: 'each[0].look' },
    },
  ],
];

let surface: Surface;
beforeAll(async () => {
  const store = createMemoryStore();
  surface = await startSurface(store, (_store, clock) => {
    const plans = { byVersion: async (version: string) => Promise.reject(engineErrors.version_unknown({ version })) };
    const redactor = {
      text: (text: string) => surface.redactor.text(text),
      value: <T>(value: T) => surface.redactor.value(value),
      add: () => undefined,
    };
    const views = createRunViews({ store, clock, plans, manifests: new Map() });
    return redactAnswers(redactor, runViewHandlers({ store, clock, views }));
  });
  surface.redactor.add(SECRET);
  const row = { id: 'r1', playbook: 'p', version: 'v', trigger_key: 'k', trigger_kind: 'manual', status: 'running' };
  const more = { principal: 'p', trace: 't', cause: '', hop: 0, paused: false, inputs: { pass: SECRET }, event: null };
  const rest = { outputs: null, error: null, error_code: '', simulated: false, site: '', created_at: 1, case_id: null };
  const run = { ...row, ...more, ...rest, origin: '', parent: '', started_at: 1, ended_at: null, epoch: 1, seq: 0 };
  await store.commit({ runs: [{ op: 'create', row: run as unknown as RunRow }] });
  const journal = facts.map(([kind, address, data], index) => {
    return { run: 'r1', epoch: 1, v: 1, seq: index + 1, kind, address, data, at: 10 * index } as JournalRow;
  });
  await store.commit({ runs: [{ op: 'advance', id: 'r1', epoch: 1, seq: 0, to: facts.length, set: {} }], journal });
});
afterAll(() => surface.close());

async function get(path: string) {
  const answer = await surface.send({ path: `/api/v1${path}`, headers: { authorization: `Bearer ${surface.owner}` } });
  return { status: answer.status, text: answer.text, body: JSON.parse(answer.text) };
}

describe('looking at a run', () => {
  it.each([
    '/runs/r1/overview',
    '/runs/r1/steps',
    '/runs/r1/steps/each%5B0%5D.look',
    '/runs/r1/journal',
    '/runs',
    '/runs/compare?a=r1&b=r1',
  ])('never shows a secret: %s', async (path) => {
    const { status, text } = await get(path);
    expect(status, text).toBe(200);
    expect(text).not.toContain(SECRET);
  });

  it('names a step by its address, brackets and all', async () => {
    const { body } = await get(`/runs/r1/steps/${encodeURIComponent('each[0].look')}`);
    expect(body).toMatchObject({
      address: 'each[0].look',
      status: 'failed',
      input: { key: 'Bearer [redacted]' },
      error: { code: 'connector.timeout', help: expect.stringMatching(/\.$/) },
      attempts: [{ number: 1, status: 'failed' }],
    });
    expect((await get('/runs/r1/steps/nothing')).body).toMatchObject({ status: 404, code: 'engine.step_unheard' });
    expect((await get('/runs/r9/steps')).body).toMatchObject({ status: 404, code: 'engine.run_gone' });
  });

  it('pages through steps and facts, and refuses cursors of others', async () => {
    const first = await get('/runs/r1/steps?limit=2');
    expect(first.body).toMatchObject({ items: [{ address: 'each' }, { address: 'each[0]' }], next: '1' });
    expect((await get('/runs/r1/steps?limit=2&cursor=1')).body).toMatchObject({ items: [{ address: 'each[0].look' }] });
    expect((await get('/runs/r1/steps?under=each&status=running')).body).toMatchObject({ items: [{ round: 0 }] });
    expect((await get('/runs/r1/journal?cursor=3')).body).toMatchObject({ items: [{ seq: 4 }], next: null });
    expect((await get('/runs/r1/steps?cursor=x')).body).toMatchObject({ code: 'api.cursor_invalid' });
    expect((await get('/runs/r1/steps?status=odd')).status).toBe(400);
  });

  it('says what is known although the version and the playbook are gone', async () => {
    const { body } = await get('/runs/r1/overview');
    expect(body).toMatchObject({ known: false, number: null, title: 'p', current: '', facts: 4 });
    expect(body.verbs).toEqual({ pause: true, resume: false, cancel: true, rerun: false, migrate: false });
    expect(body.steps).toMatchObject([{ step: 'each', rounds: { total: 2, ended: 0 } }, { step: 'look' }]);
  });
});

describe('help for an error that was written down', () => {
  it('is that of the catalogue, with what the message says filled in', () => {
    const error = engineErrors.step_not_open({ address: 'a', run: 'r', open: 'b' });
    expect(helpOf(error)).toBe(error.help);
    const gone = engineErrors.playbook_unknown({ playbook: 'p (x)' });
    expect(helpOf(gone)).toBe(gone.help);
  });

  it('is empty for a code that nobody declares', () => {
    expect(helpOf({ code: 'playbook.own_error', message: 'x' })).toBe('');
  });
});

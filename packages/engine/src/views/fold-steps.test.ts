import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { foldGolden, type GoldenJournal } from '../golden/journals.ts';
import { upcast } from '../interpreter/entries.ts';
import { foldStep, newRunFold } from './fold-steps.ts';
import type { RunFold } from './step-record.ts';
import { summarise } from './summarise.ts';

const folder = join(import.meta.dirname, '../golden/journals');
const recorded = readdirSync(folder).flatMap((version) =>
  readdirSync(join(folder, version)).map((file) => [version, file.replace('.json', '')] as const),
);
const read = (version: string, name: string): GoldenJournal =>
  JSON.parse(readFileSync(join(folder, version, `${name}.json`), 'utf8'));

function folded({ journal }: Pick<GoldenJournal, 'journal'>): RunFold {
  const fold = newRunFold();
  for (const row of journal) foldStep(fold, upcast(row), row);
  return fold;
}

const golden = (name: string): RunFold => folded(read('0.1.0', name));
const shape = (fold: RunFold) =>
  Object.fromEntries([...fold.records.values()].map(({ address, status }) => [address, status]));

describe('the steps of a journal', () => {
  it.each(recorded)('of %s, %s, stand as the interpreter finds them', async (version, name) => {
    const journal = read(version, name);
    const fold = folded(journal);
    const state = await foldGolden(journal, createMemoryStore());
    const ofRounds = [...fold.open].filter((address) => address.endsWith(']'));
    expect([...fold.open].filter((address) => !ofRounds.includes(address)).sort()).toEqual(
      [...state.open.keys()].sort(),
    );
    for (const [id, { status, error }] of Object.entries(state.root.outcomes)) {
      expect(fold.records.get(id), id).toMatchObject({ status, ...(error && { error: { code: error.code } }) });
    }
    for (const [address, open] of state.open) {
      if (open.frame) continue;
      expect(fold.records.get(address)?.status).toBe(open.status);
      expect(fold.records.get(address)?.attempts.at(-1)?.number ?? 0).toBe(open.attempts);
    }
    expect(fold.ending).toEqual(state.ending ?? null);
    expect(fold.seq).toBe(journal.journal.at(-1)?.seq);
  });

  it('are grouped by the rounds of their loops', () => {
    const fold = golden('loops');
    expect(fold.records.get('each')?.rounds).toEqual({ total: 5, begun: 5, ended: 5, failed: 1 });
    expect(fold.records.get('each[3]')).toMatchObject({ scope: 'each', round: 3, status: 'failed', id: 'each' });
    expect(fold.records.get('each[3].look')).toMatchObject({ scope: 'each[3]', round: null, status: 'failed' });
    expect(fold.records.get('rounds')?.rounds).toMatchObject({ total: null, ended: 3 });
    const look = summarise(fold).find(({ step }) => step === 'look');
    expect(look).toMatchObject({ counts: { succeeded: 4, failed: 1 }, total: 5, address: 'each[3].look' });
  });

  it('tell which parts of blocks were entered', () => {
    const fold = golden('branches');
    expect(fold.records.get('wide')?.taken).toEqual(['left', 'right']);
    expect(fold.records.get('careful')?.taken).toEqual(['body', 'catch 0', 'finally']);
    expect(fold.records.get('choice')?.taken).toEqual(['0']);
    expect(shape(fold)).toMatchObject({ skipped: 'skipped', many: 'succeeded', b: 'failed' });
    expect(fold.records.has('few')).toBe(false);
  });

  it('keep every attempt with its error, and the waits between them', () => {
    const { attempts, waits, status } = golden('retries').records.get('a') ?? expect.unreachable();
    expect(attempts.map(({ number, status: end }) => [number, end])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'failed'],
    ]);
    expect(attempts.every(({ error }) => error?.code === 'connector.unavailable')).toBe(true);
    expect(waits.map((wait) => wait.for)).toEqual(['retry', 'retry']);
    expect(waits.every(({ from, until }) => until !== null && until > from)).toBe(true);
    expect(status).toBe('failed');
  });

  it.each([
    ['waiting_for_retry', 'a', 'retry'],
    ['unknown', 'a', 'unknown'],
    ['people', 'sure', 'people'],
    ['waits', 'w', 'event'],
  ])('say in %s what %s waits for: %s', (name, address, reason) => {
    const record = golden(name).records.get(address);
    expect(record?.waits.at(-1)).toMatchObject({ for: reason, until: null });
    expect(summarise(golden(name)).find(({ step }) => step === address)?.waitsFor).toBe(reason);
  });

  it('end with the run, but for what nobody knows', () => {
    const fold = golden('unknown');
    const at = 9_999_999_999_999;
    const ending = { status: 'failed', outputs: null, error: null } as const;
    foldStep(fold, { kind: 'run_ended', address: '', data: ending }, { seq: fold.seq + 1, at });
    expect(fold.records.get('a')).toMatchObject({ status: 'unknown', endedAt: at });
    expect(fold.open.size).toBe(0);
    const flying = golden('in_flight');
    foldStep(flying, { kind: 'run_ended', address: '', data: ending }, { seq: flying.seq + 1, at });
    expect(flying.records.get('a')).toMatchObject({ status: 'cancelled', endedAt: at });
  });

  it('begin again under an operator, who is remembered', () => {
    const fold = newRunFold();
    const by = { principal: 'user:ada', reason: 'try', request: 'q' };
    const entries = [
      { kind: 'step_started', address: 'a', data: { attempt: 1, input: { n: 1 } } },
      { kind: 'run_paused', address: '', data: by },
      { kind: 'step_retried', address: 'a', data: { ...by, generation: 1, input: { n: 2 } } },
      { kind: 'run_resumed', address: '', data: by },
      { kind: 'step_started', address: 'a', data: { attempt: 2, input: { n: 2 } } },
      { kind: 'step_ended', address: 'a', data: { status: 'skipped', by } },
      {
        kind: 'adopted',
        address: '',
        data: { run: 'r0', outputs: { b: 1 }, outcomes: { b: { status: 'succeeded' } } },
      },
    ] as const;
    for (const [index, entry] of entries.entries()) foldStep(fold, entry as never, { seq: index + 1, at: index * 10 });
    const record = fold.records.get('a') ?? expect.unreachable();
    expect(record.attempts.map(({ status, generation }) => [status, generation])).toEqual([
      ['dropped', 0],
      ['skipped', 1],
    ]);
    expect(record).toMatchObject({
      status: 'skipped',
      skippedBy: { principal: 'user:ada', reason: 'try' },
      inputSeq: 5,
    });
    expect(fold.pauses).toEqual([{ from: 10, until: 30, principal: 'user:ada', reason: 'try' }]);
    expect(fold.records.get('b')).toMatchObject({ status: 'succeeded', adoptedFrom: 'r0', outputSeq: 7 });
  });

  it('take one stretch for work that is asked after again and again', () => {
    const fold = newRunFold();
    const poll = (seq: number) => {
      const data = { for: 'poll', due: seq * 10 + 10, poll: {} as JsonObject, error: null } as const;
      foldStep(fold, { kind: 'step_waiting', address: 'a', data }, { seq, at: seq * 10 });
    };
    foldStep(fold, { kind: 'step_started', address: 'a', data: { attempt: 1, input: {} } }, { seq: 1, at: 5 });
    for (let seq = 2; seq < 50; seq++) poll(seq);
    expect(fold.records.get('a')?.waits).toEqual([{ for: 'poll', from: 20, until: null, due: 500 }]);
    expect(fold.records.get('a')?.attempts).toHaveLength(1);
  });
});

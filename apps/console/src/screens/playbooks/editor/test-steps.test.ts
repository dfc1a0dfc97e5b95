import { history, redo, undo } from '@codemirror/commands';
import { EditorState, type Transaction, type TransactionSpec } from '@codemirror/state';
import { CounterpointError } from '@counterpoint/core';
import { describe, expect, test } from 'vitest';
import { createTestFollower, type Followed, type TestDesk } from './test-follower.ts';
import { bothMade, knownTests, madeOfTests, type TestStep, testSteps, testsEffect, wayBack } from './test-steps.ts';

const there: TestStep = { name: 'mine', from: 'first', to: 'begin', shipped: null };
const back: TestStep = { name: 'mine', from: 'begin', to: 'first', shipped: null };

/** A text with a history, and what its changes made of tests. */
function aText(before: readonly TestStep[] = []) {
  let state = EditorState.create({ doc: 'first', extensions: [history(), testSteps(before)] });
  const steps: TestStep[] = [];
  const take = (transaction: Transaction): void => {
    state = transaction.state;
    for (const effect of transaction.effects) if (effect.is(testsEffect)) steps.push(...effect.value);
  };
  return {
    steps,
    change: (spec: TransactionSpec) => take(state.update(spec)),
    undo: () => undo({ state, dispatch: take }),
    redo: () => redo({ state, dispatch: take }),
    made: () => madeOfTests(state),
    wayBack: (stays: readonly TestStep[] = []) => wayBack(state, stays),
    text: () => state.doc.toString(),
  };
}

const rename = { changes: { from: 0, to: 5, insert: 'begin' }, effects: testsEffect.of([there]) };

describe('what a change makes of tests', () => {
  test('is undone and redone with it', () => {
    const text = aText();
    text.change(rename);
    text.undo();
    expect(text.text()).toBe('first');
    text.redo();
    expect(text.steps).toEqual([there, back, there]);
  });

  test('has a way back as a whole, which can be undone too', () => {
    const text = aText();
    text.change(rename);
    text.change({ effects: testsEffect.of([{ ...there, from: 'begin', to: 'start' }]) });
    expect(text.wayBack()).toEqual([{ ...back, from: 'start' }]);
    text.change({ changes: { from: 0, to: 5, insert: 'old' }, effects: testsEffect.of(text.wayBack()) });
    expect(text.wayBack()).toEqual([]);
    text.undo();
    expect(text.steps.at(-1)).toEqual({ ...there, to: 'start' });
  });

  test('is nothing any more once it is published', () => {
    const text = aText();
    text.change(rename);
    text.change({ effects: knownTests.of([]) });
    expect(text.wayBack()).toEqual([]);
    text.undo();
    expect(text.made()).toEqual([back]);
  });

  test('goes on from what the draft had made of them before the page was loaded', () => {
    const text = aText([{ ...there, shipped: 'first' }]);
    expect(text.wayBack()).toEqual([{ ...back, shipped: 'first' }]);
    text.change({ effects: testsEffect.of([{ ...there, from: 'begin', to: 'start' }]) });
    expect(text.made()).toEqual([{ ...there, to: 'start', shipped: 'first' }]);
    text.change({ effects: testsEffect.of([{ ...back, from: 'start' }]) });
    expect(text.made()).toEqual([]);
  });

  test('goes back without what is to stay, the last change first', () => {
    const other = { ...there, from: 'elsewhere', to: 'there' };
    const text = aText([there]);
    text.change({ effects: testsEffect.of([other]) });
    expect(text.wayBack()).toEqual([{ ...other, from: 'there', to: 'elsewhere' }, back]);
    expect(text.wayBack([there])).toEqual([{ ...other, from: 'there', to: 'elsewhere' }]);
    text.change({ effects: testsEffect.of(text.wayBack()) });
    text.undo();
    expect(text.steps.slice(-2)).toEqual([there, other]);
  });

  test('of two people is that of both', () => {
    const mine = { ...there, name: 'other' };
    expect(bothMade([there], [there, mine])).toEqual([there, mine]);
    expect(bothMade([], [])).toEqual([]);
  });
});

interface Stored {
  source: string;
  rev: number;
  origin: 'content' | 'stored';
}

/** Tests of a playbook, and a follower of them. */
function aDesk(tests: Record<string, Stored>, before: Partial<TestDesk> = {}) {
  const outcomes: Followed[] = [];
  const log: string[] = [];
  const changed = (name: string, rev: number) => {
    if ((tests[name]?.rev ?? 0) !== rev) throw failure('engine.test_changed');
  };
  const desk: TestDesk = {
    list: async () => Object.entries(tests).map(([name, test]) => ({ name, ...test })),
    async save(name, source, rev) {
      changed(name, rev);
      log.push(`save ${name}`);
      tests[name] = { source, rev: rev + 1, origin: 'stored' };
    },
    async remove(name, rev) {
      changed(name, rev);
      log.push(`remove ${name}`);
      tests[name] = { source: 'first', rev: 0, origin: 'content' };
    },
    ...before,
  };
  const follower = createTestFollower({
    desk,
    onDone: (outcome) => outcomes.push(outcome),
    again: async (error, times) => (error as CounterpointError).retryable && times < 5,
  });
  return { tests, outcomes, log, follow: follower.follow, settled: () => new Promise((done) => setTimeout(done)) };
}

function failure(code: string, retryable = false): Error {
  return new CounterpointError(code, { status: 409, message: 'No.', help: 'Wait.', retryable }, {}, {});
}

describe('tests that follow a change', () => {
  test('are saved one change after the other', async () => {
    const { tests, follow, settled, log } = aDesk({ mine: { source: 'first', rev: 3, origin: 'stored' } });
    follow([there]);
    follow([back]);
    follow([there]);
    await settled();
    expect(tests.mine).toMatchObject({ source: 'begin', rev: 6 });
    expect(log).toHaveLength(3);
  });

  test('keep what somebody else changed elsewhere in them', async () => {
    const { tests, follow, settled } = aDesk({ mine: { source: '# theirs\nbegin\nmore', rev: 3, origin: 'stored' } });
    follow([back]);
    await settled();
    expect(tests.mine?.source).toBe('# theirs\nfirst\nmore');
  });

  test.each([
    ['changed at the same place', { mine: { source: 'other', rev: 3, origin: 'stored' as const } }],
    ['deleted', {}],
  ])('are left when they were %s, and it is said', async (_, standing: Record<string, Stored>) => {
    const { tests, follow, settled, outcomes, log } = aDesk(standing);
    follow([back]);
    await settled();
    expect(outcomes).toEqual([{ done: [], left: ['mine'] }]);
    expect(tests).toEqual(standing);
    expect(log).toEqual([]);
  });

  test('are left when it is not clear which of two lines is meant', async () => {
    const standing: Stored = { source: 'x\na\na', rev: 3, origin: 'stored' };
    const { follow, settled, outcomes } = aDesk({ mine: standing });
    follow([{ name: 'mine', from: 'a\na', to: 'a\nb', shipped: null }]);
    await settled();
    expect(outcomes).toEqual([{ done: [], left: ['mine'] }]);
  });

  test('are looked at again when somebody saves at the same moment', async () => {
    const tests = { mine: { source: 'first', rev: 3, origin: 'stored' as const } };
    let listed = 0;
    const desk = aDesk(tests, {
      async list() {
        const seen = [{ name: 'mine', ...tests.mine }];
        if (listed++ === 0) tests.mine = { source: 'first\ntheirs', rev: 4, origin: 'stored' };
        return seen;
      },
    });
    desk.follow([there]);
    await desk.settled();
    expect(tests.mine.source).toBe('begin\ntheirs');
  });

  test('that came with the playbook are stored, and going back leaves no copy of them', async () => {
    const shipped = { shipped: 'first' };
    const { tests, follow, settled, log } = aDesk({ mine: { source: 'first', rev: 0, origin: 'content' } });
    follow([{ ...there, ...shipped }]);
    follow([{ ...back, ...shipped }]);
    await settled();
    expect(log).toEqual(['save mine', 'remove mine']);
    expect(tests.mine?.origin).toBe('content');
  });

  test('wait for a server that is away, and what comes later waits for them', async () => {
    const tests = { mine: { source: 'first', rev: 3, origin: 'stored' as const } };
    let asked = 0;
    const { follow, settled, log } = aDesk(tests, {
      async list() {
        if (asked++ < 2) throw failure('sdk.unreachable', true);
        return [{ name: 'mine', ...tests.mine }];
      },
    });
    follow([there]);
    follow([back]);
    await settled();
    expect(log).toHaveLength(2);
    expect(tests.mine.source).toBe('first');
  });
});

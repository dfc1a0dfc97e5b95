import { history, undo } from '@codemirror/commands';
import { EditorState, type TransactionSpec } from '@codemirror/state';
import { describe, expect, test } from 'vitest';
import { takeOption } from './take-option.ts';

const BEFORE = 'id: p\nsteps:\n  - action: sl\nuses: { a: a }\n';
const FROM = BEFORE.indexOf('sl');
const BRACE = BEFORE.indexOf(' }');

/** A text in which `sl` stands where an action is named, and an option for it that adds before and behind. */
function aText() {
  let state = EditorState.create({ doc: BEFORE, extensions: [history()] });
  const asked = { doc: state.doc, from: FROM, to: FROM + 2 };
  const also = [
    { from: 0, to: 0, insert: '# top\n' },
    { from: BRACE, to: BRACE, insert: ', slack: slack' },
  ];
  return {
    change: (...specs: TransactionSpec[]) => {
      state = state.update(...specs).state;
    },
    take: (to: number) => {
      state = state.update(takeOption(state, asked, { insert: 'slack.post', also }, FROM, to)).state;
    },
    undo: () =>
      undo({
        state,
        dispatch: (transaction) => {
          state = transaction.state;
        },
      }),
    text: () => state.doc.toString(),
    cursor: () => state.selection.main.head,
  };
}

const AFTER = '# top\nid: p\nsteps:\n  - action: slack.post\nuses: { a: a, slack: slack }\n';

describe('taking an option', () => {
  test('changes what goes with it too, and puts the cursor behind the word', () => {
    const text = aText();
    text.take(FROM + 2);
    expect(text.text()).toBe(AFTER);
    expect(text.text().slice(0, text.cursor())).toMatch(/slack\.post$/);
  });

  test('is undone as one change, without the letters that were typed before', () => {
    const text = aText();
    text.change({ changes: { from: FROM + 2, insert: 'a' }, userEvent: 'input.type' });
    text.take(FROM + 3);
    expect(text.text()).toBe(AFTER);
    text.undo();
    expect(text.text()).toBe(BEFORE.replace('sl\n', 'sla\n'));
  });

  test('replaces the word alone where the text has changed elsewhere meanwhile', () => {
    const text = aText();
    text.change({ changes: { from: BRACE, insert: ', b: b' } });
    text.take(FROM + 2);
    expect(text.text()).toBe('id: p\nsteps:\n  - action: slack.post\nuses: { a: a, b: b }\n');
  });
});

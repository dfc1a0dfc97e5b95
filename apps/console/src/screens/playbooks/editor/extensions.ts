import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { codeTheme } from './code-theme.ts';
import { completion } from './completion.ts';
import { outlineField } from './outline-field.ts';

/** Everything of a text of YAML that is read or written, without what only playbooks have. */
export function yamlText(label: string, readOnly: boolean): Extension {
  return [
    lineNumbers(),
    highlightSpecialChars(),
    drawSelection(),
    codeFolding(),
    foldGutter(),
    yaml(),
    indentUnit.of('  '),
    bracketMatching(),
    highlightSelectionMatches(),
    codeTheme(),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
    keymap.of([...searchKeymap, ...foldKeymap]),
    readOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : writing,
  ];
}

const writing: Extension = [
  history(),
  indentOnInput(),
  closeBrackets(),
  highlightActiveLine(),
  lintGutter(),
  keymap.of([
    ...closeBracketsKeymap,
    ...completionKeymap,
    ...lintKeymap,
    ...historyKeymap,
    ...defaultKeymap,
    indentWithTab,
  ]),
];

/** The text of a playbook that is edited beside its canvas. */
export function playbookText(options: { readonly readOnly: boolean; readonly onLeave: () => void }): Extension {
  return [
    outlineField,
    options.readOnly ? [] : completion(),
    yamlText('Text of the playbook', options.readOnly),
    // After the key maps above: Escape first closes what is open in the text.
    keymap.of([
      {
        key: 'Escape',
        run: () => {
          options.onLeave();
          return true;
        },
      },
    ]),
  ];
}

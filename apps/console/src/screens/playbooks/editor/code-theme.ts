import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { cspNonce } from '../../../app/nonce.ts';

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--mantine-color-text)', background: 'var(--cp-panel)' },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--mantine-primary-color-light) !important',
  },
  '.cm-gutters': { background: 'var(--cp-panel)', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'var(--cp-hover)' },
  '.cp-step-line': { background: 'var(--cp-busy-bg)' },
  '.cm-panels': { background: 'var(--cp-well)', color: 'var(--mantine-color-text)' },
  '.cm-tooltip': {
    background: 'var(--cp-panel)',
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: '6px',
    maxWidth: '560px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--mantine-primary-color-filled)',
    color: 'var(--mantine-primary-color-contrast)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.75' },
  '.cm-foldPlaceholder': { background: 'var(--cp-well)', border: 'none', color: 'var(--mantine-color-dimmed)' },
  '.cm-searchMatch': { background: 'var(--cp-mark-bg)' },
  '.cm-specialChar': { color: 'var(--cp-bad)' },
  '.cm-deletedChunk': { background: 'var(--cp-bad-bg)' },
  '.cm-changedLine, .cm-insertedLine': { background: 'var(--cp-good-bg) !important' },
  '.cm-collapsedLines': {
    background: 'var(--cp-well)',
    color: 'var(--mantine-color-dimmed)',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '12px',
  },
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '""' },
  '.cm-diagnostic': { fontFamily: 'var(--mantine-font-family)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--cp-json-name)' },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: 'var(--mantine-color-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--cp-json-literal)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--cp-calm)' },
  { tag: [tags.meta, tags.labelName, tags.typeName], color: 'var(--cp-json-text)' },
]);

/** Colours of code from the theme of the page, in both of its schemes; styles carry the page's nonce. */
export function codeTheme(): Extension {
  return [look, syntaxHighlighting(colours), EditorView.cspNonce.of(cspNonce())];
}

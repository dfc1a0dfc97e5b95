import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { yamlText } from '../editor/extensions.ts';

interface Props {
  readonly label: string;
  /** What stands there at first. */
  readonly text: string;
  readonly readOnly: boolean;
  /** Must not change. */
  readonly onText: (text: string) => void;
}

/** A text of YAML or JSON that is written without a canvas. */
export function TextField({ label, text, readOnly, onText }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const listener = EditorView.updateListener.of((update) => update.docChanged && onText(update.state.doc.toString()));
    const state = EditorState.create({ doc: text, extensions: [yamlText(label, readOnly), listener] });
    const view = new EditorView({ state, ...(place.current ? { parent: place.current } : {}) });
    return () => view.destroy();
  }, [label, text, readOnly, onText]);
  return <div ref={place} />;
}

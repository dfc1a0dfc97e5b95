import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { yamlText } from '../editor/extensions.ts';

interface Props {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}

/** What differs between two texts, in one text: what was taken out above what came in; what stays is folded. */
export function DiffView({ before, after, label }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const merge = unifiedMergeView({
      original: before,
      mergeControls: false,
      gutter: true,
      collapseUnchanged: { margin: 3, minSize: 6 },
      highlightChanges: true,
    });
    const state = EditorState.create({ doc: after, extensions: [yamlText(label, true), merge] });
    const view = new EditorView({ state, ...(place.current ? { parent: place.current } : {}) });
    return () => view.destroy();
  }, [before, after, label]);
  return <div ref={place} />;
}

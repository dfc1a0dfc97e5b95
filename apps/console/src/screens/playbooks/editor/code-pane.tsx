import { useEffect, useRef } from 'react';
import classes from './code-pane.module.css';
import type { EditorModel } from './editor-model.ts';

/** Puts the text of an editor into the page. */
export function CodePane({ model }: { readonly model: EditorModel }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.append(model.view.dom);
    model.view.requestMeasure();
    return () => model.view.dom.remove();
  }, [model]);
  return <div ref={place} className={classes.pane} />;
}

import { useCallback, useState } from 'react';
import { keptTexts } from '../../app/kept-texts.ts';

/** A text that somebody is writing: it survives a session that ends, a reload and a closed tab, until it is sent. */
export function useDraft(name: string): readonly [string, (text: string) => void] {
  const [kept, setKept] = useState(() => ({ name, text: keptTexts.read(name) ?? '' }));
  if (kept.name !== name) setKept({ name, text: keptTexts.read(name) ?? '' });
  const write = useCallback(
    (text: string) => {
      setKept({ name, text });
      keptTexts.write(name, text);
    },
    [name],
  );
  return [kept.text, write];
}

import { useCallback, useState } from 'react';

const PREFIX = 'counterpoint-draft:';

function stored(key: string): string {
  try {
    return localStorage.getItem(PREFIX + key) ?? '';
  } catch {
    return '';
  }
}

function store(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, text);
  } catch {
    // A browser that keeps nothing: the text stands as long as the page does.
  }
}

/** A text that somebody is writing: it survives a session that ends, a reload and a closed tab, until it is sent. */
export function useDraft(key: string): readonly [string, (text: string) => void] {
  const [kept, setKept] = useState(() => ({ key, text: stored(key) }));
  if (kept.key !== key) setKept({ key, text: stored(key) });
  const write = useCallback(
    (text: string) => {
      setKept({ key, text });
      store(key, text);
    },
    [key],
  );
  return [kept.text, write];
}

import type { ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { PART_LOST } from '../ui/describe-error.ts';
import { ErrorPanel } from '../ui/error-panel.tsx';
import { useLiveState } from './live.ts';
import { loadAnew, partsAreLost } from './lost-parts.ts';

/** A screen that could not be fetched: the page loads itself anew as soon as the server is there. */
function LostScreen() {
  const live = useLiveState() === 'live';
  useEffect(() => {
    if (live) void loadAnew('itself');
  }, [live]);
  return <ErrorPanel error={PART_LOST} retry={() => loadAnew('person')} />;
}

/** In place of a screen that failed. */
export function FailedScreen({ error, reset }: ErrorComponentProps) {
  return partsAreLost() ? <LostScreen /> : <ErrorPanel error={error} retry={reset} />;
}

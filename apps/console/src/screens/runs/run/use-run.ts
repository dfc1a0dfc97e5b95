import type { EndpointName } from '@counterpoint/contracts';
import { useThrottledCallback } from '@mantine/hooks';
import { useCallback } from 'react';
import { useNotice } from '../../../app/live.ts';
import { queryClient } from '../../../app/query-client.ts';
import { useApi } from '../../../app/use-api.ts';

/** What is read about one run. */
const READINGS: readonly EndpointName[] = [
  'getRunOverview',
  'listRunSteps',
  'getRunStep',
  'listRunFacts',
  'listEffects',
];

/** A run that works fast tells of itself hundreds of times a second; it is read again this often (ms). */
const PACE = 600;

/** Reads everything that is shown of a run again. */
export async function readRunAgain(): Promise<void> {
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => READINGS.some((name) => name === queryKey[0]) });
}

/** What a run page shows, following the run. */
export function useRun(id: string) {
  const run = useApi('getRunOverview', { id });
  const again = useThrottledCallback(() => void readRunAgain(), PACE);
  const onRun = useCallback((data: Readonly<Record<string, unknown>>) => data.id === id && again(), [id, again]);
  const onMatter = useCallback((data: Readonly<Record<string, unknown>>) => data.run === id && again(), [id, again]);
  useNotice('run', onRun);
  useNotice('inbox', onMatter);
  return run;
}

import { useQuery } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { standingOf } from './standing.ts';
import { unless404 } from './unless-404.ts';

/** The published playbook as it is now; null when it never was. */
export function usePublished(id: string) {
  return useQuery({
    queryKey: ['getPlaybook', { id }, 'or none'],
    queryFn: async () => ((await standingOf(id)) === 'draft' ? null : client.getPlaybook({ id }).catch(unless404)),
  });
}

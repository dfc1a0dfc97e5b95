import { useQuery } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import type { Start } from './editor/editing.ts';
import { unless404 } from './unless-404.ts';

/** Reads what a playbook is opened with, once; what others save meanwhile must not replace it. */
export function useStart(id: string) {
  return useQuery({
    queryKey: ['playbook-start', id],
    queryFn: async (): Promise<Start> => {
      const [published, draft] = await Promise.all([
        client.getPlaybook({ id }).catch(unless404),
        client.getDraft({ id }).catch(unless404),
      ]);
      // Neither of them: the first error says so best.
      if (!published && !draft) await client.getPlaybook({ id });
      return { published, draft };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    structuralSharing: false,
  });
}

import { useQuery } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import type { Start } from './editor/editing.ts';
import { standingOf } from './standing.ts';

/** Reads what a playbook is opened with, once; what others save meanwhile must not replace it. */
export function useStart(id: string) {
  return useQuery({
    queryKey: ['playbook-start', id],
    queryFn: async (): Promise<Start> => {
      const standing = await standingOf(id);
      const [published, draft] = await Promise.all([
        standing === 'draft' ? null : client.getPlaybook({ id }),
        standing === 'published' ? null : client.getDraft({ id }),
      ]);
      return { published, draft };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    structuralSharing: false,
  });
}

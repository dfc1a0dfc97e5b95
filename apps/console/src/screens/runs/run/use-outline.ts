import { useApi } from '../../../app/use-api.ts';
import type { RunView } from './run-view.ts';

/** The outline of the version that a run follows; undefined while it is read, and when it is gone. */
export function useOutline(run: Pick<RunView, 'playbook' | 'version' | 'known'>) {
  const { playbook: id, version } = run;
  return useApi('outlineVersion', { id, version }, { enabled: run.known }).data;
}

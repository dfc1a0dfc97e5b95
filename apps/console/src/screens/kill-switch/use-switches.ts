import { staleOn } from '../../app/live.ts';
import { useMay } from '../../app/session.tsx';
import { useAction, useApi } from '../../app/use-api.ts';

staleOn(['switch'], ['listSwitches', 'status']);

/** The kill switches as they stand, and whether whoever looks may turn them. */
export function useSwitches() {
  const mayLook = useMay('effect:read');
  const mayTurn = useMay('guard:switch');
  const { data, error } = useApi('listSwitches', {}, { enabled: mayLook, every: 60_000 });
  return { mayLook, mayTurn, error, items: data?.items ?? [], connectors: data?.connectors ?? [] };
}

/** Engages or releases a switch, and says so. */
export function useTurn() {
  return useAction('setSwitch', {
    done: ({ engaged }) => (engaged ? 'The switch is engaged' : 'The switch is released'),
    refresh: ['listSwitches', 'status'],
  });
}

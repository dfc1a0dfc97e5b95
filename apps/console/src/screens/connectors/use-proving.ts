import { useState } from 'react';
import { client } from '../../app/client.ts';
import type { ConnectionDraft } from './connection-form.ts';
import type { Proven } from './proof.tsx';
import { useAttempt } from './use-attempt.ts';
import type { useConnectionForm } from './use-connection-form.ts';

/** Tests a connection as it is being entered, before anything of it is stored; what was proven of other values is forgotten. */
export function useProving(form: ReturnType<typeof useConnectionForm>) {
  const [proven, setProven] = useState<Proven>();
  const attempts = useAttempt<'try' | 'save'>(form.check);
  return {
    ...attempts,
    proven,
    change: (patch: Partial<ConnectionDraft>) => {
      setProven(undefined);
      form.change(patch);
    },
    prove: () =>
      attempts.attempt('try', async () => {
        setProven(await client.tryConnection({ body: { ...form.settings, secrets: form.secrets() } }));
      }),
  };
}

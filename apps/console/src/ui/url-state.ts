import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { readUrl, type UrlFields, type UrlState } from './url-fields.ts';

/**
 * The state of a screen, kept in its address, so that it can be shared, gone back from and reloaded.
 *
 * @param fields its fields, as `url-fields.ts` has them; keep them at module scope. What does not fit counts as not there.
 * @returns the state, and a function that changes some of its fields; `replace` keeps the change out of the history.
 */
export function useUrlState<Fields extends UrlFields>(
  fields: Fields,
): readonly [UrlState<Fields>, (change: Partial<UrlState<Fields>>, options?: { readonly replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const navigate = useNavigate();
  const state = useMemo(() => readUrl(fields, search), [fields, search]);
  const change = useCallback(
    (changed: Partial<UrlState<Fields>>, { replace = false }: { readonly replace?: boolean } = {}) => {
      void navigate({
        to: '.',
        replace,
        resetScroll: false,
        search: (before: Readonly<Record<string, unknown>>) => withoutEmpty({ ...before, ...changed }),
      });
    },
    [navigate],
  );
  return [state, change];
}

function withoutEmpty(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const empty = (value: unknown) =>
    value === undefined ||
    value === null ||
    value === '' ||
    value === false ||
    (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !empty(value)));
}

import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { z } from 'zod';

/**
 * The state of a screen, kept in its address, so that it can be shared, gone back from and reloaded.
 *
 * @param schema its fields, each with a default or optional; keep it at module scope. What does not fit counts as not there.
 * @returns the state, and a function that changes some of its fields; `replace` keeps the change out of the history.
 */
export function useUrlState<Schema extends z.ZodObject>(
  schema: Schema,
): readonly [z.output<Schema>, (change: Partial<z.input<Schema>>, options?: { readonly replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const navigate = useNavigate();
  const state = useMemo(() => readFields(schema, search), [schema, search]);
  const change = useCallback(
    (fields: Partial<z.input<Schema>>, { replace = false }: { readonly replace?: boolean } = {}) => {
      void navigate({
        to: '.',
        replace,
        resetScroll: false,
        search: (before: Readonly<Record<string, unknown>>) => withoutEmpty({ ...before, ...fields }),
      });
    },
    [navigate],
  );
  return [state, change];
}

/** Every field by itself: one that somebody mistyped in the address does not spoil the others. */
function readFields<Schema extends z.ZodObject>(
  schema: Schema,
  search: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const read = Object.entries(schema.shape).map(([name, field]) => {
    const kept = (field as z.ZodType).safeParse(search[name]);
    return [name, kept.success ? kept.data : (field as z.ZodType).safeParse(undefined).data];
  });
  return Object.fromEntries(read) as z.output<Schema>;
}

function withoutEmpty(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const empty = (value: unknown) =>
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !empty(value)));
}

import { Button, CloseButton, Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import styles from './filter-bar.module.css';

/** A set of values that a list can be narrowed to. */
export interface Facet {
  /** Field of the screen's state. */
  readonly id: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Several at once. Default false. */
  readonly several?: boolean;
}

interface FilterBarProps {
  /** Text that is searched for; undefined: the list cannot be searched. */
  readonly search?: string | undefined;
  /** What the search looks at, as a placeholder: `Search title or address`. */
  readonly hint?: string;
  readonly facets: readonly Facet[];
  /** Values of the facets by field. */
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly onChange: (change: Readonly<Record<string, string | readonly string[] | undefined>>) => void;
  /** More of them, at the end. */
  readonly children?: ReactNode;
}

const PATIENCE = 250;

function SearchField({ search, hint, onChange }: Pick<FilterBarProps, 'search' | 'hint' | 'onChange'>) {
  const [text, setText] = useState(search ?? '');
  const field = useRef<HTMLInputElement>(null);
  const tell = useDebouncedCallback((value: string) => onChange({ q: value }), PATIENCE);
  useEffect(() => {
    // The address changed by itself (back, a link): the field follows, unless somebody types in it.
    if (document.activeElement !== field.current) setText(search ?? '');
  }, [search]);
  const set = (value: string) => {
    setText(value);
    tell(value);
  };
  return (
    <TextInput
      ref={field}
      className={styles.search}
      size="sm"
      type="search"
      placeholder={hint ?? 'Search'}
      aria-label={hint ?? 'Search'}
      data-search
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === '' ? null : <CloseButton size="sm" aria-label="Clear the search" onClick={() => set('')} />
      }
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

function FacetField({ facet, value, onChange }: FacetFieldProps) {
  const { id, label, options, several } = facet;
  const shared = {
    size: 'sm',
    className: styles.facet,
    'aria-label': label,
    data: [...options],
    clearable: true,
    clearButtonProps: { 'aria-label': `Clear ${label}` },
  } as const;
  return several ? (
    <MultiSelect
      {...shared}
      placeholder={Array.isArray(value) && value.length > 0 ? '' : label}
      value={Array.isArray(value) ? [...value] : []}
      onChange={(next) => onChange({ [id]: next })}
    />
  ) : (
    <Select
      {...shared}
      placeholder={label}
      value={typeof value === 'string' ? value : null}
      onChange={(next) => onChange({ [id]: next ?? undefined })}
    />
  );
}

interface FacetFieldProps {
  readonly facet: Facet;
  readonly value: string | readonly string[] | undefined;
  readonly onChange: FilterBarProps['onChange'];
}

function isSet(value: string | readonly string[] | undefined): boolean {
  return value !== undefined && value.length > 0;
}

/**
 * Search and facets above a list; all of them live in the address (`q` holds the search). On narrow screens the facets are
 * behind a button that says how many are set.
 */
export function FilterBar({ search, hint, facets, values, onChange, children }: FilterBarProps) {
  const narrow = useMediaQuery('(max-width: 700px)') ?? false;
  const [unfolded, { toggle }] = useDisclosure();
  const set = facets.filter(({ id }) => isSet(values[id])).length;
  return (
    <Group gap="xs" role="search" className={styles.bar}>
      {search !== undefined && <SearchField search={search} hint={hint} onChange={onChange} />}
      {narrow && facets.length > 0 && (
        <Button
          variant={set > 0 ? 'light' : 'default'}
          leftSection={<IconFilter size={16} aria-hidden />}
          aria-expanded={unfolded}
          onClick={toggle}
        >
          {set > 0 ? `${set} set` : 'Filter'}
        </Button>
      )}
      {(!narrow || unfolded) &&
        facets.map((facet) => <FacetField key={facet.id} facet={facet} value={values[facet.id]} onChange={onChange} />)}
      {children}
    </Group>
  );
}

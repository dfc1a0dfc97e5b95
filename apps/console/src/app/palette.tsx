import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconArrowRight, IconKeyboard, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useGo } from '../ui/app-link.tsx';
import { describeError } from '../ui/describe-error.ts';
import { placeOf } from '../ui/references.ts';
import { absoluteTime } from '../ui/times.ts';
import { plainText } from '../ui/untrusted-text.ts';
import { useNavigation } from './navigation.ts';
import { chooseOne, paletteStore } from './palette-store.ts';
import { useApi } from './use-api.ts';

function matches(title: string, query: string): boolean {
  return title.toLowerCase().includes(query.trim().toLowerCase());
}

/** Screens that fit what was typed. */
function usePlaces(query: string, onShortcuts: () => void): SpotlightActionGroupData {
  const navigate = useNavigate();
  const places = useNavigation().flat();
  const actions = places
    .filter(({ title }) => matches(title, query))
    .map(({ path, title, icon: Icon, key }) => ({
      id: path,
      label: title,
      description: `g ${key}`,
      leftSection: <Icon size={18} aria-hidden />,
      onClick: () => void navigate({ to: path }),
    }));
  const keys = matches('Keys and shortcuts', query)
    ? [
        {
          id: 'keys',
          label: 'Keys and shortcuts',
          description: '?',
          leftSection: <IconKeyboard size={18} aria-hidden />,
          onClick: onShortcuts,
        },
      ]
    : [];
  return { group: 'Screens', actions: [...actions, ...keys] };
}

/** What the server finds: alerts, cases, runs, playbooks, observables, changes, … */
function useFound(query: string): {
  readonly groups: readonly SpotlightActionGroupData[];
  readonly searching: boolean;
  /** Why nothing could be searched. */
  readonly error: Error | null;
} {
  const go = useGo();
  const [asked] = useDebouncedValue(query.trim(), 150);
  const found = useApi('search', { query: { q: asked } }, { enabled: asked.length >= 2, keep: true });
  const items = asked.length < 2 ? [] : (found.data?.items ?? []);
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  const since = asked.length < 2 ? null : (found.data?.titles_since ?? null);
  const older = {
    id: 'older',
    label: `Look for “${plainText(asked, 60)}” in all alerts`,
    description: `Of alerts and cases, only titles since ${absoluteTime(since ?? 0)} were searched here`,
    leftSection: <IconSearch size={18} aria-hidden />,
    onClick: () => go(`/alerts?q=${encodeURIComponent(asked)}&words=true`),
  };
  const groups = kinds.map((kind) => ({
    group: kind === 'effect' ? 'change' : kind,
    actions: items
      .filter((item) => item.kind === kind)
      .map(({ ref, title, detail }) => ({
        id: ref,
        label: plainText(title, 120),
        description: plainText(detail, 160),
        leftSection: <IconArrowRight size={18} aria-hidden />,
        onClick: () => go(placeOf(ref).path ?? `/trace/${encodeURIComponent(ref)}`),
      })),
  }));
  const rest = since === null ? [] : [{ group: 'Older alerts', actions: [older] }];
  return { groups: [...groups, ...rest], searching: found.isFetching, error: found.error };
}

/** Ctrl-K: goes to any screen and to anything that can be found. */
export function Palette({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const [query, setQuery] = useState('');
  const places = usePlaces(query, onShortcuts);
  const { groups, searching, error } = useFound(query);
  const none = error ? `It could not be searched. ${describeError(error).what}` : 'Nothing has this name, value or id';
  const actions = [...groups, places].filter((group) => group.actions.length > 0);
  const shown = actions.flatMap((group) => group.actions.map(({ id }) => id)).join(' ');
  useEffect(() => {
    if (query !== '' && shown !== '') chooseOne();
  }, [query, shown]);
  return (
    <Spotlight
      store={paletteStore}
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      filter={(_query, all) => all}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      triggerOnContentEditable
      scrollable
      maxHeight={460}
      clearQueryOnClose
      nothingFound={searching ? 'Searching …' : plainText(none, 300)}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'Screen, title, address, hash, id …',
        'aria-label': 'Search and go anywhere',
      }}
      closeOnClickOutside
      onSpotlightClose={() => setQuery('')}
    />
  );
}

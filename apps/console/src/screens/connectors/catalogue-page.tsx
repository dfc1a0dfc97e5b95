import { Button, Text } from '@mantine/core';
import { IconPlugOff } from '@tabler/icons-react';
import { useApi } from '../../app/use-api.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { type Facet, FilterBar } from '../../ui/filter-bar.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { oneOf, text } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import styles from './catalogue.module.css';
import { ConnectorCard } from './connector-card.tsx';
import { filterCatalogue, type Listed } from './words.ts';

const state = {
  q: text('', 200),
  capability: text(),
  effect: text(),
  grade: text(),
  connected: oneOf(['yes', 'no']),
};

function facetsFor(items: readonly Listed[]): readonly Facet[] {
  const capabilities = [...new Set(items.flatMap((one) => one.capabilities))].toSorted();
  return [
    {
      id: 'capability',
      label: 'Capability',
      options: capabilities.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
    },
    {
      id: 'effect',
      label: 'Can do',
      options: ['read', 'notify', 'change', 'contain', 'destroy'].map((value) => ({ value, label: value })),
    },
    {
      id: 'grade',
      label: 'Grade',
      options: [
        { value: 'A', label: 'A · proven' },
        { value: 'B', label: 'B · dependable' },
        { value: 'C', label: 'C · works' },
        { value: 'none', label: 'not graded' },
      ],
    },
    {
      id: 'connected',
      label: 'Connected',
      options: [
        { value: 'yes', label: 'connected' },
        { value: 'no', label: 'not connected' },
      ],
    },
  ];
}

/** The catalogue: every product, participant and built-in that playbooks can act through. */
export function CataloguePage() {
  const [filter, change] = useUrlState(state);
  const { data, error, isPending, refetch } = useApi('listConnectors', {});
  const items = data?.items ?? [];
  const found = filterCatalogue(items, filter);
  const clear = () =>
    change({ q: '', capability: undefined, effect: undefined, grade: undefined, connected: undefined });
  return (
    <Page
      title="Connectors"
      about="What playbooks, reactions and people can act through. Connect a product to make its actions work."
    >
      <FilterBar
        search={filter.q}
        hint="Search product, action"
        facets={facetsFor(items)}
        values={filter}
        onChange={change}
      >
        <Text size="xs" c="dimmed" role="status" mt={9}>
          {isPending ? '' : `${found.length} of ${items.length}`}
        </Text>
      </FilterBar>
      {error && items.length === 0 ? <ErrorPanel error={error} retry={refetch} /> : null}
      {isPending ? <LoadingRows rows={6} height={120} /> : null}
      {items.length > 0 && found.length === 0 ? (
        <EmptyState
          icon={IconPlugOff}
          title="No connector fits"
          action={
            <Button variant="light" onClick={clear}>
              Show all
            </Button>
          }
        >
          Try another word. For a product that is not here, the connector “http” calls any HTTP API.
        </EmptyState>
      ) : null}
      <div className={styles.grid}>
        {found.map((connector) => (
          <ConnectorCard key={connector.id} connector={connector} />
        ))}
      </div>
    </Page>
  );
}

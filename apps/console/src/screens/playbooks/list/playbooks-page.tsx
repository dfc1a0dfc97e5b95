import type { CallResult } from '@counterpoint/sdk';
import { Button, Group, Paper, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil, IconPlus, IconSchema } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useApi, useApiPages } from '../../../app/use-api.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterBar } from '../../../ui/filter-bar.tsx';
import { listReading } from '../../../ui/list-reading.ts';
import { Page } from '../../../ui/page.tsx';
import { plainText } from '../../../ui/untrusted-text.ts';
import { oneOf, text } from '../../../ui/url-fields.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { When } from '../../../ui/when.tsx';
import { NewPlaybookDialog } from './new-playbook-dialog.tsx';
import { playbookColumns } from './playbook-columns.tsx';
import classes from './playbooks-page.module.css';

const state = {
  q: text(''),
  kind: oneOf(['playbook', 'reaction', 'all']),
  enabled: oneOf(['true', 'false']),
};

const facets = [
  {
    id: 'kind',
    label: 'Playbooks',
    options: [
      { value: 'playbook', label: 'Playbooks' },
      { value: 'reaction', label: 'Reactions' },
      { value: 'all', label: 'Both' },
    ],
  },
  {
    id: 'enabled',
    label: 'Enabled or not',
    options: [
      { value: 'true', label: 'Enabled' },
      { value: 'false', label: 'Disabled' },
    ],
  },
];

/** All playbooks and reactions: what starts them, how they did, what is being worked on. */
export function PlaybooksPage() {
  const [{ q, kind, enabled }, setState] = useUrlState(state);
  const [creating, { open, close }] = useDisclosure();
  const may = useMay('playbook:publish');
  const { items, query } = useApiPages('listPlaybooks', { query: { limit: 100, q: q || undefined, kind, enabled } });
  const narrowed = q !== '' || kind !== undefined || enabled !== undefined;
  const create = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New playbook
    </Button>
  );
  return (
    <Page title="Playbooks" actions={create} fill>
      <Unpublished />
      <FilterBar
        search={q}
        hint="Search title or id"
        facets={facets}
        values={{ kind, enabled }}
        onChange={(change) => setState(change as Parameters<typeof setState>[0])}
      />
      <DataTable
        label="Playbooks"
        columns={playbookColumns}
        rows={items}
        idOf={(row) => row.id}
        nameOf={(row) => row.title}
        pathOf={(row) => `/playbooks/${encodeURIComponent(row.id)}`}
        {...listReading(query)}
        empty={<Empty narrowed={narrowed} create={create} />}
      />
      <NewPlaybookDialog opened={creating} onClose={close} />
    </Page>
  );
}

type Draft = CallResult<'listDrafts'>['items'][number];

/** Drafts of playbooks that were never published: no list of playbooks has them. */
function Unpublished() {
  const drafts = useApi('listDrafts', {});
  const [all, setAll] = useState(false);
  const fresh = (drafts.data?.items ?? []).filter((draft) => !draft.published);
  if (fresh.length === 0) return null;
  return (
    <Paper withBorder px="sm" py={6}>
      <Group className={classes.drafts}>
        <Group gap={6} c="dimmed">
          <IconPencil size={15} aria-hidden />
          <Text size="sm">Not published yet</Text>
        </Group>
        {(all ? fresh : fresh.slice(0, 6)).map((draft) => (
          <DraftLink key={draft.playbook} draft={draft} />
        ))}
        {!all && fresh.length > 6 && (
          <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
            Show {fresh.length - 6} more
          </Button>
        )}
      </Group>
    </Paper>
  );
}

function DraftLink({ draft }: { readonly draft: Draft }) {
  return (
    <Text size="sm" component="span" className={classes.draft}>
      <AppLink to={`/playbooks/${encodeURIComponent(draft.playbook)}`} underline="always">
        {plainText(draft.title || draft.playbook, 40)}
      </AppLink>{' '}
      <Text span size="xs" c="dimmed">
        <When at={draft.updated_at} />
      </Text>
    </Text>
  );
}

function Empty({ narrowed, create }: { readonly narrowed: boolean; readonly create: ReactNode }) {
  if (narrowed) {
    return (
      <EmptyState
        icon={IconSchema}
        title="No playbook fits these filters"
        action={<AppLink to="/playbooks">Show all playbooks</AppLink>}
      >
        Reactions are shown when you choose them.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconSchema} title="No playbooks yet" action={create}>
      A playbook says what is done when something happens: which tools are asked, what they change, and when people
      decide. Begin with a template; nothing runs before you publish it.
    </EmptyState>
  );
}

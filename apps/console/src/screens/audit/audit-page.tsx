import type { CallResult } from '@counterpoint/sdk';
import { Button, Drawer, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconListCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useApiPages } from '../../app/use-api.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { listReading } from '../../ui/list-reading.ts';
import { Page } from '../../ui/page.tsx';
import { Ref, TraceLink } from '../../ui/ref.tsx';
import { absoluteTime } from '../../ui/times.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import styles from './audit.module.css';
import { auditState, queryOf, summaryOf } from './audit-state.ts';
import { VerifyChain } from './verify-chain.tsx';

type Entry = CallResult<'listAudit'>['items'][number];

const COLUMNS: readonly Column<Entry>[] = [
  { id: 'at', header: 'When', width: 150, cell: ({ at }) => <span title={String(at)}>{absoluteTime(at)}</span> },
  { id: 'who', header: 'Who', width: '1fr', cell: ({ who }) => <Untrusted text={who} line longest={80} /> },
  { id: 'action', header: 'Did', width: '1fr', card: 'title', cell: ({ action }) => <Untrusted text={action} line /> },
  { id: 'object', header: 'To', width: '2fr', cell: ({ object }) => <Ref to={object} /> },
  {
    id: 'data',
    header: 'With',
    width: '2fr',
    from: 1000,
    cell: ({ data }) => <Untrusted text={summaryOf(data)} line longest={160} c="dimmed" />,
  },
];

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'date';
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A field whose value is taken a moment after the last letter. */
function Field({ label, hint, type, value, onChange }: FieldProps) {
  const [text, setText] = useState(value ?? '');
  const tell = useDebouncedCallback((next: string) => onChange(next === '' ? undefined : next), 300);
  useEffect(() => setText(value ?? ''), [value]);
  return (
    <TextInput
      size="sm"
      label={label}
      {...(type ? { type } : {})}
      {...(hint ? { placeholder: hint } : {})}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}

function EntryDrawer({ entry, onClose }: { readonly entry: Entry | undefined; readonly onClose: () => void }) {
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={entry ? `Entry ${entry.seq}: ${entry.action}` : ''}
    >
      {entry && (
        <Stack gap="sm">
          <Group gap={6}>
            <Untrusted text={entry.who} longest={80} />
            <Ref to={entry.principal} />
            <Text size="sm" c="dimmed" component="span">
              <When at={entry.at} />
            </Text>
          </Group>
          <Group gap={6}>
            <Text size="sm" component="span">
              To
            </Text>
            <Ref to={entry.object} />
            {entry.trace !== '' && <TraceLink to={entry.trace} />}
          </Group>
          <JsonView value={entry.data} label="data" />
          <Text size="xs" c="dimmed">
            Hash of this entry, over the one before
          </Text>
          <CodeBlock text={entry.hash} label="hash" />
        </Stack>
      )}
    </Drawer>
  );
}

/** Everything that people and the server did, in a chain that shows when somebody changes it. */
export function AuditPage() {
  const [state, change] = useUrlState(auditState);
  const { items, query } = useApiPages('listAudit', { query: queryOf(state) });
  const open = items.find(({ seq }) => seq === state.row);
  const { principal, action, object, from, to } = state;
  const narrowed = [principal, action, object, from, to].some((value) => value !== undefined);
  const set = (name: 'principal' | 'action' | 'object' | 'from' | 'to') => (value: string | undefined) =>
    change({ [name]: value });
  return (
    <Page title="Audit" fill actions={<VerifyChain />}>
      <Group gap="xs" role="search" align="flex-end" className={styles.filters}>
        <Field label="Who" hint="user:… or token:…" value={state.principal} onChange={set('principal')} />
        <Field label="Did" hint="effect.undone" value={state.action} onChange={set('action')} />
        <Field label="To" hint="effect:… or case:…" value={state.object} onChange={set('object')} />
        <Field label="From" type="date" value={state.from} onChange={set('from')} />
        <Field label="Until" type="date" value={state.to} onChange={set('to')} />
        {narrowed && (
          <Button
            variant="subtle"
            color="gray"
            onClick={() =>
              change({ principal: undefined, action: undefined, object: undefined, from: undefined, to: undefined })
            }
          >
            Clear
          </Button>
        )}
      </Group>
      <DataTable
        label="Audit entries"
        columns={COLUMNS}
        rows={items}
        idOf={({ seq }) => String(seq)}
        nameOf={({ action, object }) => `${action} ${object}`}
        onOpen={({ seq }) => change({ row: seq }, { replace: true })}
        {...(state.row === undefined ? {} : { current: String(state.row) })}
        {...listReading(query)}
        empty={
          <EmptyState icon={IconListCheck} title="No entry fits">
            Who, did and to must be written whole, as they stand in the list. Take a filter away to see more.
          </EmptyState>
        }
      />
      <EntryDrawer entry={open} onClose={() => change({ row: undefined }, { replace: true })} />
    </Page>
  );
}

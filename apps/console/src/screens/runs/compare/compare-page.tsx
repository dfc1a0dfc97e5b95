import { Alert, Paper, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { useState } from 'react';
import { useApi } from '../../../app/use-api.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { StatusBadge } from '../../../ui/badges.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { shortDuration } from '../../../ui/times.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { text } from '../../../ui/url-fields.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { When } from '../../../ui/when.tsx';
import { LongList } from '../long-list.tsx';
import { Calls, Differences } from './compare-parts.tsx';
import { Pictures } from './compare-pictures.tsx';
import { type Comparison, differs, goesOn, headline, otherValues } from './compare-words.ts';
import { PickRun } from './pick-run.tsx';

const state = { a: text(''), b: text('') };

/** Two runs side by side: where they part, and what each did alone. */
export function ComparePage() {
  const [{ a, b }, change] = useUrlState(state);
  const { data, error, refetch, isLoading } = useApi(
    'compareRuns',
    { query: { a, b } },
    { enabled: a !== '' && b !== '' },
  );
  return (
    <Page title="Compare runs" above={[{ title: 'Runs', path: '/runs' }]}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <PickRun label="A" value={a} beside={b} onChange={(next) => change({ a: next })} />
        <PickRun label="B" value={b} beside={a} onChange={(next) => change({ b: next })} />
      </SimpleGrid>
      {error ? (
        <ErrorPanel error={error} retry={refetch} />
      ) : isLoading ? (
        <LoadingPanel />
      ) : data ? (
        <Compared compared={data} />
      ) : (
        <EmptyState icon={IconArrowsDiff} title="Choose two runs">
          They are put side by side: what each was given, where they part, and what only one of them did.
        </EmptyState>
      )}
    </Page>
  );
}

function Compared({ compared }: { readonly compared: Comparison }) {
  const { a, b, first, inputs, ends, only_a, only_b, same_playbook, same_version, more } = compared;
  return (
    <Stack gap="sm">
      <Alert color={first ? 'orange' : 'teal'} icon={<IconArrowsDiff />}>
        <Text fw={600} component="div">
          <Untrusted text={headline(compared)} longest={300} />
        </Text>
        {!same_playbook && <Text size="sm">They are runs of different playbooks.</Text>}
        {same_playbook && !same_version && (
          <Text size="sm">
            A followed version {a.number ?? 'that is gone'}, B version {b.number ?? 'that is gone'}.
          </Text>
        )}
        {(goesOn(a) || goesOn(b)) && <Text size="sm">So far: not both have ended.</Text>}
        {more && <Text size="sm">There are more steps or calls than are shown here.</Text>}
      </Alert>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <Side name="A" run={a} />
        <Side name="B" run={b} />
      </SimpleGrid>
      <Differences title="Inputs" items={inputs} />
      <Differences title="Ends" items={ends} />
      <Pictures key={`${a.id} ${b.id}`} compared={compared} />
      <Steps compared={compared} />
      {only_a.length + only_b.length > 0 && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <Calls title="Calls that only A made" run={a.id} calls={only_a} />
          <Calls title="Calls that only B made" run={b.id} calls={only_b} />
        </SimpleGrid>
      )}
    </Stack>
  );
}

function Side({ name, run }: { readonly name: string; readonly run: Comparison['a'] }) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={`Run ${name}`}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <AppLink to={`/runs/${run.id}`} fw={600}>
        <Untrusted text={run.title} longest={120} />
      </AppLink>
      <Text size="sm" component="div">
        <StatusBadge state={run.status} /> version {run.number ?? 'gone'}, started <When at={run.created_at} />
        {run.duration !== null && `, ${goesOn(run) ? 'goes on for' : 'took'} ${shortDuration(run.duration)}`}
      </Text>
    </Paper>
  );
}

type Step = Comparison['steps'][number];

function SideOfStep({ side }: { readonly side: Step['a'] }) {
  if (!side)
    return (
      <Text size="sm" c="dimmed">
        not taken
      </Text>
    );
  return (
    <>
      <StatusBadge state={side.status} />{' '}
      {side.took !== null && (
        <Text span size="xs" c="dimmed">
          {shortDuration(side.took)}
        </Text>
      )}
    </>
  );
}

const columns: readonly Column<Step>[] = [
  {
    id: 'step',
    header: 'Step',
    width: '2fr',
    card: 'title',
    cell: (one) => <Untrusted text={one.address} line longest={120} />,
  },
  { id: 'a', header: 'A', width: '1fr', cell: (one) => <SideOfStep side={one.a} /> },
  { id: 'b', header: 'B', width: '1fr', cell: (one) => <SideOfStep side={one.b} /> },
  {
    id: 'values',
    header: 'Values',
    width: '1fr',
    cell: (one) => {
      if (one.a === null || one.b === null) return '';
      return (
        otherValues(one) || (
          <Text size="sm" c="dimmed">
            same
          </Text>
        )
      );
    },
  },
];

function Steps({ compared: { a, b, steps } }: { readonly compared: Comparison }) {
  const [all, setAll] = useState(false);
  const shown = all ? steps : steps.filter(differs);
  return (
    <section aria-label="Steps">
      <Switch
        mb="xs"
        label={`Also the ${steps.length - steps.filter(differs).length} steps that are the same`}
        checked={all}
        onChange={(event) => setAll(event.currentTarget.checked)}
      />
      <LongList count={shown.length}>
        {(flow) => (
          <DataTable
            label="Steps"
            columns={columns}
            rows={shown}
            idOf={({ address }) => address}
            nameOf={({ address }) => address}
            pathOf={({ address, a: side }) => `/runs/${side ? a.id : b.id}?step=${encodeURIComponent(address)}`}
            toneOf={(step) => (differs(step) ? 'warn' : undefined)}
            flow={flow}
            empty={
              <EmptyState icon={IconArrowsDiff} title="Every step went the same way">
                With the same input and the same output. Times may differ.
              </EmptyState>
            }
          />
        )}
      </LongList>
    </section>
  );
}

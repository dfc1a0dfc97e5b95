import { SegmentedControl, Text } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { useApiPages } from '../../app/use-api.ts';
import { SimulatedMark, StatusBadge, ToneBadge } from '../../ui/badges.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { listReading } from '../../ui/list-reading.ts';
import { Page } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { oneOf } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { useNow, When } from '../../ui/when.tsx';
import { dueOf, type MatterLine, quorumWords } from './matter-words.ts';

const SHOWN = [
  { value: 'open', label: 'Open' },
  { value: 'decided', label: 'Decided' },
];
const DECIDED = 'approved,denied,answered,expired,cancelled';
const listState = { show: oneOf(['open', 'decided'], 'open') };

function Due({ line }: { readonly line: MatterLine }) {
  const now = useNow();
  if (line.status !== 'open') return <When at={line.decided_at} />;
  if (line.due_at === null)
    return (
      <Text span inherit c="dimmed">
        no limit
      </Text>
    );
  const { text, soon } = dueOf(line, now);
  return (
    <Text span inherit {...(soon ? { c: 'var(--cp-warn)' } : {})}>
      {text}
    </Text>
  );
}

function State({ line }: { readonly line: MatterLine }) {
  if (line.status !== 'open') return <StatusBadge state={line.status} />;
  return line.may_decide ? <ToneBadge tone="warn" word="asks you" /> : <ToneBadge tone="calm" word="asks others" />;
}

const COLUMNS: readonly Column<MatterLine>[] = [
  {
    id: 'text',
    header: 'What is asked',
    width: '8fr',
    card: 'title',
    cell: ({ text }) => <Untrusted text={text} line longest={300} />,
  },
  { id: 'state', header: 'State', width: 124, cell: (line) => <State line={line} /> },
  {
    id: 'what',
    header: 'Lets happen',
    width: 168,
    cell: (line) =>
      line.kind === 'question'
        ? 'a question'
        : [`${line.calls} ${line.calls === 1 ? 'call' : 'calls'}`, quorumWords(line)]
            .filter((part) => part !== '')
            .join(', '),
  },
  { id: 'playbook', header: 'Playbook', width: '2fr', from: 1400, cell: ({ playbook }) => playbook || 'none' },
  { id: 'lab', header: '', width: 64, cell: ({ simulated }) => <SimulatedMark simulated={simulated} /> },
  { id: 'due', header: 'Time', width: '5fr', cell: (line) => <Due line={line} /> },
  { id: 'asked', header: 'Asked', width: 110, from: 1400, cell: ({ created_at }) => <When at={created_at} /> },
];

function Empty({ show }: { readonly show: string }) {
  return (
    <EmptyState icon={IconChecklist} title={show === 'open' ? 'Nothing waits for people' : 'Nothing was decided yet'}>
      Playbooks ask here before they cut something off, and when they need to know something that only people know. A
      number beside “Approvals” says when it is time to look.
    </EmptyState>
  );
}

/** The inbox of people. */
export function ApprovalsPage() {
  const [{ show }, setState] = useUrlState(listState);
  const { items, query } = useApiPages('listInbox', {
    query: { status: show === 'open' ? 'open' : DECIDED, limit: 50 },
  });
  return (
    <Page
      title="Approvals"
      fill
      actions={
        <SegmentedControl
          size="xs"
          data={SHOWN}
          value={show}
          onChange={(next) => setState({ show: next as typeof show })}
          aria-label="Which matters"
        />
      }
    >
      <DataTable<MatterLine>
        label="Approvals"
        columns={COLUMNS}
        rows={items}
        idOf={({ id }) => id}
        nameOf={({ text }) => text}
        pathOf={({ id }) => `/approvals/${id}`}
        {...listReading(query)}
        toneOf={({ status, may_decide }) => (status === 'open' && !may_decide ? 'calm' : undefined)}
        empty={<Empty show={show} />}
      />
    </Page>
  );
}

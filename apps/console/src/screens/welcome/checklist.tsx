import { Anchor, Button, Group, Paper, Text } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { useMay, useSession } from '../../app/session.tsx';
import { useApi } from '../../app/use-api.ts';
import { splitPath } from '../../ui/app-link.tsx';
import { blockToExplain } from './block-to-explain.ts';
import { isNoted, noteDone, onNotes } from './checklist-notes.ts';
import styles from './welcome.module.css';

interface Item {
  readonly title: string;
  readonly path: string;
  readonly done: boolean;
  /** Called when somebody goes there. */
  readonly onGo?: () => void;
}

/** The items of the list, ticked by what is really there. Undefined while it is read. */
function useItems(): readonly Item[] | undefined {
  const why = useSyncExternalStore(onNotes, () => isNoted('why'));
  const played = useSyncExternalStore(onNotes, () => isNoted('played'));
  const { user } = useSession();
  const mayAudit = useMay('audit:read');
  const told = useApi('listStories', {});
  const runs = useApi('listRuns', { query: { limit: 1 } });
  const blocks = useApi('listEffects', { query: { class: 'contain', limit: 100 } });
  // What ended by itself, or by somebody else, was not undone by who looks.
  const undoing = { principal: `user:${user.id}`, action: 'effect.undoing', limit: 1 };
  const undone = useApi('listAudit', { query: undoing }, { enabled: mayAudit });
  const connections = useApi('listConnections', { query: { limit: 500 } });
  const sources = useApi('listSources', {});
  const playbooks = useApi('listPlaybooks', { query: { limit: 500 } });
  if (![told, runs, blocks, undone, connections, sources, playbooks].every(({ isLoading }) => !isLoading))
    return undefined;
  const block = blockToExplain(blocks.data?.items ?? []);
  const trace = block ? `/trace/${encodeURIComponent(`effect:${block.id}`)}` : '/effects';
  const own = <Row extends { readonly simulated: boolean }>(rows: readonly Row[] = []) =>
    rows.some(({ simulated }) => !simulated);
  return [
    ...(told.data?.lab
      ? [{ title: 'Play a story', path: '/welcome?show=lab', done: played || (runs.data?.items.length ?? 0) > 0 }]
      : []),
    { title: 'Find out why an address was blocked', path: trace, done: why, onGo: () => block && noteDone('why') },
    { title: 'Undo it', path: '/effects', done: (undone.data?.items.length ?? 0) > 0 },
    {
      title: 'Connect a tool of your own',
      path: '/connectors',
      done: own(connections.data?.items.filter(({ connector }) => connector !== 'fabric')),
    },
    { title: 'Add a source that alerts come from', path: '/sources', done: own(sources.data?.items) },
    {
      title: 'Change a playbook and publish it',
      path: '/playbooks',
      done: (playbooks.data?.items ?? []).some(({ number }) => number > 1),
    },
  ];
}

function ItemLine({ item: { title, path, done, onGo } }: { readonly item: Item }) {
  return (
    <li className={styles.item} data-done={done}>
      {done ? <IconCircleCheckFilled size={18} aria-label="done" /> : <IconCircle size={18} aria-label="open" />}
      <Anchor component={Link} {...splitPath(path)} inherit c={done ? 'dimmed' : undefined} onClick={onGo}>
        {title}
      </Anchor>
    </li>
  );
}

/** The first things to do, for the overview: each ticks itself off; gone when it was put away. */
export function Checklist() {
  const dismissed = useSyncExternalStore(onNotes, () => isNoted('dismissed'));
  const may = useMay('connection:write');
  return dismissed || !may ? null : <OpenChecklist />;
}

function OpenChecklist() {
  const items = useItems();
  if (!items) return null;
  const done = items.filter((item) => item.done).length;
  return (
    <Paper withBorder p="md" component="section" aria-label="First steps">
      <Group justify="space-between" mb={4} wrap="nowrap">
        <Text fw={600}>
          {done === items.length ? 'All first steps are done' : `First steps: ${done} of ${items.length}`}
        </Text>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => noteDone('dismissed')}>
          Put away
        </Button>
      </Group>
      <ol className={styles.items}>
        {items.map((item) => (
          <ItemLine key={item.title} item={item} />
        ))}
      </ol>
    </Paper>
  );
}

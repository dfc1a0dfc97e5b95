import { CloseButton, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useApi } from '../../../app/use-api.ts';
import { dragType } from '../../../canvas/canvas-context.ts';
import { KindSign } from '../../../canvas/step-head.tsx';
import tones from '../../../canvas/tones.module.css';
import { EffectBadge } from '../../../ui/badges.tsx';
import { plainText } from '../../../ui/untrusted-text.ts';
import { type NewStep, writeNewStep } from './new-step.ts';
import { findItems, type PaletteItem, paletteItems } from './palette-items.ts';
import classes from './step-palette.module.css';

interface Props {
  readonly kind: 'playbook' | 'reaction';
  /** Where a step goes that is chosen by click or Enter, in words. */
  readonly place: string;
  readonly onAdd: (step: NewStep) => void;
  readonly onClose: () => void;
}

const MOST = 120;

/** Everything that can be added, with a search: by Enter or click at the chosen place, by dragging anywhere. */
export function StepPalette({ kind, place, onAdd, onClose }: Props) {
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const connectors = useApi('listConnectors', {});
  const playbooks = useApi('listPlaybooks', { query: { limit: 200 } });
  const items = useMemo(
    () => paletteItems(kind, connectors.data?.items ?? [], playbooks.data?.items ?? []),
    [kind, connectors.data, playbooks.data],
  );
  const found = useMemo(() => findItems(items, search).slice(0, MOST), [items, search]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const item = found[at];
    if (by !== 0) {
      const next = Math.min(found.length - 1, Math.max(0, at + by));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && item) onAdd(item.step);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section className={`${classes.palette} ${tones.tones}`} aria-label="Add a step">
      <div className={classes.top}>
        <Text fw={600} size="sm">
          Add a step
        </Text>
        <CloseButton aria-label="Close the palette" onClick={onClose} />
      </div>
      <Text size="xs" c="dimmed" px={10} pb={6}>
        {place}
      </Text>
      <TextInput
        mx={10}
        mb={6}
        size="sm"
        autoFocus
        placeholder="Search actions, capabilities, blocks"
        aria-label="Search steps"
        leftSection={<IconSearch size={15} aria-hidden />}
        value={search}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setAt(0);
        }}
      />
      <div ref={list} className={classes.list}>
        {found.map((item, row) => (
          <Row
            key={item.id}
            item={item}
            current={row === at}
            first={found[row - 1]?.group !== item.group && search === ''}
            onAdd={onAdd}
          />
        ))}
        {found.length === 0 && (
          <Text size="sm" c="dimmed" p="sm">
            Nothing is called that. Actions come from the connectors; a new one can be connected under Connectors.
          </Text>
        )}
      </div>
    </section>
  );
}

interface RowProps {
  readonly item: PaletteItem;
  readonly current: boolean;
  /** Whether it begins its group. */
  readonly first: boolean;
  readonly onAdd: (step: NewStep) => void;
}

function Row({ item, current, first, onAdd }: RowProps) {
  return (
    <div>
      {first && <div className={classes.group}>{item.group}</div>}
      <UnstyledButton
        className={classes.item}
        data-current={current || undefined}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(dragType, writeNewStep(item.step));
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={() => onAdd(item.step)}
      >
        <KindSign kind={item.step.kind} small />
        <span className={classes.words}>
          <span className={classes.title}>{plainText(item.title, 60)}</span>
          <span className={classes.about}>{plainText(item.about, 120)}</span>
        </span>
        {item.effect && <EffectBadge effect={item.effect} />}
      </UnstyledButton>
    </div>
  );
}

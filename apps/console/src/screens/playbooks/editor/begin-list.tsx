import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { SlotPlace } from '../../../canvas/canvas-props.ts';
import type { OutlineSlot } from '../../../canvas/model.ts';

const MEANS: Readonly<Record<string, string>> = {
  on_error: 'when a step has failed',
  on_cancel: 'when the run is cancelled',
  finally: 'at the end, however it ends',
};

interface Props {
  /** Lists of the document, the main one first. */
  readonly lists: readonly OutlineSlot[];
  readonly onAdd: (at: SlotPlace) => void;
}

/** Adds a step to a list beside the main one; the first step of such a list begins it. */
export function BeginList({ lists, onAdd }: Props) {
  const others = lists.slice(1).filter((slot) => !slot.fixed);
  if (others.length === 0) return null;
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Tooltip label="Add a step for errors or for the end">
          <ActionIcon variant="light" aria-label="Add a step for errors or for the end">
            <IconChevronDown size={15} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map(({ name, label, steps }) => (
          <Menu.Item key={name} onClick={() => onAdd({ step: '', slot: name, index: steps.length })}>
            {label}: {MEANS[name] ?? 'another list'}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

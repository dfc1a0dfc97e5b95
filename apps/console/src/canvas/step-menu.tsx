import { Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowLeft,
  IconArrowRight,
  IconArrowUp,
  IconCopy,
  IconCopyPlus,
  IconCursorText,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { CanvasWish } from './canvas-props.ts';
import { FIXED } from './face.ts';
import { lookOf } from './kinds.ts';
import { placeOfMove } from './moves.ts';
import classes from './step-menu.module.css';
import type { StepPlace, StepsIndex } from './steps-index.ts';

/** The step that a menu is about, and where it opens in the window. */
export interface MenuPlace {
  readonly address: string;
  readonly x: number;
  readonly y: number;
}

const wrappings = ['if', 'foreach', 'while', 'parallel', 'try'] as const;

interface Props {
  readonly place: MenuPlace | undefined;
  readonly index: StepsIndex;
  /** The steps that are chosen: what is done to several is offered when there are. */
  readonly chosen: readonly string[];
  readonly wish: (wish: CanvasWish) => void;
  readonly onClose: () => void;
}

/** Everything that can be done to a step. */
export function StepMenu({ place, index, chosen, wish, onClose }: Props) {
  const step = place && index.get(place.address);
  return (
    <Menu
      opened={step !== undefined}
      onClose={onClose}
      position="bottom-start"
      middlewares={{ flip: true, shift: { crossAxis: true, padding: 8 } }}
      withinPortal
      returnFocus
    >
      <Menu.Target>
        <button
          type="button"
          aria-hidden
          tabIndex={-1}
          className={classes.anchor}
          style={{ left: place?.x ?? 0, top: place?.y ?? 0 }}
        />
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        {step && chosen.length > 1 && <ManyItems chosen={chosen} wish={wish} />}
        {step && chosen.length <= 1 && <Items step={step} index={index} wish={wish} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ step, index, wish }: Pick<Props, 'index' | 'wish'> & { readonly step: StepPlace }) {
  const { address, fixed } = step.self;
  if (fixed) {
    return (
      <>
        <Menu.Label className={classes.why}>{FIXED}. Change it in the text.</Menu.Label>
        <NameItems address={address} wish={wish} />
      </>
    );
  }
  const at = { step: step.step, slot: step.slot, index: step.index };
  return (
    <>
      <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => wish({ kind: 'add', at })}>
        Add before
      </Menu.Item>
      <Item
        icon={<IconPlus size={15} />}
        keys="A"
        act={() => wish({ kind: 'add', at: { ...at, index: at.index + 1 } })}
      >
        Add after
      </Item>
      <InsideItems step={step} wish={wish} />
      <Menu.Divider />
      <Item icon={<IconArrowUp size={15} />} keys="Alt ↑" act={() => wish({ kind: 'move', address, direction: 'up' })}>
        Move up
      </Item>
      <Item
        icon={<IconArrowDown size={15} />}
        keys="Alt ↓"
        act={() => wish({ kind: 'move', address, direction: 'down' })}
      >
        Move down
      </Item>
      {placeOfMove(index, address, 'in') && (
        <Item
          icon={<IconArrowRight size={15} />}
          keys="Alt →"
          act={() => wish({ kind: 'move', address, direction: 'in' })}
        >
          Move into the block above
        </Item>
      )}
      {step.step !== '' && (
        <Item
          icon={<IconArrowLeft size={15} />}
          keys="Alt ←"
          act={() => wish({ kind: 'move', address, direction: 'out' })}
        >
          Move out of the block
        </Item>
      )}
      <Menu.Divider />
      <Wrappings addresses={[address]} wish={wish} />
      <Menu.Divider />
      <NameItems address={address} wish={wish} />
      <Item icon={<IconCopyPlus size={15} />} keys="Ctrl D" act={() => wish({ kind: 'duplicate', address })}>
        Duplicate
      </Item>
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={15} />}
        rightSection={<span className={classes.keys}>Del</span>}
        onClick={() => wish({ kind: 'delete', addresses: [address] })}
      >
        Delete
      </Menu.Item>
    </>
  );
}

/** What changes nothing but a name. */
function NameItems({ address, wish }: Pick<Props, 'wish'> & { readonly address: string }) {
  return (
    <>
      <Item icon={<IconCursorText size={15} />} keys="F2" act={() => wish({ kind: 'rename', address })}>
        Rename
      </Item>
      <Item icon={<IconCopy size={15} />} keys="Ctrl C" act={() => wish({ kind: 'copy', address })}>
        Copy as YAML
      </Item>
    </>
  );
}

/** What can be done to several steps of one list. */
function ManyItems({ chosen, wish }: Pick<Props, 'chosen' | 'wish'>) {
  return (
    <>
      <Menu.Label>{chosen.length} steps</Menu.Label>
      <Wrappings addresses={chosen} wish={wish} />
      <Menu.Divider />
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={15} />}
        rightSection={<span className={classes.keys}>Del</span>}
        onClick={() => wish({ kind: 'delete', addresses: chosen })}
      >
        Delete them
      </Menu.Item>
    </>
  );
}

interface WrappingsProps extends Pick<Props, 'wish'> {
  readonly addresses: readonly string[];
}

function Wrappings({ addresses, wish }: WrappingsProps) {
  return (
    <>
      <Menu.Label>Wrap in</Menu.Label>
      {wrappings.map((block) => {
        const look = lookOf(block);
        return (
          <Menu.Item
            key={block}
            leftSection={<look.icon size={15} />}
            onClick={() => wish({ kind: 'wrap', addresses, in: block })}
          >
            {look.word}
          </Menu.Item>
        );
      })}
    </>
  );
}

/** Lists of a block that are not written yet, such as `else` and `finally`: a step can begin them. */
function InsideItems({ step, wish }: { readonly step: StepPlace; readonly wish: Props['wish'] }) {
  const { address, slots } = step.self;
  return slots
    .filter((slot) => slot.steps.length === 0)
    .map((slot) => (
      <Menu.Item
        key={slot.name}
        leftSection={<IconPlus size={15} />}
        onClick={() => wish({ kind: 'add', at: { step: address, slot: slot.name, index: 0 } })}
      >
        Add in “{slot.label}”
      </Menu.Item>
    ));
}

interface ItemProps {
  readonly icon: ReactNode;
  readonly keys: string;
  readonly act: () => void;
  readonly children: ReactNode;
}

function Item({ icon, keys, act, children }: ItemProps) {
  return (
    <Menu.Item leftSection={icon} rightSection={<span className={classes.keys}>{keys}</span>} onClick={act}>
      {children}
    </Menu.Item>
  );
}

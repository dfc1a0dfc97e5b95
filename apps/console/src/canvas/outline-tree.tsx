import clsx from 'clsx';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { plainText } from '../ui/untrusted-text.ts';
import { actOnKey } from './canvas-keys.ts';
import type { CanvasProps, StepOverlay } from './canvas-props.ts';
import { faceOf, spokenFace } from './face.ts';
import { drawnSlots } from './layout/measure.ts';
import type { OutlineSlot, OutlineStep } from './model.ts';
import classes from './outline-tree.module.css';
import { OverlayMark } from './overlay-mark.tsx';
import { FindingBadge, KindSign } from './step-head.tsx';
import { type MenuPlace, StepMenu } from './step-menu.tsx';
import { indexSteps, type StepsIndex } from './steps-index.ts';
import tones from './tones.module.css';
import { useRange } from './use-range.ts';

/** The canvas as a tree that any screen reader can walk: same selection, same keys, same changes. */
export function OutlineTree(props: CanvasProps) {
  const { outline, selected, onSelect, onWish, onOpen, overlay, label = 'Playbook' } = props;
  const prefix = `${useId()}-`;
  const index = useMemo(() => indexSteps(outline), [outline]);
  const range = useRange(index, selected);
  const [menu, setMenu] = useState<MenuPlace>();
  const tree = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.getElementById(`${prefix}${selected}`)?.scrollIntoView({ block: 'nearest' });
  }, [prefix, selected]);
  const openMenu = (address: string) => {
    const box = document.getElementById(`${prefix}${address}`)?.getBoundingClientRect();
    if (box) setMenu({ address, x: box.left + 32, y: box.bottom });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const open = onOpen ?? (() => undefined);
    if (!actOnKey({ index, selected, range, select: onSelect, open, menu: openMenu, wish: onWish }, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const pick = (address: string, { shiftKey }: MouseEvent) => {
    if (shiftKey && onWish && selected !== '') range.drawTo(address);
    else onSelect(address);
  };
  const onMenu = (address: string, event: MouseEvent) => {
    if (!onWish) return;
    event.preventDefault();
    if (!range.steps.includes(address)) onSelect(address);
    setMenu({ address, x: event.clientX, y: event.clientY });
  };
  const drawn = outline.slots.filter((slot, at) => at === 0 || slot.steps.length > 0);
  return (
    <div className={clsx(classes.pane, tones.tones)}>
      <div
        ref={tree}
        role="tree"
        aria-label={`${plainText(label)}: outline`}
        className={classes.tree}
        aria-multiselectable={onWish !== undefined}
        tabIndex={0}
        aria-activedescendant={index.has(selected) ? `${prefix}${selected}` : undefined}
        onKeyDown={onKeyDown}
      >
        {drawn.map((slot, at) => (
          <List
            key={slot.name}
            slot={slot}
            named={at > 0}
            level={1}
            {...{ index, prefix, overlay, pick, onMenu, onOpen }}
            chosen={range.steps}
          />
        ))}
        {index.size === 0 && <p className={classes.empty}>No steps yet.</p>}
      </div>
      {onWish && (
        <StepMenu place={menu} index={index} chosen={range.steps} wish={onWish} onClose={() => setMenu(undefined)} />
      )}
    </div>
  );
}

interface Shared extends Pick<CanvasProps, 'overlay' | 'onOpen'> {
  /** Addresses of the steps that are chosen. */
  readonly chosen: readonly string[];
  readonly pick: (address: string, event: MouseEvent) => void;
  readonly onMenu: (address: string, event: MouseEvent) => void;
  readonly index: StepsIndex;
  readonly prefix: string;
  readonly level: number;
}

function List({ slot, named, ...shared }: Shared & { readonly slot: OutlineSlot; readonly named: boolean }) {
  return (
    <>
      {named && (
        <div role="none" className={classes.slot} data-level={shared.level}>
          {plainText(slot.label, 80)}
        </div>
      )}
      {slot.steps.map((step) => (
        <Item key={step.address} step={step} {...shared} />
      ))}
    </>
  );
}

function Item({ step, ...shared }: Shared & { readonly step: OutlineStep }) {
  const { index, prefix, level, chosen, overlay, pick, onMenu, onOpen } = shared;
  const face = faceOf(step, index.get(step.address)?.findings ?? []);
  const over: StepOverlay | undefined = overlay?.get(step.address);
  const inner = drawnSlots(step).filter((slot) => slot.steps.length > 0);
  const isSelected = chosen.includes(step.address);
  return (
    <div
      role="treeitem"
      id={`${prefix}${step.address}`}
      aria-level={level}
      aria-selected={isSelected}
      aria-expanded={inner.length > 0 ? true : undefined}
      aria-label={spokenFace(face, over)}
      className={classes.item}
      onClick={(event) => {
        event.stopPropagation();
        pick(step.address, event);
      }}
      onContextMenu={(event) => {
        event.stopPropagation();
        onMenu(step.address, event);
      }}
      onDoubleClick={(event) => {
        event.stopPropagation();
        onOpen?.(step.address);
      }}
    >
      <div className={classes.row} data-selected={isSelected || undefined}>
        <KindSign kind={step.kind} small />
        <span className={classes.title}>{face.title}</span>
        <span className={classes.summary}>{face.summary}</span>
        <span className={classes.badges}>
          {over && <OverlayMark overlay={over} />}
          <FindingBadge face={face} />
        </span>
      </div>
      {inner.length > 0 && (
        <div role="group" className={classes.inner}>
          {inner.map((slot) => (
            <List key={slot.name} slot={slot} named={step.slots.length > 1} {...shared} level={level + 1} />
          ))}
        </div>
      )}
    </div>
  );
}

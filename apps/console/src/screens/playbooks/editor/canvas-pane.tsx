import { ActionIcon, Button, Group, SegmentedControl, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconArrowBackUp, IconArrowForwardUp, IconPlus } from '@tabler/icons-react';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import type { CanvasOverlay, CanvasWish, SlotPlace } from '../../../canvas/canvas-props.ts';
import type { OutlineSlot } from '../../../canvas/model.ts';
import { placeBehind } from '../../../canvas/moves.ts';
import { OutlineTree } from '../../../canvas/outline-tree.tsx';
import { PlaybookCanvas } from '../../../canvas/playbook-canvas.tsx';
import { indexSteps, type StepsIndex } from '../../../canvas/steps-index.ts';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { showDone, showError } from '../../../ui/notices.tsx';
import type { NewStep } from '../palette/new-step.ts';
import { StepPalette } from '../palette/step-palette.tsx';
import { BeginList } from './begin-list.tsx';
import classes from './canvas-pane.module.css';
import { editOfWish } from './edit-of-wish.ts';
import type { Edit, EditorModel } from './editor-model.ts';
import { RenameDialog } from './rename-dialog.tsx';
import type { ListedTest } from './test-follower.ts';
import { useSnapshot } from './use-editor.ts';

interface Props {
  readonly model: EditorModel;
  readonly readOnly: boolean;
  readonly overlay?: CanvasOverlay | undefined;
}

/** How the playbook is shown beside its text; remembered. */
type Shown = 'canvas' | 'outline';

function usePicture() {
  return useLocalStorage<Shown>({ key: 'cp-playbook-picture', defaultValue: 'canvas', getInitialValueInEffect: false });
}

/** Runs structural edits; what they did besides, and what the server refuses, is said. */
function usePerform(model: EditorModel) {
  return useCallback(
    (edit: Edit, tests?: readonly ListedTest[]) =>
      void model
        .perform(edit, tests)
        .then((remarks) => remarks.length > 0 && showDone(remarks.join(' ')))
        .catch(showError),
    [model],
  );
}

function useWishes(model: EditorModel, index: StepsIndex, add: (at: SlotPlace) => void) {
  const [renaming, setRenaming] = useState<string>();
  const perform = usePerform(model);
  const wish = useCallback(
    (wished: CanvasWish) => {
      if (wished.kind === 'add') add(wished.at);
      else if (wished.kind === 'rename') setRenaming(wished.address);
      else if (wished.kind === 'undo') model.undo();
      else if (wished.kind === 'redo') model.redo();
      else if (wished.kind === 'copy') void copyStep(model, wished.address);
      const edit = editOfWish(wished, index);
      if (edit) perform(edit);
    },
    [model, index, add, perform],
  );
  const rename = useCallback(
    (name: string, tests: readonly ListedTest[]) => {
      if (renaming !== undefined) perform({ op: 'rename', address: renaming, name }, tests);
    },
    [perform, renaming],
  );
  return { wish, perform, renaming, setRenaming, rename };
}

async function copyStep(model: EditorModel, address: string): Promise<void> {
  const text = model.textOf(address);
  if (text === undefined) return;
  await navigator.clipboard.writeText(text);
  showDone('Copied the step as YAML');
}

/** Where the palette adds: a chosen place, else behind the selected step, else at the end of the playbook. */
function placeToAdd(chosen: SlotPlace | undefined, index: StepsIndex, selected: string, main: string): SlotPlace {
  if (chosen) return chosen;
  const place = placeBehind(index, selected);
  if (place) return place;
  const last = [...index.values()].filter((one) => one.step === '' && one.slot === main).length;
  return { step: '', slot: main, index: last };
}

function placeInWords({ step, slot, index: row }: SlotPlace, index: StepsIndex, main: string): string {
  const list = index.get(step)?.self.slots.find((one) => one.name === slot);
  const before = [...index.values()].find((one) => one.step === step && one.slot === slot && one.index === row - 1);
  if (before) return `Behind ${before.self.address}`;
  if (list) return `First in “${list.label}” of ${step}`;
  return slot === main ? 'As the first step' : `First in “${slot.replace('_', ' ')}”`;
}

/** The canvas or the outline, and everything that changes the playbook from there. */
export function CanvasPane({ model, readOnly, overlay }: Props) {
  const { outline: latest, readable, selected } = useSnapshot(model);
  // Drawing gives way to typing.
  const outline = useDeferredValue(latest);
  const [picture, setPicture] = usePicture();
  const [palette, setPalette] = useState<{ readonly at: SlotPlace | undefined }>();
  const index = useMemo<StepsIndex>(() => (outline ? indexSteps(outline) : new Map()), [outline]);
  const open = useCallback((at: SlotPlace) => setPalette({ at }), []);
  const { wish, perform, renaming, setRenaming, rename } = useWishes(model, index, open);
  if (!outline) return <LoadingPanel />;
  const main = outline.slots[0]?.name ?? 'steps';
  const at = placeToAdd(palette?.at, index, selected, main);
  const add = (step: NewStep) => {
    perform({ op: 'add', at, step });
    setPalette(undefined);
  };
  const Picture = picture === 'canvas' ? PlaybookCanvas : OutlineTree;
  return (
    <div className={classes.pane}>
      <Toolbar
        {...{ model, readOnly, picture, setPicture }}
        lists={outline.slots}
        onAdd={(chosen) => setPalette({ at: chosen })}
      />
      <div className={classes.picture} data-picture data-stale={!readable || undefined}>
        <Picture
          outline={outline}
          selected={selected}
          overlay={overlay}
          onSelect={model.select}
          onOpen={() => model.focus()}
          onWish={readOnly ? undefined : wish}
          label={outline.title || outline.id}
        />
        {!readable && <p className={classes.note}>The text cannot be read just now. This is how it was before.</p>}
        {palette && (
          <StepPalette
            kind={outline.kind}
            place={placeInWords(at, index, main)}
            onAdd={add}
            onClose={() => setPalette(undefined)}
          />
        )}
      </div>
      <RenameDialog
        name={renaming === undefined ? undefined : index.get(renaming)?.self.name}
        onClose={() => setRenaming(undefined)}
        playbook={outline.id}
        onRename={rename}
      />
    </div>
  );
}

interface ToolbarProps extends Props {
  readonly picture: Shown;
  readonly setPicture: (picture: Shown) => void;
  /** Lists of the document. */
  readonly lists: readonly OutlineSlot[];
  /** Undefined: where it fits best. */
  readonly onAdd: (at: SlotPlace | undefined) => void;
}

function Toolbar({ model, readOnly, picture, setPicture, lists, onAdd }: ToolbarProps) {
  return (
    <Group className={classes.bar} gap="xs" wrap="nowrap" justify="space-between">
      <Group gap={4} wrap="nowrap">
        {!readOnly && (
          <>
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<IconPlus size={15} />}
              onClick={() => onAdd(undefined)}
            >
              Add<span className={classes.roomy}>&nbsp;step</span>
            </Button>
            <BeginList lists={lists} onAdd={onAdd} />
            <Tooltip label="Undo (Ctrl Z)">
              <ActionIcon variant="subtle" color="gray" aria-label="Undo" onClick={model.undo}>
                <IconArrowBackUp size={17} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Redo (Ctrl Shift Z)">
              <ActionIcon variant="subtle" color="gray" aria-label="Redo" onClick={model.redo}>
                <IconArrowForwardUp size={17} />
              </ActionIcon>
            </Tooltip>
          </>
        )}
      </Group>
      <SegmentedControl
        size="xs"
        aria-label="Show as"
        value={picture}
        onChange={(value) => setPicture(value as Shown)}
        data={[
          { value: 'canvas', label: 'Canvas' },
          { value: 'outline', label: 'Outline' },
        ]}
      />
    </Group>
  );
}

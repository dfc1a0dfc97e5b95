import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowBackUp,
  IconBinaryTree2,
  IconClockPlus,
  IconDots,
  IconHelpCircle,
  IconZoomCheck,
} from '@tabler/icons-react';
import { useMay } from '../../app/session.tsx';
import { useGo } from '../../ui/app-link.tsx';
import { plainText } from '../../ui/untrusted-text.ts';
import { type Change, mayBeExtended, mayBeUndone } from './effect-words.ts';

/** What can be done with one change of the list. */
export interface RowVerbs {
  readonly undo: (effect: Change) => void;
  readonly extend: (effect: Change) => void;
  readonly settle: (effect: Change) => void;
  readonly verify: (effect: Change) => void;
}

/** The verbs of one row. */
export function RowMenu({ effect, verbs }: { readonly effect: Change; readonly verbs: RowVerbs }) {
  const [undoes, uses, reads] = [useMay('effect:undo'), useMay('connection:use'), useMay('action:read')];
  const go = useGo();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`What to do about ${plainText(effect.title, 80)}`}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {undoes && mayBeUndone(effect) && (
          <Menu.Item leftSection={<IconArrowBackUp size={16} />} onClick={() => verbs.undo(effect)}>
            Undo …
          </Menu.Item>
        )}
        {uses && mayBeExtended(effect) && (
          <Menu.Item leftSection={<IconClockPlus size={16} />} onClick={() => verbs.extend(effect)}>
            Keep longer …
          </Menu.Item>
        )}
        {undoes && effect.state === 'unknown' && (
          <Menu.Item leftSection={<IconHelpCircle size={16} />} onClick={() => verbs.settle(effect)}>
            Did it happen? …
          </Menu.Item>
        )}
        {reads && effect.ended_at === null && effect.state !== 'held' && (
          <Menu.Item leftSection={<IconZoomCheck size={16} />} onClick={() => verbs.verify(effect)}>
            Read back in the product
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconBinaryTree2 size={16} />}
          onClick={() => go(`/trace/${encodeURIComponent(`effect:${effect.id}`)}`)}
        >
          Trace
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { Kbd, Modal, Stack, Table, Text } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';

/** Keys that do something wherever one is, or on one screen. */
interface Shortcut {
  /** `?`, `e`, or two keys one after the other: `g r`. */
  readonly keys: string;
  readonly does: string;
  readonly act: () => void;
}

const SEQUENCE_MILLIS = 900;
let shortcuts: readonly Shortcut[] = [];
const listeners = new Set<() => void>();

function become(next: readonly Shortcut[]): void {
  shortcuts = next;
  for (const listener of listeners) listener();
}

/** Makes keys do something while the component is shown, and names them on the sheet of shortcuts. */
export function useShortcut(keys: string, does: string, act: () => void): void {
  useEffect(() => {
    const shortcut: Shortcut = { keys, does, act };
    become([...shortcuts, shortcut]);
    return () => become(shortcuts.filter((each) => each !== shortcut));
  }, [keys, does, act]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable=true]') !== null;
}

/** Whether a dialog or drawer is open over the screen: its keys are its own, and the screen below does not move. */
function isCovered(): boolean {
  return document.querySelector('[role=dialog][aria-modal=true]') !== null;
}

/** Listens for shortcuts; once, in the frame. */
export function useShortcutKeys(): void {
  useEffect(() => {
    let first = '';
    let forget: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || isCovered()) return;
      const keys = first === '' ? event.key : `${first} ${event.key}`;
      // The screen that came last knows best.
      const found =
        shortcuts.findLast((each) => each.keys === keys) ?? shortcuts.findLast((each) => each.keys === event.key);
      first = '';
      clearTimeout(forget);
      if (found) {
        event.preventDefault();
        found.act();
      } else if (shortcuts.some((each) => each.keys.startsWith(`${event.key} `))) {
        first = event.key;
        forget = setTimeout(() => {
          first = '';
        }, SEQUENCE_MILLIS);
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

const IN_LISTS: readonly (readonly [keys: string, does: string])[] = [
  ['j or k', 'Next and previous row of a list'],
  ['Enter', 'Open the row'],
  ['x', 'Choose the row'],
  ['e or s or i', 'Of alerts: resolved, suppressed, in progress'],
  ['b or m', 'Of alerts: benign, malicious'],
  ['o', 'Of alerts: open a case with it, or put it into one'],
];

/** The sheet of everything that keys do here. */
export function ShortcutSheet({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const known = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shortcuts,
  );
  const rows = [['Ctrl K', 'Search and go anywhere'], ...known.map(({ keys, does }) => [keys, does]), ...IN_LISTS];
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="md">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Two keys in a row are pressed one after the other.
        </Text>
        <Table verticalSpacing={4}>
          <Table.Tbody>
            {rows.map(([keys = '', does]) => (
              <Table.Tr key={`${keys}${does}`}>
                <Table.Td w={120}>
                  {keys.split(' ').map((key) => (key === 'or' ? ' or ' : <Kbd key={key}>{key}</Kbd>))}
                </Table.Td>
                <Table.Td>{does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Modal>
  );
}

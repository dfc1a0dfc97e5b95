import { ActionIcon, List, Select, Stack, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHandStop } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '../../ui/confirm.tsx';
import styles from './kill-switch.module.css';
import { switchWords } from './switch-words.ts';
import { useSwitches, useTurn } from './use-switches.ts';

function Consequences({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={2}>
        {title}
      </Text>
      <List size="sm" spacing={2} withPadding={false} classNames={{ root: styles.list ?? '' }}>
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </div>
  );
}

/** What can be stopped; what is stopped already cannot be stopped again. */
function useChoices() {
  const { items, connectors } = useSwitches();
  const engaged = new Set(items.filter((item) => item.engaged).map(({ id }) => id));
  const of = (value: string, label: string) => ({ value, label, disabled: engaged.has(value) });
  const titles = new Map(connectors.map(({ id, title }) => [`connector:${id}`, title]));
  const data = [
    { group: 'Everywhere', items: [of('global', 'Every new change'), of('undo', 'Undoing')] },
    { group: 'In one product', items: [...titles].map(([id, title]) => of(id, title)) },
  ];
  return { data, titles, engaged };
}

interface KillSwitchDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** The dialog that engages a kill switch: what stops, what goes on, and why. */
export function KillSwitchDialog({ opened, onClose }: KillSwitchDialogProps) {
  const { data, titles, engaged } = useChoices();
  const [picked, pick] = useState<string | null>(null);
  const wanted = picked ?? 'global';
  const chosen = engaged.has(wanted) ? undefined : wanted;
  const turn = useTurn();
  const words = chosen === undefined ? undefined : switchWords(chosen, titles.get(chosen));
  const close = () => {
    pick(null);
    onClose();
  };
  return (
    <Confirm
      opened={opened}
      onClose={close}
      title="Stop new changes"
      verb="Stop"
      danger
      reason="required"
      readBy="Everybody sees it above every screen; kept in the audit log"
      ready={chosen !== undefined}
      onConfirm={async (reason) => {
        if (chosen !== undefined) await turn.mutateAsync({ id: chosen, body: { engaged: true, reason } });
      }}
    >
      <Stack gap="md">
        <Select
          label="Stop"
          placeholder="What is to be stopped"
          data={data}
          value={chosen ?? null}
          onChange={pick}
          searchable
          allowDeselect={false}
          comboboxProps={{ withinPortal: true }}
        />
        {words && <Consequences title="What stops" lines={words.stops} />}
        {words && <Consequences title="What goes on" lines={words.goesOn} />}
      </Stack>
    </Confirm>
  );
}

/** The button of the header that opens {@link KillSwitchDialog}; shown to those who may use it. */
export function KillSwitchButton() {
  const [opened, { open, close }] = useDisclosure();
  const { items, mayTurn } = useSwitches();
  if (!mayTurn) return null;
  const engaged = items.some((item) => item.engaged);
  return (
    <>
      <Tooltip label={engaged ? 'Something is stopped; stop more' : 'Kill switch: stop new changes'}>
        <ActionIcon
          variant={engaged ? 'filled' : 'subtle'}
          color={engaged ? 'red.9' : 'gray'}
          size="lg"
          aria-label="Kill switch"
          onClick={open}
        >
          <IconHandStop size={20} />
        </ActionIcon>
      </Tooltip>
      <KillSwitchDialog opened={opened} onClose={close} />
    </>
  );
}

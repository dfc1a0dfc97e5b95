import { Button, Menu, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Confirm } from '../../ui/confirm.tsx';

interface ChoiceMenuProps<Value extends string> {
  /** What is chosen: `Status`. */
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  /** How the value is shown. */
  readonly badge: ReactNode;
  /** Whether whoever looks may choose. */
  readonly may: boolean;
  /** What follows from a choice, said before it is made. */
  readonly consequence?: (value: Value) => string | undefined;
  readonly onChoose: (value: Value, reason: string) => Promise<unknown>;
}

/** A badge that is also a menu: choose another value, say why, done. */
export function ChoiceMenu<Value extends string>(props: ChoiceMenuProps<Value>) {
  const { label, value, choices, badge, may, consequence, onChoose } = props;
  const [asked, setAsked] = useState<Value>();
  const chosen = choices.find((one) => one.value === asked);
  if (!may) return badge;
  return (
    <>
      <Menu withinPortal position="bottom-start">
        <Menu.Target>
          <Button variant="default" size="compact-sm" rightSection={<IconChevronDown size={12} aria-hidden />}>
            <VisuallyHidden>{label}: </VisuallyHidden>
            {badge}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{label}</Menu.Label>
          {choices.map((one) => (
            <Menu.Item
              key={one.value}
              disabled={one.value === value}
              leftSection={one.value === value ? <IconCheck size={14} aria-hidden /> : <span />}
              onClick={() => setAsked(one.value)}
            >
              {one.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={`${label}: ${chosen?.label ?? ''}`}
        verb="Set it"
        reason="optional"
        onConfirm={async (reason) => {
          if (asked !== undefined) await onChoose(asked, reason);
        }}
      >
        {asked === undefined ? undefined : consequence?.(asked)}
      </Confirm>
    </>
  );
}

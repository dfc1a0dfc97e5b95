import { Button, Menu } from '@mantine/core';
import { IconBriefcase, IconCheck, IconChevronDown, IconEyeOff } from '@tabler/icons-react';
import type { Alert } from './alert-changes.ts';
import type { useAlertChanges } from './use-alert-changes.ts';
import { STATUSES, VERDICTS } from './words.ts';

interface BulkActionsProps {
  readonly chosen: readonly Alert[];
  readonly clear: () => void;
  readonly change: ReturnType<typeof useAlertChanges>;
  readonly onCase: (alerts: readonly Alert[]) => void;
}

const AT_ONCE = 500;

/** What can be done with the chosen alerts. */
export function BulkActions({ chosen, clear, change, onCase }: BulkActionsProps) {
  const ids = chosen.slice(0, AT_ONCE).map(({ id }) => id);
  const apply = async (wish: Omit<Parameters<typeof change>[0], 'ids'>) => {
    await change({ ...wish, ids });
    clear();
  };
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconCheck size={14} aria-hidden />}
        onClick={() => void apply({ status: 'resolved' })}
      >
        Resolve
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconEyeOff size={14} aria-hidden />}
        onClick={() => void apply({ status: 'suppressed' })}
      >
        Suppress
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconBriefcase size={14} aria-hidden />}
        onClick={() => onCase(chosen.slice(0, AT_ONCE))}
      >
        Case…
      </Button>
      <Menu withinPortal>
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" rightSection={<IconChevronDown size={14} aria-hidden />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Status</Menu.Label>
          {STATUSES.map(({ value, label }) => (
            <Menu.Item key={value} onClick={() => void apply({ status: value })}>
              {label}
            </Menu.Item>
          ))}
          <Menu.Label>Verdict</Menu.Label>
          {VERDICTS.map(({ value, label }) => (
            <Menu.Item key={value} onClick={() => void apply({ verdict: value })}>
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => void apply({ case: null })}>Take out of their case</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
        Clear
      </Button>
    </>
  );
}

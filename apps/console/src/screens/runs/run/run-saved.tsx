import { Group, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { SAVED_MEANS, savedTime } from '../../../ui/saved-time.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import styles from './run-page.module.css';
import type { RunView } from './run-view.ts';

type Saved = NonNullable<RunView['saved']>;

/** What else is to be known of the minutes: whether they are real, and whose are not among them. */
function beside(saved: Saved, calls: number): string {
  const parts = [
    saved.simulated ? 'Its tools or its event are simulated: the overview names these minutes apart.' : '',
    calls > 0 ? 'Runs that it called count for themselves.' : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function Reckoned({ saved, calls }: { readonly saved: Saved; readonly calls: number }) {
  const more = beside(saved, calls);
  return (
    <Stack gap="xs">
      {saved.by.length === 0 ? (
        <Text size="sm">No step of it that succeeded states how many minutes it saves.</Text>
      ) : (
        <ul className={styles.reckoned}>
          {saved.by.map(({ action, steps, minutes }) => (
            <li key={action}>
              <Group gap="sm" justify="space-between" wrap="nowrap">
                <Text size="sm" span>
                  {steps.toLocaleString('en')} × <Untrusted text={action} longest={80} />
                </Text>
                <Text size="sm" span className={styles.figure ?? ''}>
                  {savedTime(minutes)}
                </Text>
              </Group>
            </li>
          ))}
        </ul>
      )}
      <Text size="xs" c="dimmed">
        {SAVED_MEANS} {more}
      </Text>
    </Stack>
  );
}

/** The time that a run saved people; a press shows how it was reckoned. */
export function RunSaved({ run: { saved, calls } }: { readonly run: Pick<RunView, 'saved' | 'calls'> }) {
  if (saved === null) return null;
  return (
    <Popover width={340} position="bottom-start" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton className={styles.saved ?? ''}>saved {savedTime(saved.minutes)}</UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 24px)">
        <Reckoned saved={saved} calls={calls.length} />
      </Popover.Dropdown>
    </Popover>
  );
}

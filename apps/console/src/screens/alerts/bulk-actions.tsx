import { Button, Menu, Text } from '@mantine/core';
import { IconBriefcase, IconCheck, IconChevronDown, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { showError } from '../../ui/notices.tsx';
import type { Alert, Wish } from './alert-changes.ts';
import { MOST_ALIKE } from './all-alike.ts';
import type { useAlertChanges } from './use-alert-changes.ts';
import { STATUSES, VERDICTS } from './words.ts';

interface BulkActionsProps {
  readonly chosen: readonly Alert[];
  /** How many of the list were read; choosing those is the table's. */
  readonly loaded: number;
  readonly clear: () => void;
  readonly change: ReturnType<typeof useAlertChanges>;
  readonly onCase: (alerts: readonly Alert[], ids: readonly string[]) => void;
  /** How many alerts the list has in all, and all of their ids. */
  readonly all: { readonly total: number; readonly ids: () => Promise<readonly string[]> };
}

/** A case is opened with no more. */
const CASE_HOLDS = 500;

/** What is chosen, also beyond what was scrolled through, and how far a change of it has come. */
function useBulk({ chosen, clear, change, all }: BulkActionsProps) {
  const [whole, setWhole] = useState<readonly string[]>();
  const [done, setDone] = useState<number>();
  const ids = whole ?? chosen.map(({ id }) => id);
  const begin = async (work: () => Promise<unknown>) => {
    setDone(0);
    await work().catch(showError);
    setDone(undefined);
  };
  return {
    ids,
    whole: whole !== undefined,
    done,
    apply: (wish: Omit<Wish, 'ids'>) =>
      begin(async () => {
        if (await change({ ...wish, ids: [...ids] }, setDone)) clear();
      }),
    chooseAll: () => begin(async () => setWhole(await all.ids())),
  };
}

/** What can be done with the chosen alerts. */
export function BulkActions(props: BulkActionsProps) {
  const { chosen, loaded, clear, onCase, all } = props;
  const { ids, whole, done, apply, chooseAll } = useBulk(props);
  const most = Math.min(all.total, MOST_ALIKE);
  if (done !== undefined) {
    return (
      <Text size="sm" role="status">
        {done === 0 ? 'One moment …' : `${done.toLocaleString('en')} of ${ids.length.toLocaleString('en')} done …`}
      </Text>
    );
  }
  return (
    <>
      {whole && (
        <Text size="sm" fw={600}>
          and all others shown here: {ids.length.toLocaleString('en')}
        </Text>
      )}
      {!whole && most > loaded && (
        <Button size="compact-sm" variant="subtle" onClick={() => void chooseAll()}>
          {`Choose ${most < all.total ? 'the newest' : 'all'} ${most.toLocaleString('en')}`}
        </Button>
      )}
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
        disabled={ids.length > CASE_HOLDS}
        title={ids.length > CASE_HOLDS ? `A case takes at most ${CASE_HOLDS} alerts at once` : undefined}
        onClick={() => onCase(chosen, ids)}
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

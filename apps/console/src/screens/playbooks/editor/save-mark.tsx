import { Button, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCloudCheck, IconCloudUp, IconUsers } from '@tabler/icons-react';
import { describeError } from '../../../ui/describe-error.ts';
import type { Standing } from './editing.ts';
import classes from './save-mark.module.css';

interface Props {
  readonly standing: Standing;
  readonly onMerge: () => void;
}

/** How the text stands to the server: saved, being saved, not saved and why. */
export function SaveMark({ standing, onMerge }: Props) {
  const { save, rev, copied } = standing;
  if (save.kind === 'conflict') {
    return (
      <Button size="compact-sm" variant="light" color="orange" leftSection={<IconUsers size={14} />} onClick={onMerge}>
        Somebody else saved: merge
      </Button>
    );
  }
  if (save.kind === 'trouble') {
    const { what, next } = describeError(save.error);
    const kept = copied
      ? 'Your text is kept in this browser.'
      : 'This browser has no room for a copy: do not close it.';
    return (
      <Tooltip label={`${what} ${next}`}>
        <Text size="xs" className={classes.trouble} role="status" tabIndex={0}>
          <IconAlertTriangle size={14} aria-hidden /> Not saved. {kept}
        </Text>
      </Tooltip>
    );
  }
  const words = { unsaved: 'Not saved yet', saving: 'Saving…', saved: rev === 0 ? 'As published' : 'Draft saved' };
  const Icon = save.kind === 'saved' ? IconCloudCheck : IconCloudUp;
  return (
    <Text size="xs" c="dimmed" className={classes.mark} role="status">
      <Icon size={14} aria-hidden /> {words[save.kind]}
    </Text>
  );
}

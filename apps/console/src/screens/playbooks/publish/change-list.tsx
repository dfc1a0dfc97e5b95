import type { CallResult } from '@counterpoint/sdk';
import { Stack, Text } from '@mantine/core';
import { IconPointFilled, IconShieldExclamation } from '@tabler/icons-react';
import { Untrusted } from '../../../ui/untrusted.tsx';
import classes from './change-list.module.css';

type Changes = CallResult<'diffPlaybook'>['changes'];

/** What differs between two versions in meaning; what matters for safety first and marked. */
export function ChangeList({ changes }: { readonly changes: Changes }) {
  if (changes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing differs in meaning, only in the text.
      </Text>
    );
  }
  const safety = changes.filter((change) => change.safety);
  const others = changes.filter((change) => !change.safety);
  return (
    <Stack gap="xs">
      {safety.length > 0 && (
        <div className={classes.safety}>
          <Text size="sm" fw={600} className={classes.heading}>
            <IconShieldExclamation size={16} aria-hidden /> Matters for safety
          </Text>
          <Rows changes={safety} />
        </div>
      )}
      {others.length > 0 && <Rows changes={others} />}
    </Stack>
  );
}

function Rows({ changes }: { readonly changes: Changes }) {
  return (
    <ul className={classes.list}>
      {changes.map((change) => (
        <li key={`${change.kind} ${change.about} ${change.text}`}>
          <IconPointFilled size={9} aria-hidden />
          <Untrusted text={change.text} longest={400} />
        </li>
      ))}
    </ul>
  );
}

import { Anchor, List, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { splitPath } from '../ui/app-link.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { showError } from '../ui/notices.tsx';
import { client } from './client.ts';
import { keptTexts } from './kept-texts.ts';
import { leaveBrowser, leaveWithOthers } from './leaving.ts';
import { useSession } from './session.tsx';
import { unsentOf } from './unsent.ts';

/** Signs out by choice; asks before, where something that was written would be lost. */
export function useSignOut(): { readonly signOut: () => void; readonly dialog: ReactNode } {
  const { user } = useSession();
  const [asking, setAsking] = useState<readonly string[]>();
  useEffect(() => leaveWithOthers(user.id), [user.id]);
  const leave = async () => {
    try {
      await client.signOut();
    } catch (error) {
      showError(error);
      throw error;
    }
    leaveBrowser(user.id);
  };
  const close = () => setAsking(undefined);
  const signOut = () => {
    const names = keptTexts.names();
    if (names.length > 0) setAsking(names);
    else void leave().catch(() => undefined);
  };
  const dialog = (
    <Confirm
      opened={asking !== undefined}
      onClose={close}
      title="Sign out, and throw away what you have not sent?"
      verb="Throw away and sign out"
      danger
      onConfirm={leave}
    >
      <Text size="sm">This browser keeps what you wrote until it is sent. It is removed when you sign out:</Text>
      <List size="sm">
        {unsentOf(asking ?? []).map(({ name, title, path }) => (
          <List.Item key={name}>
            <Anchor component={Link} {...splitPath(path)} inherit onClick={close}>
              {title}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Confirm>
  );
  return { signOut, dialog };
}

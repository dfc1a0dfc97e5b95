import { Button, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';
import { SignInForm } from '../screens/sign-in/sign-in-form.tsx';
import { queryClient } from './query-client.ts';
import { openSession, rereadSession, useSession } from './session.tsx';
import { onSessionState, sessionState } from './session-state.ts';

/** Leaves the page for the sign-in screen; whoever does that knows that what they typed is lost. */
function leave(): void {
  window.location.assign('/sign-in');
}

/**
 * Over whatever is open, as soon as the server no longer knows who is signed in. The page below stays as it is, so that nothing
 * typed is lost; after signing in again everything is read anew, and what failed is tried again.
 */
export function SignInDialog() {
  const state = useSyncExternalStore(onSessionState, sessionState);
  const { user } = useSession();
  useEffect(() => {
    if (state !== 'ended') return;
    // They may have signed in with another tab meanwhile.
    const look = async () => {
      await rereadSession();
      if (sessionState() === 'open') await queryClient.invalidateQueries();
    };
    const onFocus = () => void look();
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, [state]);
  return (
    <Modal
      opened={state === 'ended'}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title="You were signed out"
      size="sm"
      centered
      zIndex={400}
      // Whoever comes by is not signed in, and does not read on.
      overlayProps={{ backgroundOpacity: 0.7, blur: 8 }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Your session ended. Sign in again: the page stays as it is, and nothing that you typed is lost.
        </Text>
        <SignInForm
          name={user.name}
          onSignedIn={async (opened) => {
            openSession(opened);
            await queryClient.invalidateQueries();
          }}
        />
        <Button variant="subtle" color="gray" size="compact-sm" onClick={leave}>
          Sign in as somebody else
        </Button>
      </Stack>
    </Modal>
  );
}

import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { Link, Navigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { startLive } from '../../app/live.ts';
import { SessionProvider, useSessionQuery } from '../../app/session.tsx';
import { SignInDialog } from '../../app/session-dialog.tsx';
import { useApi } from '../../app/use-api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { oneOf } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { BareFrame } from '../sign-in/bare-frame.tsx';
import { OwnerForm } from './owner-form.tsx';
import { codeOfFragment } from './setup-code.ts';
import { StoryStage } from './story-stage.tsx';
import styles from './welcome.module.css';

const address = { show: oneOf(['choose', 'lab'], 'choose') };

/**
 * The code that the link brought, taken out of the address at once: it is worth something to whoever reads it there.
 * Undefined until it is taken: nobody goes elsewhere meanwhile, as the router would lose its way between two addresses.
 */
function useBroughtCode(): string | undefined {
  const [code, setCode] = useState<string>();
  useEffect(() => {
    const take = () => {
      const brought = codeOfFragment(window.location.hash);
      setCode((before) => brought || (before ?? ''));
      if (window.location.hash === '') return;
      window.history.replaceState(window.history.state, '', window.location.pathname);
    };
    take();
    // Who opened the bare address first, and then the link in the same tab, does not load the page again.
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return code;
}

/** The first minutes: the owner, a story, what comes next. */
export function WelcomePage() {
  const code = useBroughtCode();
  const session = useSessionQuery();
  if (session.isPending || code === undefined) return <LoadingPanel />;
  if (!session.data) return <ErrorPanel error={session.error} retry={() => session.refetch()} />;
  if (!session.data.owned) {
    return (
      <BareFrame title="Welcome" about="This server is new. Create its owner: the person who may do everything here.">
        <OwnerForm key={code} code={code} />
        <Text size="xs" c="dimmed">
          Your password is kept as an argon2id hash, and nothing leaves this server.
        </Text>
      </BareFrame>
    );
  }
  if (!session.data.session) return <Navigate to="/sign-in" search={{ to: '/welcome' } as never} replace />;
  return (
    <SessionProvider session={session.data.session}>
      <FirstSteps />
      <SignInDialog />
    </SessionProvider>
  );
}

function FirstSteps() {
  const [{ show }, change] = useUrlState(address);
  const told = useApi('listStories', {});
  useEffect(startLive, []);
  const toConsole = (
    <Button component={Link} to="/" variant="subtle" size="compact-sm">
      To the console
    </Button>
  );
  if (told.isPending) return <LoadingPanel />;
  if (show === 'lab' && told.data?.lab) {
    return (
      <BareFrame
        wide
        title="Play a story"
        about="Real input comes in through the front door, and the products behind it are simulated. Watch what follows; every line leads to it."
        actions={toConsole}
      >
        <StoryStage stories={told.data.items} />
      </BareFrame>
    );
  }
  return (
    <BareFrame wide title="How do you want to begin?" actions={toConsole}>
      {told.error && <ErrorPanel error={told.error} retry={() => told.refetch()} />}
      <Choices lab={told.data?.lab ?? false} onLab={() => change({ show: 'lab' })} />
    </BareFrame>
  );
}

function Choices({ lab, onLab }: { readonly lab: boolean; readonly onLab: () => void }) {
  return (
    <div className={styles.choices}>
      {lab && (
        <Paper withBorder p="lg" className={styles.choice}>
          <Title order={2} size="h5">
            Try it with the lab
          </Title>
          <p>
            Simulated products are connected already: firewalls, a sandbox, a mail gateway, Slack. Play an attack and
            see what happens, without touching anything of yours.
          </p>
          <Button onClick={onLab}>Play a story</Button>
        </Paper>
      )}
      <Paper withBorder p="lg" className={styles.choice}>
        <Title order={2} size="h5">
          Connect my own tools
        </Title>
        <p>
          Connect a product with its credential, which is tested at once and never shown again. Then add a source that
          alerts come from.
        </p>
        <Stack gap="xs">
          <Button component={Link} to="/connectors" variant={lab ? 'default' : 'filled'}>
            Choose a product
          </Button>
          <Button component={Link} to="/sources" variant="subtle" size="compact-sm">
            Add a source of alerts
          </Button>
        </Stack>
      </Paper>
    </div>
  );
}

import { AppShell, Box } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Navigate, Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { KillSwitchBanner } from '../screens/kill-switch/kill-switch-banner.tsx';
import { ErrorPanel } from '../ui/error-panel.tsx';
import { LoadingPanel } from '../ui/loading.tsx';
import { Header } from './header.tsx';
import { staleOn, startLive } from './live.ts';
import { useNavigation } from './navigation.ts';
import { Navigation } from './navigation-list.tsx';
import { Palette } from './palette.tsx';
import { SessionProvider, useSessionQuery } from './session.tsx';
import { SignInDialog } from './session-dialog.tsx';
import { SessionEnd } from './session-end.tsx';
import styles from './shell.module.css';
import { ShortcutSheet, useShortcut, useShortcutKeys } from './shortcuts.tsx';

staleOn(['alert', 'case', 'run', 'effect', 'inbox', 'delivery', 'storm'], ['status']);

/** The frame of all screens: who is signed in, navigation, what is live. */
export function Shell() {
  const session = useSessionQuery();
  if (session.isPending) return <LoadingPanel />;
  if (!session.data) {
    return (
      <Box component="main" maw={640} mx="auto" mt={80} px="md">
        <ErrorPanel error={session.error} retry={() => session.refetch()} />
      </Box>
    );
  }
  if (!session.data.owned) return <Navigate to="/welcome" replace />;
  if (!session.data.session) return <ToSignIn />;
  return (
    <SessionProvider session={session.data.session}>
      <Frame />
    </SessionProvider>
  );
}

/** Goes to the sign-in screen, once: the address changes while it is under way, and must not be taken for what was wanted. */
function ToSignIn() {
  const navigate = useNavigate();
  const [wanted] = useState(useLocation().href);
  useEffect(() => {
    void navigate({ to: '/sign-in', search: { to: wanted } as never, replace: true });
  }, [navigate, wanted]);
  return <LoadingPanel />;
}

/** `g` and a letter leads to a screen. */
function GoTo({ letter, title, path }: { readonly letter: string; readonly title: string; readonly path: string }) {
  const navigate = useNavigate();
  useShortcut(
    `g ${letter}`,
    `Go to ${title}`,
    useCallback(() => void navigate({ to: path }), [navigate, path]),
  );
  return null;
}

function useFrameKeys() {
  const [sheet, { open, close }] = useDisclosure();
  useShortcutKeys();
  useShortcut('?', 'This sheet', open);
  useShortcut(
    '/',
    'Search the list',
    useCallback(() => document.querySelector<HTMLInputElement>('[data-search]')?.focus(), []),
  );
  return { sheet, close, open };
}

/**
 * Closes the menu of narrow screens on another screen, and puts the focus at its beginning when what had it is gone: so that
 * screen readers tell where one is, and Tab goes on from there.
 */
function useArrival(onArrive: () => void): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return;
        onArrive();
        if (document.activeElement === document.body)
          document.getElementById('content')?.focus({ preventScroll: true });
      }),
    [router, onArrive],
  );
}

/** Escape puts the menu of narrow screens away. */
function useEscape(opened: boolean, close: () => void): void {
  useEffect(() => {
    if (!opened) return;
    const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && close();
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [opened, close]);
}

function Frame() {
  const [menu, { toggle, close }] = useDisclosure();
  const [narrow, setNarrow] = useState(() => window.localStorage.getItem('cp-narrow') === 'yes');
  const keys = useFrameKeys();
  const places = useNavigation().flat();
  useEffect(startLive, []);
  useArrival(close);
  useEscape(menu, close);
  const fold = () => {
    window.localStorage.setItem('cp-narrow', narrow ? 'no' : 'yes');
    setNarrow(!narrow);
  };
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: narrow ? 60 : 252, breakpoint: 'sm', collapsed: { mobile: !menu } }}
      padding={{ base: 'xs', sm: 'md' }}
      layout="alt"
    >
      <a className="cp-skip" href="#content">
        To the content
      </a>
      <AppShell.Header className={styles.header}>
        <Header menu={menu} onMenu={toggle} onShortcuts={keys.open} />
      </AppShell.Header>
      <AppShell.Navbar className={styles.navbar} data-menu={menu}>
        <Navigation narrow={narrow} onFold={fold} menu={menu} onMenu={toggle} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={styles.main}>
        <KillSwitchBanner />
        <SessionEnd />
        <Outlet />
      </AppShell.Main>
      {places.map(({ key, title, path }) => (
        <GoTo key={path} letter={key} title={title} path={path} />
      ))}
      <Palette onShortcuts={keys.open} />
      <ShortcutSheet opened={keys.sheet} onClose={keys.close} />
      <SignInDialog />
    </AppShell>
  );
}

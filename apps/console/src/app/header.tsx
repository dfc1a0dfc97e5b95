import { ActionIcon, Burger, Button, Group, Kbd, Menu, Text, Tooltip, useMantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { KillSwitchButton } from '../screens/kill-switch/kill-switch-dialog.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import styles from './header.module.css';
import { type LiveState, useLiveState } from './live.ts';
import { palette } from './palette-store.ts';
import { useSession } from './session.tsx';
import { useSignOut } from './sign-out.tsx';

const LIVE: Readonly<Record<LiveState, { readonly word: string; readonly means: string }>> = {
  live: { word: 'live', means: 'The page shows every change as it happens' },
  connecting: { word: 'connecting', means: 'The page connects to the server' },
  reconnecting: {
    word: 'reconnecting',
    means: 'The server does not answer; what you see may be old. The page tries again by itself.',
  },
};

function LiveDot() {
  const state = useLiveState();
  const { word, means } = LIVE[state];
  return (
    <Tooltip label={means}>
      <span className={styles.live} data-state={state} role="status">
        <span className={styles.dot} aria-hidden />
        <span className={styles.word}>{word}</span>
      </span>
    </Tooltip>
  );
}

const SCHEMES = [
  { value: 'light', title: 'Light', icon: IconSun },
  { value: 'dark', title: 'Dark', icon: IconMoon },
  { value: 'auto', title: 'As the system', icon: IconDeviceDesktop },
] as const;

function PersonMenu({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { signOut, dialog } = useSignOut();
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="You and the page">
            <IconUserCircle size={22} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Untrusted text={session.user.name} line /> · {session.user.role}
          </Menu.Label>
          <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)}>
            {SCHEMES.map(({ value, title, icon: Icon }) => (
              <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} aria-hidden />}>
                {title}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item leftSection={<IconKeyboard size={16} />} rightSection={<Kbd>?</Kbd>} onClick={onShortcuts}>
            Keys
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog}
    </>
  );
}

interface HeaderProps {
  readonly menu: boolean;
  readonly onMenu: () => void;
  readonly onShortcuts: () => void;
}

/** The top of the frame: search, what is live, the kill switch, who is signed in. */
export function Header({ menu, onMenu, onShortcuts }: HeaderProps) {
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
      <Burger opened={menu} onClick={onMenu} hiddenFrom="sm" size="sm" aria-label="Navigation" />
      <Button
        className={styles.search}
        variant="default"
        size="xs"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={
          <Kbd size="xs" visibleFrom="sm">
            Ctrl K
          </Kbd>
        }
        onClick={palette.open}
        justify="space-between"
      >
        <Text size="xs" c="dimmed" truncate>
          Search or paste an address, hash, id …
        </Text>
      </Button>
      <Group gap="sm" wrap="nowrap">
        <LiveDot />
        <KillSwitchButton />
        <PersonMenu onShortcuts={onShortcuts} />
      </Group>
    </Group>
  );
}

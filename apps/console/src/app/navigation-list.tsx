import {
  ActionIcon,
  Badge,
  Burger,
  Divider,
  Group,
  Indicator,
  NavLink,
  ScrollArea,
  Stack,
  Text,
  Tooltip,
} from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { type Place, useNavigation } from './navigation.ts';
import styles from './navigation-list.module.css';
import { useApi } from './use-api.ts';

interface EntryProps {
  readonly place: Place;
  readonly narrow: boolean;
  readonly count: number;
}

function isHere(path: string, pathname: string): boolean {
  if (path === '/') return pathname === '/';
  return (
    pathname === path ||
    pathname.startsWith(`${path}/`) ||
    (path === '/connectors' && pathname.startsWith('/connections'))
  );
}

function Entry({ place, narrow, count }: EntryProps) {
  const { pathname } = useLocation();
  const { path, title, icon: Icon, urgent } = place;
  const shown = count > 999 ? '999+' : String(count);
  const icon = (
    <Indicator className={styles.icon} disabled={!narrow || count === 0} color={urgent ? 'red.9' : 'gray'} size={8}>
      <Icon size={18} aria-hidden />
    </Indicator>
  );
  const link = (
    <NavLink
      component={Link}
      to={path}
      active={isHere(path, pathname)}
      leftSection={icon}
      {...(narrow ? { 'aria-label': title } : { label: title })}
      {...(!narrow && count > 0
        ? {
            rightSection: (
              <Badge
                size="sm"
                variant={urgent ? 'filled' : 'light'}
                color={urgent ? 'red.9' : 'gray'}
                aria-label={`${count}`}
              >
                {shown}
              </Badge>
            ),
          }
        : {})}
      className={styles.entry}
      variant="light"
    />
  );
  return narrow ? (
    <Tooltip label={count > 0 ? `${title} (${shown})` : title} position="right">
      <div>{link}</div>
    </Tooltip>
  ) : (
    link
  );
}

interface NavigationProps {
  readonly narrow: boolean;
  readonly onFold: () => void;
  readonly menu: boolean;
  readonly onMenu: () => void;
}

/** The navigation, with counts of what waits. */
export function Navigation({ narrow, onFold, menu, onMenu }: NavigationProps) {
  const groups = useNavigation();
  const status = useApi('status', {}, { every: 30_000 });
  const folded = narrow && !menu;
  return (
    <>
      <Group h={48} px="sm" justify="space-between" wrap="nowrap">
        <Link to="/" className={styles.brand} aria-label="Counterpoint, to the overview">
          <img src="/favicon.svg" alt="" width={26} height={26} />
          {!folded && (
            <Text fw={700} size="md">
              Counterpoint
            </Text>
          )}
        </Link>
        <Burger opened={menu} onClick={onMenu} hiddenFrom="sm" size="sm" aria-label="Close the navigation" />
      </Group>
      <ScrollArea flex={1} px={folded ? 8 : 'xs'}>
        <Stack gap={2} component="nav" aria-label="Screens">
          {groups.map((group, index) => (
            <div key={group[0]?.path}>
              {index > 0 && <Divider my={6} />}
              {group.map((place) => (
                <Entry
                  key={place.path}
                  place={place}
                  narrow={folded}
                  count={place.count ? (status.data?.counts[place.count] ?? 0) : 0}
                />
              ))}
            </div>
          ))}
        </Stack>
      </ScrollArea>
      <Group px="sm" py={6} justify={folded ? 'center' : 'space-between'} visibleFrom="sm">
        {!folded && (
          <Text size="xs" c="dimmed">
            {status.data ? `${status.data.version} · ${status.data.store}` : ''}
          </Text>
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={onFold}
          aria-label={folded ? 'Wide navigation' : 'Narrow navigation'}
        >
          {folded ? <IconLayoutSidebarLeftExpand size={18} /> : <IconLayoutSidebarLeftCollapse size={18} />}
        </ActionIcon>
      </Group>
    </>
  );
}

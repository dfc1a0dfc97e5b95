import { Badge, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useApi } from '../../../app/use-api.ts';
import { Page } from '../../../ui/page.tsx';
import styles from './fabric-page.module.css';
import { StormBanner } from './storm-banner.tsx';

const TABS = [
  { path: '/fabric', title: 'Map' },
  { path: '/fabric/topics', title: 'Topics' },
  { path: '/fabric/participants', title: 'Participants' },
  { path: '/fabric/reactions', title: 'Reactions' },
  { path: '/fabric/dead', title: 'Dead letters' },
  { path: '/fabric/what-if', title: 'What if' },
] as const;

interface FabricPageProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly fill?: boolean;
  readonly children: ReactNode;
}

/** On narrow screens the tabs scroll: the one that is open is to be seen, also when the screen is turned or a figure comes. */
function useTabInView() {
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    const all = tabs.current;
    if (!all) return;
    const observer = new ResizeObserver(() => {
      const open = all.querySelector<HTMLElement>('[aria-current=page]');
      if (open) all.scrollLeft = open.offsetLeft - all.offsetLeft - 40;
    });
    for (const one of [all, ...all.children]) observer.observe(one);
    return () => observer.disconnect();
  }, []);
  return tabs;
}

function Tabs() {
  const tabs = useTabInView();
  const map = useApi('fabricMap', {});
  const dead = map.data?.dead ?? 0;
  return (
    <nav ref={tabs} aria-label="Fabric" className={styles.tabs}>
      {TABS.map(({ path, title }) => (
        <Link
          key={path}
          to={path}
          className={styles.tab ?? ''}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {title}
          {path === '/fabric/dead' && dead > 0 && (
            <Badge size="xs" color="red.9" variant="filled" aria-label={`${dead} dead letters`}>
              {dead.toLocaleString('en')}
            </Badge>
          )}
        </Link>
      ))}
    </nav>
  );
}

/** The frame of the screens of the fabric: their tabs, and every storm that waits for a decision. */
export function FabricPage({ children, ...rest }: FabricPageProps) {
  return (
    <Page {...rest}>
      <Group gap="sm" className={styles.bar ?? ''}>
        <Tabs />
      </Group>
      <StormBanner />
      {children}
    </Page>
  );
}

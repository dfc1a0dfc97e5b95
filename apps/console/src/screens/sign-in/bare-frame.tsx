import { Group, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import styles from './bare-frame.module.css';

interface BareFrameProps {
  /** What the page is for; names the browser tab as well. */
  readonly title: string;
  readonly about?: ReactNode;
  /** Beside the mark, at the end of the line. */
  readonly actions?: ReactNode;
  /** Takes the width of a page instead of that of a form. Default false. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** The frame of pages without navigation: signing in, first run. */
export function BareFrame({ title, about, actions, wide = false, children }: BareFrameProps) {
  useEffect(() => {
    document.title = `${title} · Counterpoint`;
  }, [title]);
  useEffect(() => document.querySelector<HTMLElement>('main [data-autofocus]')?.focus(), []);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Group gap="xs">
          <img src="/favicon.svg" alt="" width={26} height={26} />
          <span className={styles.name}>Counterpoint</span>
        </Group>
        {actions}
      </header>
      <main className={wide ? styles.wide : styles.narrow}>
        <div className={styles.title}>
          <Title order={1} size="h2">
            {title}
          </Title>
          {about && <p className={styles.about}>{about}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}
